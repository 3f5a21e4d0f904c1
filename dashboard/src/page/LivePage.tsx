// Everything at a glance: what the account is worth, what is used of the limits, what is held and worked, what was
// said and what came of it.

import { lazy, Suspense, useMemo, useRef } from "react";
import { Link } from "react-router";
import {
  type Pages,
  rows,
  useConnections,
  useCurve,
  useOrders,
  usePortfolio,
  usePositions,
  useRisk,
  useSignals,
  useSubmitted,
} from "../api/query.ts";
import type { Account, EquityPoint, Order, Signal } from "../api/schema.ts";
import { ApprovalCards } from "../component/ApprovalCards.tsx";
import { Gain } from "../component/Figure.tsx";
import { LimitBars } from "../component/LimitBars.tsx";
import { OrderTable } from "../component/OrderTable.tsx";
import { PositionTable } from "../component/PositionTable.tsx";
import { SignalCard } from "../component/SignalCard.tsx";
import { Blank, Loaded } from "../component/State.tsx";
import { Tag } from "../component/Verdict.tsx";
import { useLight, useWatch } from "../feed/FeedProvider.tsx";
import { add, decimal, money, subtract } from "../format/decimal.ts";
import { fullTime } from "../format/time.ts";

const EquityChart = lazy(() => import("../component/EquityChart.tsx"));
/** Signals shown in the stream. */
const STREAM_ROWS = 40;
/** Rows of the curve's table. */
const TABLE_ROWS = 24;

function Headline({ account }: { account: Account }) {
  const connections = useConnections();
  const connection = connections.data?.find((c) => c.id === account.connection_id);
  const ill = connection && connection.health !== "ok" ? connection : null;
  return (
    <dl className="headline">
      <div className="first">
        <dt>
          Equity, {account.currency} <span className={`tag ${account.mode}`}>{account.mode}</span>
          {ill ? <Tag word={`${ill.label}: ${ill.health_reason ?? ill.health}`} tone="bad" /> : null}
        </dt>
        <dd data-figure="equity">{money(account.equity)}</dd>
      </div>
      <div>
        <dt>Day result</dt>
        <dd>
          <Gain value={account.day_pnl} /> <Gain value={account.day_pnl_pct} percent arrow={false} />
        </dd>
      </div>
      <div>
        <dt>Open result</dt>
        <dd>
          <Gain value={account.unrealised} />
        </dd>
      </div>
      <div>
        <dt>Exposure</dt>
        <dd>
          {money(account.exposure)}{" "}
          <span className="dim">{decimal(account.exposure_pct, { places: 1 })}%</span>
        </dd>
      </div>
      <div>
        <dt>Buying power</dt>
        <dd>{money(account.buying_power)}</dd>
      </div>
    </dl>
  );
}

/** The curve in figures: evenly spread over what is drawn, newest first. */
function CurveTable({ points }: { points: readonly EquityPoint[] }) {
  const every = Math.max(1, Math.ceil(points.length / TABLE_ROWS));
  const shown = points.filter((_, i) => (points.length - 1 - i) % every === 0).reverse();
  return (
    <details className="figures">
      <summary>In figures</summary>
      <table className="shape">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Equity</th>
            <th scope="col">Cash</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((point) => (
            <tr key={point.at}>
              <th scope="row">{fullTime(point.at)}</th>
              <td>{money(point.equity)}</td>
              <td>{money(point.cash)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Worth() {
  const portfolio = usePortfolio();
  const curve = useCurve("1d");
  return (
    <section className="panel worth" aria-label="Account">
      <Loaded query={portfolio} lines={7}>
        {(data) => {
          const account = data.accounts[0];
          if (!account) {
            return (
              <Blank title="No account yet">Connect a broker or the built-in paper account to begin.</Blank>
            );
          }
          const points = (curve.data ?? []).filter((p) => p.connection_id === account.connection_id);
          const base = subtract(account.equity, account.day_pnl);
          return (
            <>
              <Headline account={account} />
              {points.length > 1 ? (
                <>
                  <Suspense fallback={<div className="curve" />}>
                    <EquityChart points={points} base={base} />
                  </Suspense>
                  <CurveTable points={points} />
                </>
              ) : (
                <div className="curve waiting">The curve begins with the second snapshot of the account.</div>
              )}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function Risk() {
  const risk = useRisk();
  const portfolio = usePortfolio();
  return (
    <section className="panel risk" aria-label="Risk limits">
      <header>
        <h2>Limits</h2>
        <span className="note">
          used of what you allow; <Link to="/risk">change</Link>
        </span>
      </header>
      <Loaded query={risk} lines={6}>
        {(status) => <LimitBars status={status} connection={portfolio.data?.accounts[0]?.connection_id} />}
      </Loaded>
    </section>
  );
}

function Holdings() {
  const positions = usePositions();
  useWatch((positions.data ?? []).map((p) => p.symbol));
  const total = (positions.data ?? []).reduce((sum, p) => add(sum, p.unrealised ?? "0"), "0");
  return (
    <section className="panel" aria-label="Positions">
      <header>
        <h2>Positions</h2>
        <span className="note">{positions.data?.length ?? 0} open</span>
        {positions.data?.length ? (
          <span className="tools">
            <Gain value={total} />
          </span>
        ) : null}
      </header>
      <Loaded query={positions}>
        {(open) =>
          open.length > 0 ? (
            <div className="scroll-x">
              <PositionTable positions={open} />
            </div>
          ) : (
            <Blank title="Nothing is held">Positions appear here as signals are filled.</Blank>
          )
        }
      </Loaded>
    </section>
  );
}

/** Orders that may still fill: those of the newest page, and older ones the venue still holds; each once. */
function working(newest: readonly Order[], held: readonly Order[]): Order[] {
  const all = new Map(held.map((order) => [order.id, order]));
  for (const order of newest) all.set(order.id, order);
  return [...all.values()].filter((o) => !o.is_final).sort((a, b) => (a.id < b.id ? 1 : -1));
}

function Working({ orders }: { orders: Pages<Order> }) {
  const held = useSubmitted();
  const open = working(rows(orders.data), held.data?.items ?? []);
  return (
    <section className="panel" aria-label="Working orders">
      <header>
        <h2>Working orders</h2>
        <span className="note">{open.length}</span>
      </header>
      <Loaded query={orders}>
        {() =>
          open.length > 0 ? (
            <div className="scroll-x">
              <OrderTable label="Working orders" orders={open} brief />
            </div>
          ) : (
            <Blank title="No order is working" />
          )
        }
      </Loaded>
    </section>
  );
}

function Stream({ signals, orders }: { signals: Pages<Signal>; orders: Pages<Order> }) {
  const all = useMemo(() => rows(orders.data), [orders.data]);
  const shown = rows(signals.data).slice(0, STREAM_ROWS);
  // What was there when the page was opened is not news; what comes later is lit up once, as it comes in.
  const known = useRef<Set<string> | null>(null);
  if (signals.data) known.current ??= new Set(shown.map((s) => s.id));
  return (
    <section className="panel stream" aria-label="Signals">
      <header>
        <h2>Signals</h2>
        <span className="note">newest first</span>
      </header>
      <Loaded query={signals} lines={12}>
        {() =>
          shown.length > 0 ? (
            shown.map((signal) => (
              <SignalCard
                key={signal.id}
                signal={signal}
                orders={all}
                fresh={known.current?.has(signal.id) === false}
              />
            ))
          ) : (
            <Blank title="No signal yet">What your providers post appears here within a second.</Blank>
          )
        }
      </Loaded>
    </section>
  );
}

export function LivePage() {
  const signals = useSignals();
  const orders = useOrders(null);
  const { light } = useLight();
  return (
    <div className={`live-page ${light === "stale" ? "old" : ""}`}>
      <h1 className="visually-hidden">Live</h1>
      <div className="live-main">
        <div className="live-top">
          <Worth />
          <Risk />
        </div>
        <Holdings />
        <Working orders={orders} />
      </div>
      <aside className="live-side">
        <ApprovalCards />
        <Stream signals={signals} orders={orders} />
      </aside>
    </div>
  );
}

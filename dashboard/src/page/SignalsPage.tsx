// The feed of signals and one of them in full: the message with what was read marked in it, every decision with its
// numbers, every revision.

import { useRef, useState } from "react";
import { Link, useParams } from "react-router";
import { rows, useManaged, useOrders, useSignal, useSignals } from "../api/query.ts";
import type { Decision, Order, Signal, SignalDetail } from "../api/schema.ts";
import { ApprovalCards } from "../component/ApprovalCards.tsx";
import { Icon } from "../component/Icon.tsx";
import { InstructionLine } from "../component/InstructionLine.tsx";
import { Marked } from "../component/Marked.tsx";
import { More } from "../component/More.tsx";
import { Segmented } from "../component/Segmented.tsx";
import { OrderLine, sentence, standing } from "../component/SignalCard.tsx";
import { Blank, Loaded } from "../component/State.tsx";
import { Tag, VerdictTag } from "../component/Verdict.tsx";
import { decimal } from "../format/decimal.ts";
import { clock, duration, fullTime, micros } from "../format/time.ts";
import { noTrade, plain, reasonText, signalState } from "../format/word.ts";

const FILTERS: { code: string; name: string; keep: (signal: Signal) => boolean }[] = [
  { code: "all", name: "All", keep: () => true },
  {
    code: "traded",
    name: "Traded",
    keep: (s) => s.decisions.some((d) => d.status === "placed" || d.status === "reduced"),
  },
  {
    code: "refused",
    name: "Refused",
    keep: (s) =>
      s.decisions.some((d) => d.status === "denied" || d.status === "skipped" || d.status === "expired"),
  },
  {
    code: "waiting",
    name: "Waiting",
    keep: (s) => s.decisions.some((d) => d.status === "awaiting_approval" || d.status === "queued"),
  },
];

function Row({ signal, chosen }: { signal: Signal; chosen: boolean }) {
  const [state, tone] = signalState(signal.status);
  const statuses = [...new Set(signal.decisions.map((d) => d.status))];
  return (
    <li>
      <Link
        to={`/signals/${signal.id}`}
        className={`feed-row ${chosen ? "chosen" : ""}`}
        aria-current={chosen}
      >
        <span className="feed-head">
          <span className="provider">{signal.provider_name}</span>
          <time dateTime={signal.posted_at}>{clock(signal.posted_at, Date.now())}</time>
        </span>
        <span className="feed-text">{signal.reading.text || "(no text)"}</span>
        <span className="feed-tags">
          {statuses.map((status) => (
            <VerdictTag key={status} status={status} />
          ))}
          {statuses.length === 0 ? (
            <Tag
              word={
                signal.reading.verdict === "not_a_trade" ? noTrade(signal.reading.reason ?? "other") : state
              }
              tone={signal.reading.verdict === "not_a_trade" ? "" : tone}
            />
          ) : null}
          {signal.reading.verdict === "trade" ? (
            <span className="dim">confidence {decimal(signal.reading.confidence, { places: 2 })}</span>
          ) : null}
        </span>
      </Link>
    </li>
  );
}

function Numbers({ decision }: { decision: Decision }) {
  if (decision.breaches.length === 0) return null;
  return (
    <ul className="breaches">
      {decision.breaches.map((breach) => (
        <li key={breach.rule + breach.message}>
          <span className="rule-code">{breach.rule}</span>
          <span>
            {breach.title}: {breach.message}
            {breach.limit || breach.actual ? (
              <span className="numbers">
                {breach.actual ? (
                  <span>
                    asked <strong>{decimal(breach.actual)}</strong>
                  </span>
                ) : null}
                {breach.limit ? (
                  <span>
                    limit <strong>{decimal(breach.limit)}</strong>
                  </span>
                ) : null}
                {breach.whose ? <span>set by {breach.whose}</span> : null}
              </span>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

function DecisionBlock({ decision, orders }: { decision: Decision; orders: readonly Order[] }) {
  const named = orders.filter((o) => decision.orders.includes(o.id));
  const missing = decision.orders.filter((id) => !named.some((o) => o.id === id));
  return (
    <div className="decision-block">
      <p>
        <VerdictTag status={standing(decision, orders)} /> <span className="why">{sentence(decision)}</span>
      </p>
      {decision.skip_reason ? <p className="dim">{reasonText(decision.skip_reason)}</p> : null}
      <Numbers decision={decision} />
      <ul className="order-lines">
        {named.map((order) => (
          <OrderLine key={order.id} order={order} />
        ))}
        {missing.map((id) => (
          <li key={id}>
            <Link to={`/orders/${id}`}>Open the order</Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Delays({ signal }: { signal: Signal }) {
  const steps: [string, string, string][] = [
    ["posted to received", signal.posted_at, signal.received_at],
    ["received to read", signal.received_at, signal.parsed_at],
  ];
  return (
    <dl className="facts">
      {steps.map(([name, from, to]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{duration(Math.max(0, micros(to) - micros(from)))}</dd>
        </div>
      ))}
    </dl>
  );
}

function Detail({ detail }: { detail: SignalDetail }) {
  const { signal, revisions } = detail;
  const { reading } = signal;
  const orders = useOrders(null);
  const managed = useManaged().items.some((one) => one.id === signal.provider_id);
  const known = rows(orders.data).filter((o) => o.signal_id === signal.id);
  const [state, tone] = signalState(signal.status);
  return (
    <article className="detail">
      <header>
        <Link to="/signals" className="button plain icon back" aria-label="Back to the feed">
          <Icon name="back" />
        </Link>
        <h2>{signal.provider_name}</h2>
        <Tag word={state} tone={tone} />
        <time dateTime={signal.posted_at} className="dim">
          {fullTime(signal.posted_at)}
        </time>
      </header>
      <Marked text={reading.text} spans={reading.spans} />
      <section className="verdict-line">
        {reading.verdict === "trade" ? <Confidence value={reading.confidence} /> : null}
        {reading.verdict === "not_a_trade" ? <p>Not a trade: {noTrade(reading.reason ?? "other")}.</p> : null}
        {reading.verdict === "invalid" ? (
          <p className="down">
            {plain(reading.reason ?? "")}: {reading.message}
          </p>
        ) : null}
        <p className="dim">{reading.reasons.join("; ")}</p>
        {signal.profile > 0 ? (
          <p className="dim">
            Read with version {signal.profile} of the provider's profile
            {signal.template ? `, by its format “${signal.template}”` : ", by the general reading"}.
          </p>
        ) : null}
        {managed ? (
          <p>
            <Link to={`/reading/${signal.provider_id}`} state={{ text: reading.text }}>
              Teach how this is read
            </Link>
          </p>
        ) : null}
        {reading.ignored.length > 0 ? (
          <p className="dim">Not understood: {reading.ignored.join(", ")}</p>
        ) : null}
        {signal.parent_id ? (
          <p>
            <Link to={`/signals/${signal.parent_id}`}>Replies to an earlier signal</Link>
          </p>
        ) : null}
      </section>
      <h3>What was decided for you</h3>
      {reading.instructions.map((one, i) => {
        const own = signal.decisions.filter((d) => d.instruction === i);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an instruction is known by its place in the message
          <section key={i} className="instruction-block">
            <InstructionLine one={one} />
            {own.map((decision) => (
              <DecisionBlock key={decision.id} decision={decision} orders={known} />
            ))}
            {own.length === 0 ? <p className="dim">No decision: you do not follow this provider.</p> : null}
          </section>
        );
      })}
      {reading.instructions.length === 0 ? <p className="dim">Nothing was to be done.</p> : null}
      <h3>Delays</h3>
      <Delays signal={signal} />
      <h3>{revisions.length > 1 ? `${revisions.length} revisions` : "One revision"}</h3>
      <ol className="revisions">
        {revisions.map((one) => (
          <li key={one.revision}>
            <span className="dim">
              {one.revision}, {one.kind}, {one.author}, {fullTime(one.received_at)}
            </span>
            <p>{one.text || (one.kind === "deleted" ? "(deleted)" : "(no text: the message is an embed)")}</p>
          </li>
        ))}
      </ol>
    </article>
  );
}

function Confidence({ value }: { value: string }) {
  return (
    <p className="confidence">
      Confidence <strong>{decimal(value, { places: 3 })}</strong>
      <svg className="limit-bar" aria-hidden="true">
        <rect width="100%" height="100%" rx="2" className="track" />
        <rect width={`${Number(value) * 100}%`} height="100%" rx="2" className="sure" />
      </svg>
    </p>
  );
}

function Chosen({ id }: { id: string }) {
  const signal = useSignal(id);
  return (
    <Loaded query={signal} lines={8}>
      {(detail) => <Detail detail={detail} />}
    </Loaded>
  );
}

export default function SignalsPage() {
  const { id } = useParams();
  const [filter, setFilter] = useState("all");
  const signals = useSignals();
  const keep = FILTERS.find((f) => f.code === filter)?.keep ?? (() => true);
  const all = rows(signals.data);
  const shown = all.filter(keep);
  // Without a choice a wide screen shows the newest signal of the moment the page was opened, and stays with it.
  const [newest] = all;
  const first = useRef<string | null>(null);
  first.current ??= newest?.id ?? null;
  const open = id ?? first.current;
  return (
    <div className={`split ${id ? "has-choice" : ""}`}>
      <section className="panel split-list" aria-label="Feed">
        <header>
          <h1>Signals</h1>
          <div className="tools">
            <Segmented label="Filter" options={FILTERS} value={filter} change={setFilter} />
          </div>
        </header>
        <ApprovalCards />
        <Loaded query={signals} lines={12}>
          {() =>
            shown.length > 0 ? (
              <ul>
                {shown.map((signal) => (
                  <Row key={signal.id} signal={signal} chosen={signal.id === open} />
                ))}
              </ul>
            ) : (
              <Blank title="No signal here">
                {filter === "all" ? "What your providers post appears here." : "Try another filter."}
              </Blank>
            )
          }
        </Loaded>
        <More query={signals} />
      </section>
      <section className="panel split-detail" aria-label="Signal">
        {open ? (
          <Chosen id={open} />
        ) : (
          <Blank title="Choose a signal">
            Its words, what was read from them and what was decided for you.
          </Blank>
        )}
      </section>
    </div>
  );
}

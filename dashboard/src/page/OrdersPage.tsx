// Orders by state, one of them with its life in steps, and the ticket for an order by hand.

import { useState } from "react";
import { Link, useParams } from "react-router";
import { rows, useConnections, useOrders, useOutside, useTimeline } from "../api/query.ts";
import type { Order, Timeline } from "../api/schema.ts";
import { Side } from "../component/Figure.tsx";
import { Icon } from "../component/Icon.tsx";
import { More } from "../component/More.tsx";
import { CancelButton, OrderTable, orderPrice } from "../component/OrderTable.tsx";
import { OutsideTable } from "../component/OutsideTable.tsx";
import { Segmented } from "../component/Segmented.tsx";
import { StageBar } from "../component/StageBar.tsx";
import { Blank, Loaded } from "../component/State.tsx";
import { Ticket } from "../component/Ticket.tsx";
import { StateTag } from "../component/Verdict.tsx";
import { money, price, quantity } from "../format/decimal.ts";
import { clock, fullTime } from "../format/time.ts";
import { leg, plain } from "../format/word.ts";

const FILTERS: { code: string; name: string; state: string | null; keep: (order: Order) => boolean }[] = [
  { code: "all", name: "All", state: null, keep: () => true },
  { code: "open", name: "Open", state: null, keep: (o) => !o.is_final },
  { code: "filled", name: "Filled", state: "filled", keep: () => true },
  { code: "cancelled", name: "Cancelled", state: "cancelled", keep: () => true },
  { code: "denied", name: "Denied", state: "denied", keep: () => true },
  { code: "rejected", name: "Rejected", state: "rejected", keep: () => true },
  { code: "expired", name: "Expired", state: "expired", keep: () => true },
];

function Facts({ order }: { order: Order }) {
  const facts: [string, string][] = [
    ["quantity", `${quantity(order.filled)} of ${quantity(order.quantity)}`],
    ["type", plain(order.order_type)],
    ["price", orderPrice(order)],
    ["time in force", order.time_in_force],
    ["fees", money(order.fees)],
    ["leg", leg(order.leg, order.leg_number)],
    ["origin", order.origin],
    ["our id", order.client_order_id],
    ["broker id", order.broker_order_id ?? "none yet"],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={name.endsWith("id") ? "mono" : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Detail({ life }: { life: Timeline }) {
  const { order, steps, fills } = life;
  return (
    <article className="detail">
      <header>
        <Link to="/orders" className="button plain icon back" aria-label="Back to the list">
          <Icon name="back" />
        </Link>
        <h2>
          <Side side={order.side} /> {order.symbol}
        </h2>
        <StateTag state={order.state} />
        <span className="tools">
          <CancelButton order={order} />
        </span>
      </header>
      {order.message ? <p className="why block">{order.message}</p> : null}
      {order.note ? <p className="note">{order.note}</p> : null}
      <Facts order={order} />
      {order.signal_id ? (
        <p>
          <Link to={`/signals/${order.signal_id}`}>The signal it came from</Link>
        </p>
      ) : null}
      <h3>Stages</h3>
      <StageBar stages={order.stages} />
      <h3>What happened</h3>
      <ol className="steps">
        {steps.map((one) => (
          <li key={one.journal_id}>
            <time dateTime={one.at}>{clock(one.at, Date.now())}</time>
            <Link to={`/journal/${one.journal_id}`}>{plain(one.kind.replace(".", " "))}</Link>
            {one.reason ? <span className="dim">{plain(one.reason)}</span> : null}
          </li>
        ))}
      </ol>
      {fills.length > 0 ? <h3>Fills</h3> : null}
      <ul className="steps">
        {fills.map((fill) => (
          <li key={fill.id}>
            <time dateTime={fill.at} title={fullTime(fill.at)}>
              {clock(fill.at, Date.now())}
            </time>
            <span>
              {quantity(fill.quantity)} at {price(fill.price)}
            </span>
            <span className="dim">fee {money(fill.fee)}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}

function Chosen({ id }: { id: string }) {
  const life = useTimeline(id);
  return (
    <Loaded query={life} lines={8}>
      {(data) => <Detail life={data} />}
    </Loaded>
  );
}

/** What the user placed at a broker by hand, when there is something. */
function Outside() {
  const outside = useOutside();
  const connections = useConnections();
  const orders = outside.data ?? [];
  if (orders.length === 0) return null;
  return (
    <section aria-label="Placed at the broker">
      <h2>Placed at the broker</h2>
      <p className="dim">
        You placed these at your broker, not through Ordercast. They count in your limits; Ordercast never
        changes or cancels them, and kill, flatten and cancel-all leave them alone.
      </p>
      <div className="scroll-x">
        <OutsideTable orders={orders} connections={connections.data ?? []} />
      </div>
    </section>
  );
}

export default function OrdersPage() {
  const { id } = useParams();
  const [code, setCode] = useState("all");
  const [ticket, setTicket] = useState(false);
  const filter = FILTERS.find((f) => f.code === code) ?? FILTERS[0];
  const orders = useOrders(filter?.state ?? null);
  const shown = rows(orders.data).filter(filter?.keep ?? (() => true));
  return (
    <div className={`split orders ${id ? "has-choice" : ""}`}>
      <section className="panel split-list" aria-label="Orders">
        <header>
          <h1>Orders</h1>
          <button type="button" className="button primary" onClick={() => setTicket(true)}>
            <Icon name="plus" />
            New order
          </button>
          <div className="tools">
            <Segmented label="State" options={FILTERS} value={code} change={setCode} />
          </div>
        </header>
        {code === "all" || code === "open" ? <Outside /> : null}
        <Loaded query={orders} lines={12}>
          {() =>
            shown.length > 0 ? (
              <div className="scroll-x">
                <OrderTable label="Orders" orders={shown} chosen={id ?? null} brief={id !== undefined} />
              </div>
            ) : (
              <Blank title="No order here">
                {code === "all"
                  ? "Orders appear as signals are placed, or with New order."
                  : "Try another state."}
              </Blank>
            )
          }
        </Loaded>
        <More query={orders} />
      </section>
      {id ? (
        <section className="panel split-detail" aria-label="Order">
          <Chosen id={id} />
        </section>
      ) : null}
      {ticket ? <Ticket close={() => setTicket(false)} /> : null}
    </div>
  );
}

// One signal of the stream: who said what, what was made of it, and how each order stands.

import { Link } from "react-router";
import type { Decision, Order, Signal } from "../api/schema.ts";
import { price, quantity } from "../format/decimal.ts";
import { clock } from "../format/time.ts";
import { leg, noTrade, reasonText, signalState } from "../format/word.ts";
import { Side } from "./Figure.tsx";
import { InstructionLine } from "./InstructionLine.tsx";
import { StateTag, Tag, VerdictTag } from "./Verdict.tsx";

/** The sentence of a decision: the server's own, else the word for its code. */
export function sentence(decision: Decision): string {
  return decision.message || (decision.skip_reason ? reasonText(decision.skip_reason) : "");
}

export function OrderLine({ order }: { order: Order }) {
  const at = order.average_price ?? order.limit_price ?? order.stop_price;
  const part = order.filled !== "0" && order.filled !== order.quantity;
  return (
    <li className="order-line">
      <Link to={`/orders/${order.id}`}>
        <span className="leg">{leg(order.leg, order.leg_number)}</span>
        <Side side={order.side} /> {part ? `${quantity(order.filled)} of ` : ""}
        {quantity(order.quantity)} <span className="symbol">{order.symbol}</span>
        {at ? ` @ ${price(at)}` : ` ${order.order_type}`}
      </Link>
      <StateTag state={order.state} />
    </li>
  );
}

/** A queued decision whose order has gone out since then is told as placed. */
export function standing(decision: Decision, orders: readonly Order[]): string {
  const gone = orders.some(
    (o) => decision.orders.includes(o.id) && o.state !== "queued" && o.state !== "pending",
  );
  return decision.status === "queued" && gone ? "placed" : decision.status;
}

function DecisionLines({ decision, orders }: { decision: Decision; orders: readonly Order[] }) {
  const words = sentence(decision);
  return (
    <div className="decision">
      <VerdictTag status={standing(decision, orders)} />
      {words ? <span className="why">{words}</span> : null}
      {orders.length > 0 ? (
        <ul className="order-lines">
          {orders.map((order) => (
            <OrderLine key={order.id} order={order} />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** Orders a decision led to: those it names, and the stops and targets that came of them. Protection that was only
 * replaced or no longer needed is left out; the orders page has all of it. */
function ordersOf(decision: Decision, index: number, all: readonly Order[]): Order[] {
  return all
    .filter(
      (o) =>
        decision.orders.includes(o.id) || (index === 0 && o.signal_id === decision.signal_id && isLeg(o)),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function isLeg(order: Order): boolean {
  return (order.leg === "stop" || order.leg === "target") && order.state !== "cancelled";
}

interface SignalCardProps {
  signal: Signal;
  orders: readonly Order[];
  fresh: boolean;
}

export function SignalCard({ signal, orders, fresh }: SignalCardProps) {
  const { reading } = signal;
  const [state, tone] = signalState(signal.status);
  const own = signal.decisions.filter((d) => d.revision === signal.revision);
  const shown = own.length > 0 ? own : signal.decisions;
  return (
    <article className={`signal ${fresh ? "fresh" : ""}`} data-signal={signal.id}>
      <header>
        <span className="provider">{signal.provider_name}</span>
        {signal.revision > 1 ? <span className="dim">rev {signal.revision}</span> : null}
        {tone === "warn" || tone === "bad" || signal.status === "deleted" ? (
          <Tag word={state} tone={tone} />
        ) : null}
        <time dateTime={signal.posted_at}>{clock(signal.posted_at, Date.now())}</time>
      </header>
      <Link to={`/signals/${signal.id}`} className="said" title="Open the signal">
        {reading.text || "(no text)"}
      </Link>
      {reading.instructions.map((one, i) => {
        const decision = shown.find((d) => d.instruction === i);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an instruction is known by its place in the message
          <div key={i} className="outcome">
            <InstructionLine one={one} />
            {decision ? <DecisionLines decision={decision} orders={ordersOf(decision, i, orders)} /> : null}
          </div>
        );
      })}
      {reading.verdict === "not_a_trade" ? (
        <p className="dim">Not a trade: {noTrade(reading.reason ?? "other")}</p>
      ) : null}
      {reading.verdict === "invalid" ? (
        <p className="why">{reading.message ?? "A field cannot be right."}</p>
      ) : null}
      {reading.verdict === "trade" && signal.decisions.length === 0 ? (
        <p className="dim">You do not follow this provider.</p>
      ) : null}
    </article>
  );
}

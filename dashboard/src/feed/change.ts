// Decides what an event means for what the page holds: which order changes how, which lists are old, what is said
// aloud. Pure; the caches are touched elsewhere.

import type { QueryKey } from "@tanstack/react-query";
import { key } from "../api/query.ts";
import type { Order } from "../api/schema.ts";
import { money, percentOf, price, quantity, sign } from "../format/decimal.ts";
import { reasonText } from "../format/word.ts";
import { type Envelope, isRecord, number, text } from "./envelope.ts";

export type Change =
  /** Patches the order where it is known; where it is not, the lists of orders are old. */
  | { kind: "order"; id: string; version: number | null; fields: Partial<Order> }
  | { kind: "account"; connection: string; fields: Record<string, string>; at: string }
  | { kind: "quote"; symbol: string; last: string }
  | { kind: "approvalGone"; id: string }
  | { kind: "old"; key: QueryKey }
  | { kind: "say"; tone: "good" | "bad"; text: string; route: "always" | "elsewhere" };

const FINAL = new Set(["filled", "cancelled", "rejected", "denied", "expired", "declined"]);
const STATES: readonly string[] = [
  ...FINAL,
  "pending_approval",
  "queued",
  "pending",
  "submitted",
  "unknown",
  "partially_filled",
  "escalated",
];

const old = (...keys: QueryKey[]): Change[] => keys.map((each) => ({ kind: "old", key: each }));

export function changesOf(event: Envelope): Change[] {
  const { type, data } = event;
  if (type.startsWith("trade.")) return trade(event);
  if (type.startsWith("portfolio.position")) {
    return old(key.positions, key.portfolio, key.risk, key.journal, key.signal);
  }
  switch (type) {
    case "signal.decision":
    case "signal.received":
    case "signal.revised":
    case "signal.invalid":
      return old(key.signals, key.signal, key.journal);
    case "approval.requested":
      return [
        ...old(key.approvals, key.signals, key.signal, key.journal),
        { kind: "say", tone: "good", text: "A signal waits for your answer.", route: "elsewhere" },
      ];
    case "approval.resolved": {
      const id = text(data, "approval_id");
      const gone: Change[] = id ? [{ kind: "approvalGone", id }] : [];
      return [...gone, ...old(key.approvals, key.signals, key.signal, key.journal)];
    }
    case "portfolio.balanceChanged":
      return old(key.portfolio, key.risk, key.journal);
    case "portfolio.equity":
      return equity(event);
    case "market.quote": {
      const [symbol, last] = [text(data, "symbol"), text(data, "last")];
      return symbol && last ? [{ kind: "quote", symbol, last }] : [];
    }
    case "risk.limitReached":
    case "risk.locked":
    case "risk.unlocked":
      return [...old(key.risk, key.journal), ...told(event)];
    case "kill.changed":
      return [...old(key.risk, key.orders, key.journal), ...told(event)];
    case "broker.health":
    case "error.brokerDisconnected":
      return [...old(key.connections, key.journal), ...told(event)];
    case "notification":
      return text(data, "about") === "order.external"
        ? [...old(key.outside, key.portfolio, key.risk, key.journal), ...noticed(event, "good")]
        : [...old(key.signals, key.journal), ...noticed(event, "bad")];
    default:
      return [];
  }
}

/** What has a sentence of its own, such as a gap in which signals were missed. */
function noticed({ data }: Envelope, tone: "good" | "bad"): Change[] {
  const line = text(data, "message");
  return line ? [{ kind: "say", tone, text: line, route: "always" }] : [];
}

function trade(event: Envelope): Change[] {
  const { type, data, at } = event;
  const stale = old(key.order, key.risk, key.journal);
  const id = text(data, "order_id");
  if (!id) return [...old(key.orders), ...stale];
  const fields: Partial<Order> = { updated_at: at };
  const state = text(data, "state");
  if (state && STATES.includes(state)) {
    fields.state = state as Order["state"];
    fields.is_final = FINAL.has(state);
  }
  const put = <K extends keyof Order>(name: K, value: Order[K] | undefined) => {
    if (value !== undefined) fields[name] = value;
  };
  put("quantity", text(data, "order_quantity"));
  put("filled", text(data, "filled"));
  put("remaining", text(data, "remaining"));
  put("average_price", text(data, "average_price"));
  put("broker_order_id", text(data, "broker_order_id"));
  put("message", text(data, "message"));
  put("due_at", text(data, "until"));
  const changes: Change[] = [
    { kind: "order", id, version: number(data, "version") ?? null, fields },
    ...stale,
  ];
  if (type === "trade.filled" || type === "trade.partialFill") {
    changes.push(...old(key.positions, key.portfolio), ...filled(data));
  }
  if (type === "trade.rejected" || type === "trade.escalated") {
    const what = [text(data, "side"), text(data, "symbol")].filter(Boolean).join(" ");
    const why = text(data, "message") ?? reasonText(text(data, "reason") ?? "");
    changes.push({ kind: "say", tone: "bad", text: `Refused: ${what}. ${why}`.trim(), route: "elsewhere" });
  }
  return changes;
}

function filled(data: Record<string, unknown>): Change[] {
  const [side, symbol] = [text(data, "side"), text(data, "symbol")];
  const [size, at] = [text(data, "fill_quantity"), text(data, "fill_price")];
  if (!side || !symbol || !size || !at) return [];
  const realised = text(data, "realised");
  const result = realised && sign(realised) !== 0 ? `, result ${money(realised, true)}` : "";
  const verb = side === "buy" ? "Bought" : "Sold";
  return [
    {
      kind: "say",
      tone: "good",
      text: `${verb} ${quantity(size)} ${symbol} at ${price(at)}${result}`,
      route: "elsewhere",
    },
  ];
}

function equity(event: Envelope): Change[] {
  const lines: unknown[] = Array.isArray(event.data.accounts) ? event.data.accounts : [event.data];
  return lines.flatMap((line): Change[] => {
    if (!isRecord(line)) return [];
    const connection = text(line, "connection_id");
    if (!connection) return [];
    const fields: Record<string, string> = {};
    for (const name of FIGURES) {
      const value = text(line, name);
      if (value !== undefined) fields[name] = value;
    }
    const { equity: worth, exposure } = fields;
    const share = worth && exposure ? percentOf(exposure, worth, 2) : null;
    if (share !== null) fields.exposure_pct = share;
    const drawdown = text(line, "drawdown");
    if (drawdown !== undefined) fields.drawdown_pct = drawdown;
    return [{ kind: "account", connection, fields, at: event.at }];
  });
}

/** Figures of an account that the throttled event carries, by the names the portfolio gives them. */
const FIGURES = [
  "equity",
  "cash",
  "buying_power",
  "day_pnl",
  "day_pnl_pct",
  "unrealised",
  "exposure",
] as const;

function told(event: Envelope): Change[] {
  const { type, data } = event;
  const reason = text(data, "message") ?? text(data, "reason") ?? "";
  const state = text(data, "state");
  const words: Record<string, string> = {
    "risk.limitReached": "A limit is reached",
    "risk.locked": "The account is locked",
    "risk.unlocked": "The account is unlocked",
    "kill.changed": state === "on" || data.on === true ? "Trading is stopped" : "A stop was changed",
    "broker.health": "A broker connection changed",
    "error.brokerDisconnected": "A broker is disconnected",
  };
  const bad = type !== "risk.unlocked" && type !== "kill.changed";
  const line = `${words[type] ?? type}${reason ? `: ${reason}` : ""}`;
  return [{ kind: "say", tone: bad ? "bad" : "good", text: line, route: "always" }];
}

// Carries out changes on the query caches: patches what is known at once, asks again for what is old, at most so often.

import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import { key } from "../api/query.ts";
import type { Approval, EquityPoint, Order, Page, Portfolio, Position, Timeline } from "../api/schema.ts";
import { multiply, percentOf, subtract } from "../format/decimal.ts";
import type { Change } from "./change.ts";

/** A list is asked for at once, and then not again before this time has passed: a busy feed stays within the limit of
 * requests a minute, and what matters at once is patched anyway. */
const AGAIN_MS = 2_000;
/** Points kept of the equity curve while the page is open. */
const CURVE_MAX = 5_000;

/** The order after the event, unless it is already known to be newer. */
export function patched(order: Order, version: number | null, fields: Partial<Order>): Order {
  return version !== null && version <= order.version
    ? order
    : { ...order, ...fields, version: version ?? order.version };
}

/** A position at a new price; exact. */
export function marked(position: Position, last: string): Position {
  const distance = subtract(last, position.average_price);
  const units = multiply(position.quantity, position.asset === "option" ? "100" : "1");
  const way = position.side === "short" ? "-1" : "1";
  const gain = multiply(multiply(distance, units), way);
  const cost = multiply(position.average_price, units);
  return {
    ...position,
    mark: last,
    market_value: multiply(multiply(last, units), way),
    unrealised: gain,
    unrealised_pct: percentOf(gain, cost, 2),
  };
}

export class Cache {
  private readonly client: QueryClient;
  private readonly say: (text: string, tone: "good" | "bad", route: "always" | "elsewhere") => void;
  private readonly waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; again: boolean }>();

  constructor(client: QueryClient, say: Cache["say"]) {
    this.client = client;
    this.say = say;
  }

  perform(changes: readonly Change[]): void {
    for (const change of changes) this.one(change);
  }

  stop(): void {
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }

  private one(change: Change): void {
    switch (change.kind) {
      case "order":
        this.order(change.id, change.version, change.fields);
        break;
      case "account":
        this.account(change.connection, change.fields, change.at);
        break;
      case "quote":
        this.quote(change.symbol, change.last);
        break;
      case "approvalGone":
        this.client.setQueryData<Approval[]>(key.approvals, (cards) =>
          cards?.filter((c) => c.id !== change.id),
        );
        break;
      case "say":
        this.say(change.text, change.tone, change.route);
        break;
      case "old":
        this.old(change.key);
        break;
    }
  }

  private order(id: string, version: number | null, fields: Partial<Order>): void {
    let known = false;
    const fix = (order: Order) => {
      if (order.id !== id) return order;
      known = true;
      return patched(order, version, fields);
    };
    const page = (one: Page<Order>): Page<Order> => ({ ...one, items: one.items.map(fix) });
    this.client.setQueriesData<InfiniteData<Page<Order>> | Page<Order>>(
      { queryKey: key.orders },
      (data) => data && ("pages" in data ? { ...data, pages: data.pages.map(page) } : page(data)),
    );
    // An order that has ended belongs to another list of a state, and carries figures the event does not.
    if (!known || fields.is_final) this.old(key.orders);
    this.client.setQueryData<Timeline>(
      [...key.order, id],
      (data) => data && { ...data, order: fix(data.order) },
    );
  }

  private account(connection: string, fields: Record<string, string>, at: string): void {
    this.client.setQueryData<Portfolio>(
      key.portfolio,
      (data) =>
        data && {
          ...data,
          as_of: at || data.as_of,
          accounts: data.accounts.map((a) => (a.connection_id === connection ? { ...a, ...fields } : a)),
        },
    );
    const { equity, cash } = fields;
    if (!equity || !at) return;
    const point: EquityPoint = { connection_id: connection, at, equity, cash: cash ?? equity };
    this.client.setQueriesData<EquityPoint[]>(
      { queryKey: key.curve },
      (data) => data && [...data.slice(1 - CURVE_MAX), point],
    );
  }

  private quote(symbol: string, last: string): void {
    this.client.setQueriesData<Position[]>({ queryKey: key.positions }, (data) =>
      data?.some((p) => p.symbol === symbol)
        ? data.map((p) => (p.symbol === symbol ? marked(p, last) : p))
        : data,
    );
  }

  private old(queryKey: QueryKey): void {
    const name = JSON.stringify(queryKey);
    const held = this.waiting.get(name);
    if (held) {
      held.again = true;
      return;
    }
    void this.client.invalidateQueries({ queryKey });
    const timer = setTimeout(() => {
      const again = this.waiting.get(name)?.again;
      this.waiting.delete(name);
      if (again) this.old(queryKey);
    }, AGAIN_MS);
    this.waiting.set(name, { timer, again: false });
  }
}

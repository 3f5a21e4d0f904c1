import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { key } from "../api/query.ts";
import type { Order, Position } from "../api/schema.ts";
import { Cache, marked, patched } from "./cache.ts";
import { changesOf } from "./change.ts";
import type { Envelope } from "./envelope.ts";

function event(type: string, data: Record<string, unknown>): Envelope {
  return { v: 1, type, at: "2026-11-23T10:00:01Z", seq: 5, data };
}

/** What an event changes, written short. */
function short(type: string, data: Record<string, unknown>): string[] {
  return changesOf(event(type, data)).map((change) => {
    if (change.kind === "old") return `old ${change.key.join("/")}`;
    if (change.kind === "say") return `say ${change.text}`;
    if (change.kind === "order") return `order ${change.id} ${change.fields.state} v${change.version}`;
    return change.kind;
  });
}

const FILL = {
  order_id: "ord_1",
  state: "partially_filled",
  filled: "2",
  remaining: "3",
  average_price: "179.98",
  version: 4,
  symbol: "AAPL",
  side: "buy",
  fill_quantity: "2",
  fill_price: "179.98",
  realised: "0",
};

describe("what an event changes", () => {
  test("a gap is said in its own sentence, and a notice without words in none", () => {
    expect(short("notification", { about: "signal.gap", message: "#calls was not heard for 90 s" })).toEqual([
      "old signals",
      "old journal",
      "say #calls was not heard for 90 s",
    ]);
    expect(short("notification", { message: 7 })).toEqual(["old signals", "old journal"]);
  });

  test("an order placed at the broker by hand is said, and makes the list of those old", () => {
    const line = "An order you placed at the broker: buy 10 SPY limit 180.00, working";
    expect(short("notification", { about: "order.external", message: line })).toEqual([
      "old outside",
      "old portfolio",
      "old risk",
      "old journal",
      `say ${line}`,
    ]);
  });

  test("a fill patches its order, makes holdings old and is said aloud", () => {
    const told = short("trade.partialFill", FILL);
    expect(told[0]).toBe("order ord_1 partially_filled v4");
    expect(told).toContain("old positions");
    expect(told).toContain("say Bought 2 AAPL at 179.98");
  });

  test("a closing fill names its result", () => {
    const told = short("trade.filled", { ...FILL, side: "sell", state: "filled", realised: "-12.5" });
    expect(told.at(-1)).toBe("say Sold 2 AAPL at 179.98, result \u221212.50");
  });

  test("a refusal is said with its sentence", () => {
    const told = short("trade.rejected", {
      order_id: "ord_1",
      symbol: "GME",
      side: "buy",
      message: "GME is restricted",
    });
    expect(told).toContain("say Refused: buy GME. GME is restricted");
  });

  test.each([
    ["signal.decision", ["old signals", "old signal", "old journal"]],
    ["portfolio.positionClosed", ["old positions", "old portfolio", "old risk", "old journal", "old signal"]],
    ["some.newEvent", []],
  ])("%s", (type, expected) => expect(short(type, {})).toEqual(expected));

  test("equity patches its account, with the share it does not carry", () => {
    const data = {
      connection_id: "con_1",
      equity: "10000",
      exposure: "2500",
      day_pnl: "-3",
      drawdown: "0.4",
    };
    expect(changesOf(event("portfolio.equity", data))).toMatchObject([
      {
        kind: "account",
        connection: "con_1",
        fields: { exposure_pct: "25.00", drawdown_pct: "0.4", day_pnl: "-3" },
      },
    ]);
  });

  test("an unknown state of an order is not shown as one", () => {
    const [change] = changesOf(event("trade.updated", { order_id: "ord_1", state: "teleported" }));
    expect(change?.kind === "order" && change.fields.state).toBeFalsy();
  });
});

const ORDER = { id: "ord_1", version: 3, state: "submitted", filled: "0" } as Order;

describe("patches", () => {
  test("an older or repeated event changes nothing", () => {
    expect(patched(ORDER, 3, { state: "filled" }).state).toBe("submitted");
    expect(patched(ORDER, 4, { state: "filled" })).toMatchObject({ state: "filled", version: 4 });
  });

  test("marks are exact, options count a hundred, shorts gain when it falls", () => {
    const held = {
      symbol: "X",
      quantity: "3",
      average_price: "2.10",
      asset: "option",
      side: "long",
    } as Position;
    expect(marked(held, "2.35")).toMatchObject({
      market_value: "705",
      unrealised: "75",
      unrealised_pct: "11.90",
    });
    const short = { ...held, asset: "equity", side: "short" } as Position;
    expect(marked(short, "2.00")).toMatchObject({ unrealised: "0.3" });
  });
});

describe("the cache", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("patches lists in place and asks again at once, then not more often than allowed", () => {
    const client = new QueryClient();
    client.setQueryData([...key.orders, "all"], {
      pages: [{ items: [ORDER], next_cursor: null }],
      pageParams: [""],
    });
    client.setQueryData([...key.orders, "working"], { items: [ORDER], next_cursor: null });
    const asked = vi.spyOn(client, "invalidateQueries");
    const said: string[] = [];
    const cache = new Cache(client, (line) => said.push(line));
    for (let i = 0; i < 10; i += 1)
      cache.perform(changesOf(event("trade.partialFill", { ...FILL, version: 4 + i })));
    const orders = client.getQueryData<{ pages: { items: Order[] }[] }>([...key.orders, "all"]);
    expect(orders?.pages[0]?.items[0]).toMatchObject({ state: "partially_filled", version: 13, filled: "2" });
    const held = client.getQueryData<{ items: Order[] }>([...key.orders, "working"]);
    expect(held?.items[0]).toMatchObject({ version: 13 });
    const times = (wanted: readonly string[]) =>
      asked.mock.calls.filter(([filter]) => filter?.queryKey === wanted).length;
    expect(times(key.risk)).toBe(1);
    expect(times(key.orders)).toBe(0);
    cache.perform(changesOf(event("trade.created", { ...FILL, order_id: "ord_2", state: "pending" })));
    expect(times(key.orders)).toBe(1);
    vi.advanceTimersByTime(5_000);
    expect(times(key.risk)).toBe(2);
    expect(said).toHaveLength(10);
    cache.stop();
  });
});

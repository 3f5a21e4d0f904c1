import { expect, test } from "vitest";
import { bodyOf, type Draft, EMPTY } from "./Ticket.tsx";

const draft = (fields: Partial<Draft>): Draft => ({
  ...EMPTY,
  symbol: "aapl ",
  quantity: "5",
  limit: "180",
  ...fields,
});

test.each<[string, Partial<Draft>, Record<string, unknown> | null]>([
  [
    "a limit order carries its price as text",
    { limit: "180.10" },
    {
      symbol: "AAPL",
      side: "buy",
      order_type: "limit",
      quantity: "5",
      limit_price: "180.10",
      on_cap: "reject",
    },
  ],
  [
    "a market order carries no price, even when one was typed before",
    { kind: "market", reduce: true },
    { symbol: "AAPL", side: "buy", order_type: "market", quantity: "5", on_cap: "reduce" },
  ],
  [
    "a stop limit carries both, protection its levels",
    { kind: "stop_limit", side: "sell", stopPrice: "179", protectStop: "185", protectTarget: "170" },
    {
      symbol: "AAPL",
      side: "sell",
      order_type: "stop_limit",
      quantity: "5",
      limit_price: "180",
      stop_price: "179",
      protection: {
        stop: { kind: "price", value: "185" },
        targets: [{ level: { kind: "price", value: "170" } }],
        trailing: null,
      },
      on_cap: "reject",
    },
  ],
  ["no instrument, no order", { symbol: "  " }, null],
  ["no quantity, no order", { quantity: "" }, null],
  ["a negative quantity is no quantity", { quantity: "-5" }, null],
  ["a word is no price", { limit: "market" }, null],
  ["an exponent is no price", { limit: "1e9" }, null],
  ["a stop order needs its trigger", { kind: "stop" }, null],
  ["a protective stop must be a price", { protectStop: "soon" }, null],
])("%s", (_, fields, expected) => expect(bodyOf(draft(fields))).toEqual(expected));

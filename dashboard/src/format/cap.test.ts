import { expect, test } from "vitest";
import type { Caps } from "../api/schema.ts";
import { capFault, capLines, capName, draftedCaps, undraftedCaps } from "./cap.ts";

const classes = { equity: null, option: null, crypto: null };
const caps: Caps = {
  min_balance: null,
  daily_loss_pct: null,
  breaker_pct: null,
  same_instrument_seconds: null,
  leverage_max: null,
  drift_pct: { ...classes, crypto: "0.5" },
  implausible_pct: classes,
  quote_age_seconds: null,
  option_spread_pct: null,
  option_price_min: null,
  option_contracts_max: null,
  position_pct: "5",
  order_value_max: null,
  buying_power_pct: null,
  exposure_pct: null,
  positions_max: 3,
  per_symbol_max: null,
  risk_per_trade_pct: null,
  orders_per_minute: null,
  orders_per_day: null,
  opens_per_minute_per_provider: null,
  deny_symbols: ["AMC", "GME"],
};

test("what is not touched is sent as it stands", () => {
  expect(undraftedCaps(draftedCaps(caps))).toEqual(caps);
});

test("an empty field binds nobody, and what cannot be read is named", () => {
  const draft = draftedCaps(caps);
  expect(undraftedCaps({ ...draft, position_pct: " " }).position_pct).toBeNull();
  expect(capFault(draft)).toBeNull();
  expect(capFault({ ...draft, exposure_pct: "much" })).toBe(
    "Everything together: expected a number such as 12.5, or nothing.",
  );
  expect(capFault({ ...draft, positions_max: "2.5" })).toBe(
    "Open positions: expected a whole number, or nothing.",
  );
});

test("caps are told in words", () => {
  expect(capLines(caps)).toEqual([
    "One instrument: 5 % of equity",
    "Open positions: 3",
    "Drift from the alert, coins: 0.5 %",
    "Never opened: AMC, GME",
  ]);
  expect(capName("deny_symbols")).toBe("Never opened");
  expect(capName("other")).toBe("other");
});

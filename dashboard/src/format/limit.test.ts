import { expect, test } from "vitest";
import type { Limits } from "../api/schema.ts";
import { drafted, faultOf, LIMITS, nameOf, undrafted } from "./limit.ts";

const classes = { equity: "1", option: "10", crypto: "1" };
const limits: Limits = {
  min_balance: "100",
  daily_loss_pct: "5",
  daily_loss_trip_pct: "97",
  breaker_pct: "8",
  leverage_max: "1",
  option_spread_pct: "15",
  option_price_min: "0.05",
  option_contracts_max: "10",
  position_pct: "10",
  buying_power_pct: "100",
  exposure_pct: "80",
  daily_loss_amount: null,
  order_value_max: "2500",
  risk_per_trade_pct: null,
  drift_pct: classes,
  implausible_pct: classes,
  auto_stop_pct: classes,
  same_instrument_seconds: 5,
  quote_age_seconds: 5,
  positions_max: 10,
  per_symbol_max: 1,
  orders_per_minute: 20,
  orders_per_day: 200,
  opens_per_minute_per_provider: 10,
  open_age_seconds: 60,
  exit_age_seconds: 900,
  approval_seconds: 120,
  remainder_seconds: 300,
  allow_short: false,
  allow_equity: true,
  allow_option: true,
  allow_crypto: true,
  stop_required: true,
  daily_loss_action: "flatten",
  deny_symbols: ["AMC", "GME"],
  trading_windows: [{ days: ["mon"], from: "10:00", to: "12:00", zone: "Europe/Berlin" }],
  enforce_stops: true,
  extended_hours: false,
};

test("what is not touched is sent as it stands", () => {
  expect(undrafted(limits, drafted(limits))).toEqual(limits);
});

test("every limit has its field, once", () => {
  const paths = LIMITS.flatMap((group) => group.fields.map((one) => one.path));
  const known = Object.entries(limits).flatMap(([name, value]) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.keys(value).map((part) => `${name}.${part}`)
      : [name],
  );
  expect([...paths].sort()).toEqual(known.sort());
});

test.each([
  ["position_pct", "20", "20"],
  ["order_value_max", " ", null],
  ["positions_max", "12", 12],
  ["allow_short", "true", true],
  ["deny_symbols", "gme, amc  bb", ["gme", "amc", "bb"]],
])("%s typed as %j is read", (path, typed, value) => {
  const read = undrafted(limits, { ...drafted(limits), [path]: typed });
  expect(read[path as keyof Limits]).toEqual(value);
  expect(faultOf({ ...drafted(limits), [path]: typed })).toBeNull();
});

test("what cannot be read is named", () => {
  expect(faultOf(drafted(limits))).toBeNull();
  expect(faultOf({ ...drafted(limits), "drift_pct.option": "x" })).toContain("Drift from the alert, options");
  expect(faultOf({ ...drafted(limits), positions_max: "1.5" })).toContain("Open positions");
  expect(nameOf("position_pct")).toBe("One instrument");
  expect(nameOf("new_limit")).toBe("new_limit");
});

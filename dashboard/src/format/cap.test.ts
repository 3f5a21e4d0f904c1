import { expect, test } from "vitest";
import type { Caps } from "../api/schema.ts";
import { capFault, capLines, capName, draftedCaps, undraftedCaps } from "./cap.ts";

const caps: Caps = {
  position_pct: "5",
  order_value_max: null,
  exposure_pct: null,
  positions_max: 3,
  daily_loss_pct: null,
  leverage_max: null,
  option_contracts_max: null,
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
    "Never opened: AMC, GME",
  ]);
  expect(capName("deny_symbols")).toBe("Never opened");
  expect(capName("other")).toBe("other");
});

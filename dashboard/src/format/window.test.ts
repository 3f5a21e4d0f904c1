import { expect, test } from "vitest";
import { readWindows, USUAL, windowFault, withDay } from "./window.ts";

test.each([
  [USUAL, null],
  [{ ...USUAL, from: "22:00", to: "02:00" }, null],
  [{ ...USUAL, from: "00:00", to: "24:00" }, null],
  [{ ...USUAL, days: [] }, "Trading hours: expected at least one day."],
  [{ ...USUAL, from: "9:30" }, "Trading hours: expected times such as 09:30 and 16:00."],
  [{ ...USUAL, to: "09:30" }, "Trading hours: expected an end that is not the start."],
  [{ ...USUAL, zone: " " }, "Trading hours: expected a zone such as America/New_York."],
])("%j", (window, fault) => {
  expect(windowFault([window])).toBe(fault);
});

test("days stand in their order however they are ticked", () => {
  const one = withDay({ ...USUAL, days: ["fri"] }, "mon", true);
  expect(one.days).toEqual(["mon", "fri"]);
  expect(withDay(one, "fri", false).days).toEqual(["mon"]);
});

test("a draft that cannot be read is no hours", () => {
  expect(readWindows("{")).toEqual([]);
  expect(readWindows(undefined)).toEqual([]);
});

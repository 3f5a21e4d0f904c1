import { expect, test } from "vitest";
import { ago, countdown, duration, micros } from "./time.ts";

test.each([
  [-5, "0 s ago"],
  [12_400, "12 s ago"],
  [61_000, "1 min ago"],
  [7_200_000, "2 h ago"],
  [180_000_000, "2 d ago"],
])("%d ms is %s", (millis, shown) => expect(ago(millis)).toBe(shown));

test.each([
  [119_001, "2:00"],
  [5_000, "0:05"],
  [-1, "0:00"],
])("%d ms left is %s", (millis, shown) => expect(countdown(millis)).toBe(shown));

test.each([
  [840, "840 \u00b5s"],
  [4_200, "4.2 ms"],
  [120_400, "120 ms"],
  [1_440_000, "1.4 s"],
  [125_000_000, "2 min 5 s"],
])("%d \u00b5s is %s", (span, shown) => expect(duration(span)).toBe(shown));

test("microseconds survive", () => {
  expect(micros("2026-11-28T01:02:03.000004Z") - micros("2026-11-28T01:02:03Z")).toBe(4);
  expect(micros("1970-01-01T00:00:01.5Z")).toBe(1_500_000);
});

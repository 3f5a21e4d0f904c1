import { describe, expect, test } from "vitest";
import {
  add,
  compare,
  decimal,
  money,
  multiply,
  percentOf,
  price,
  quantity,
  round,
  subtract,
} from "./decimal.ts";

describe("decimal text", () => {
  test.each([
    ["1234567.891", "1,234,567.89"],
    ["0.005", "0.00"],
    ["0.015", "0.02"],
    ["0.025", "0.02"],
    ["-0.001", "0.00"],
    ["-1234.5", "\u22121,234.50"],
    ["99999999999999999999.995", "100,000,000,000,000,000,000.00"],
    ["100", "100.00"],
    ["n/a", "n/a"],
  ])("money %s is %s", (text, shown) => expect(money(text)).toBe(shown));

  test.each([
    ["179.9", "179.90"],
    ["0.00001234", "0.00001234"],
    ["2.1300", "2.13"],
    ["45000", "45,000.00"],
    ["234.543755", "234.5438"],
  ])("price %s is %s", (text, shown) => expect(price(text)).toBe(shown));

  test.each([
    ["5", "5"],
    ["5.000", "5"],
    ["0.00450", "0.0045"],
    ["12000", "12,000"],
  ])("quantity %s is %s", (text, shown) => expect(quantity(text)).toBe(shown));

  test("a plus stands before gains only", () => {
    expect(money("3.1", true)).toBe("+3.10");
    expect(money("-3.1", true)).toBe("\u22123.10");
    expect(money("0", true)).toBe("0.00");
  });

  test("arithmetic is exact where floats are not", () => {
    expect(add("0.1", "0.2")).toBe("0.3");
    expect(subtract("0.3", "0.1")).toBe("0.2");
    expect(subtract("1", "2.50")).toBe("-1.5");
    expect(multiply("19.99", "3")).toBe("59.97");
    expect(multiply("-0.1", "0.1")).toBe("-0.01");
    expect(add("9007199254740993", "0.01")).toBe("9007199254740993.01");
  });

  test("percentages and comparison", () => {
    expect(percentOf("485", "500", 1)).toBe("97.0");
    expect(percentOf("1", "3", 2)).toBe("33.33");
    expect(percentOf("-1", "8", 2)).toBe("-12.50");
    expect(percentOf("1", "0", 2)).toBeNull();
    expect(compare("10", "9.99")).toBe(1);
    expect(compare("1.0", "1")).toBe(0);
  });

  test("rounding and free places", () => {
    expect(round("2.5", 0)).toBe("2");
    expect(round("3.5", 0)).toBe("4");
    expect(decimal("1.23456789", { most: 4 })).toBe("1.2346");
  });
});

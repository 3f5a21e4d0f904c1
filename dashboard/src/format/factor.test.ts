import { expect, test } from "vitest";
import { codesFile, grouped, spaced } from "./factor.ts";

test("codes are broken where the eye breaks them", () => {
  expect(spaced("012345")).toBe("012 345");
  expect(spaced("01Z8Z-M9HT0")).toBe("01Z8Z-M9HT0");
  expect(grouped("ABCDEFGHIJ")).toBe("ABCD EFGH IJ");
});

test("the file of recovery codes says whose they are and when they were made", () => {
  const text = codesFile("Dana", ["AAAAA-BBBBB", "CCCCC-DDDDD"], new Date("2026-11-23T10:00:00Z"));
  expect(text).toBe(
    "Ordercast recovery codes of Dana, made 2026-11-23. Each works once.\n\nAAAAA-BBBBB\nCCCCC-DDDDD\n",
  );
});

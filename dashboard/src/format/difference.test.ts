import { expect, test } from "vitest";
import { differences } from "./difference.ts";

test("nested values become lines by path, missing sides stay empty", () => {
  expect(
    differences(
      { state: "pending", stages: { sent: null }, gone: 1 },
      { state: "filled", stages: { sent: "10:00" }, targets: ["1", "2"], orders: ["ord_1"], none: [] },
    ),
  ).toEqual([
    { field: "state", before: "pending", after: "filled" },
    { field: "gone", before: "1", after: "" },
    { field: "stages sent", before: "", after: "10:00" },
    { field: "targets 1", before: "", after: "1" },
    { field: "targets 2", before: "", after: "2" },
    { field: "orders", before: "", after: "ord_1" },
    { field: "none", before: "", after: "none" },
  ]);
  expect(differences(null, undefined)).toEqual([]);
});

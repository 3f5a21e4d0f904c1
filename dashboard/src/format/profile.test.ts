import { expect, test } from "vitest";
import { Problem } from "../api/problem.ts";
import type { ProfileBody, Reading } from "../api/schema.ts";
import {
  bodyOf,
  differs,
  draftOf,
  faultsOf,
  inserted,
  moved,
  overtaken,
  placed,
  refusal,
} from "./profile.ts";

const TAUGHT: ProfileBody = {
  templates: [
    { name: "calls", pattern: "{action} {symbol} @ {price}" },
    { name: "out", pattern: "{action=close} {symbol}" },
  ],
  verbs: { grabbing: "buy", "out of": "close" },
  labels: { cut: "stop" },
  sell_means: null,
  default_asset: "crypto",
  default_expiry: null,
};

test("a profile survives the form", () => {
  expect(bodyOf(draftOf(TAUGHT))).toEqual(TAUGHT);
  expect(differs(draftOf(TAUGHT), TAUGHT)).toBe(false);
});

test("the order of words is no change, that of formats is, and so is every choice", () => {
  const draft = draftOf(TAUGHT);
  expect(differs({ ...draft, verbs: draft.verbs.toReversed() }, TAUGHT)).toBe(false);
  expect(differs({ ...draft, templates: draft.templates.toReversed() }, TAUGHT)).toBe(true);
  expect(differs({ ...draft, default_asset: "" }, TAUGHT)).toBe(true);
});

test("rows nothing was written in teach nothing", () => {
  const draft = draftOf(TAUGHT);
  draft.templates.unshift({ id: 900, name: " ", pattern: "" });
  draft.verbs.push({ id: 901, own: "", known: "buy" });
  expect(bodyOf(draft)).toEqual(TAUGHT);
});

test("a row moves one place and stops at the ends", () => {
  const rows = [{ id: 1 }, { id: 2 }, { id: 3 }];
  const order = (id: number, by: -1 | 1) => moved(rows, id, by).map((row) => row.id);
  expect(order(2, -1)).toEqual([2, 1, 3]);
  expect(order(2, 1)).toEqual([1, 3, 2]);
  expect(order(1, -1)).toEqual([1, 2, 3]);
  expect(order(3, 1)).toEqual([1, 2, 3]);
});

test("faults stand beside their fields, past rows that were not sent", () => {
  const draft = draftOf(TAUGHT);
  draft.templates.unshift({ id: 900, name: "", pattern: "" });
  draft.verbs.push({ id: 902, own: 'say "go"', known: "dance" });
  const [, , out] = draft.templates;
  const cut = draft.labels[0];
  const found = placed(draft, [
    { field: "profile.templates[1].pattern", message: "unknown slot" },
    { field: 'verbs["say \\"go\\""]', message: "expected a known action" },
    { field: 'profile.labels["cut"]', message: "taught already" },
    { field: "default_asset", message: "expected equity or crypto" },
    { field: "templates[7].name", message: "nobody" },
    { field: "text", message: "too long" },
  ]);
  expect([...found.at]).toEqual([
    [`template ${out?.id} pattern`, "unknown slot"],
    ["verbs 902", "expected a known action"],
    [`labels ${cut?.id}`, "taught already"],
    ["default_asset", "expected equity or crypto"],
  ]);
  expect(found.rest).toEqual(["templates[7].name: nobody", "text: too long"]);
});

test("a word taught twice is told before it is lost", () => {
  const draft = draftOf(TAUGHT);
  draft.verbs.push({ id: 903, own: "Grabbing ", known: "sell" });
  expect([...placed(draft, []).at.keys()]).toEqual(["verbs 903"]);
});

test("a slot goes where the caret is and touches neither a word nor a slot", () => {
  const cases: [string, number, number, string, string, number][] = [
    ["", 0, 0, "action", "{action}", 8],
    ["{action}", 8, 8, "symbol", "{action} {symbol}", 17],
    ["SL", 2, 2, "stop", "SL {stop}", 9],
    ["@ ", 2, 2, "price", "@ {price}", 9],
    ["{action} X @", 9, 10, "symbol", "{action} {symbol} @", 17],
  ];
  for (const [text, from, to, slot, whole, caret] of cases)
    expect(inserted(text, from, to, slot)).toEqual([whole, caret]);
});

test("only a refusal of what was written has faults, and only a newer version overtakes", () => {
  const faults = [{ field: "note", message: "long" }];
  expect(faultsOf(new Problem(422, "invalid", "", null, faults))).toEqual(faults);
  expect(faultsOf(new Problem(503, "down", "", null, faults))).toEqual([]);
  expect(faultsOf(new Error("x"))).toEqual([]);
  expect(overtaken(new Problem(409, "version_mismatch", "", null))).toBe(true);
  expect(overtaken(new Problem(412, "precondition", "", null))).toBe(true);
  expect(overtaken(new Problem(422, "invalid", "", null))).toBe(false);
});

test("what is no trade says why", () => {
  const reading = (verdict: Reading["verdict"], reason: string, message: string | null) =>
    refusal({ verdict, reason, message } as Reading);
  expect(reading("not_a_trade", "question", null)).toBe("no trade: a question");
  expect(reading("invalid", "bad_stop", "the stop is above")).toBe("bad stop: the stop is above");
});

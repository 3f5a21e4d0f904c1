import { expect, test } from "vitest";
import { type ByteSpan, cut } from "./span.ts";

/** The span of `word` in bytes, as the server would count it. */
function spanOf(text: string, word: string, field: string): ByteSpan {
  const before = text.slice(0, text.indexOf(word));
  const start = new TextEncoder().encode(before).length;
  return { instruction: 0, field, start, end: start + new TextEncoder().encode(word).length };
}

test.each([
  ["plain letters", "BTO AAPL 150C @ 2.10", "AAPL"],
  ["after an emoji outside the basic plane", "🚀🚀 BUY TSLA now", "TSLA"],
  ["after two- and three-byte characters", "Köp – NVDA för 180 €", "NVDA"],
  ["a marked emoji", "stop 🛑 45,000", "🛑"],
])("%s", (_, text, word) => {
  const pieces = cut(text, [spanOf(text, word, "symbol")]);
  expect(pieces.map((p) => p.text).join("")).toBe(text);
  const marked = pieces.filter((p) => p.marks.length > 0);
  expect(marked.map((p) => p.text)).toEqual([word]);
  expect(marked[0]?.marks).toEqual([{ instruction: 0, field: "symbol" }]);
});

test("overlapping spans both mark what they share", () => {
  const pieces = cut("AAPL150C", [
    { instruction: 0, field: "symbol", start: 0, end: 8 },
    { instruction: 0, field: "strike", start: 4, end: 7 },
  ]);
  expect(pieces.map((p) => [p.text, p.marks.map((m) => m.field).join("+")])).toEqual([
    ["AAPL", "symbol"],
    ["150", "symbol+strike"],
    ["C", "symbol"],
  ]);
});

test("spans past the end and empty ones change nothing", () => {
  const text = "héllo";
  const pieces = cut(text, [
    { instruction: 0, field: "a", start: 3, end: 3 },
    { instruction: 0, field: "b", start: 90, end: 99 },
  ]);
  expect(pieces.map((p) => p.text).join("")).toBe(text);
  expect(pieces.every((p) => p.marks.length === 0)).toBe(true);
});

import { expect, test } from "vitest";
import { CHORD_MS, type Chord, type Command, press, type Stroke } from "./keyboard.ts";

const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({
  key,
  ctrl: false,
  alt: false,
  meta: false,
  typing: false,
  ...more,
});

/** Presses the keys one after another, `gap` apart; the commands that came of it. */
function type(strokes: Stroke[], gap = 100): Command[] {
  let chord: Chord = { since: null };
  return strokes.flatMap((each, i) => {
    const done = press(chord, each, i * gap);
    chord = done.chord;
    return done.command ? [done.command] : [];
  });
}

test.each([
  ["g then o goes to orders", [stroke("g"), stroke("o")], [{ go: "/orders" }]],
  ["g then an unknown letter does nothing", [stroke("g"), stroke("x"), stroke("o")], []],
  ["a letter alone does nothing", [stroke("o"), stroke("x"), stroke("k")], []],
  ["? helps, Shift+K asks to kill", [stroke("?"), stroke("K")], ["help", "kill"]],
  [
    "typing is left alone",
    [stroke("g", { typing: true }), stroke("o", { typing: true }), stroke("?", { typing: true })],
    [],
  ],
  ["browser shortcuts are left alone", [stroke("g", { ctrl: true }), stroke("l", { meta: true })], []],
])("%s", (_, strokes, expected) => expect(type(strokes)).toEqual(expected));

test("a late letter does nothing", () => {
  expect(type([stroke("g"), stroke("j")], CHORD_MS + 1)).toEqual([]);
});

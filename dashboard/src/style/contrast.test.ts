import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("./token.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map((m) => [
    m[1],
    [m[2], m[3]],
  ]),
);

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function colour(name: string, theme: number): string {
  const value = tokens.get(name)?.[theme];
  if (!value) throw new Error(`no token --${name} with a colour for each theme`);
  return value;
}

const GROUNDS = ["ground", "panel", "raise", "sunk"];
const TEXTS = ["ink", "ink-2", "ink-3", "brand", "up", "down", "info", "warn", "violet"];
const WASHED = ["brand", "up", "down", "info", "warn", "violet"];

/** Every pair of text and ground the page uses. */
const PAIRS = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...WASHED.map((text) => [text, `${text}-wash`] as const),
  ...WASHED.flatMap((wash) => ["ink", "ink-2"].map((text) => [text, `${wash}-wash`] as const)),
];

describe.each([
  ["light", 0],
  ["dark", 1],
] as const)("%s", (_, theme) => {
  test.each(PAIRS)("%s on %s keeps 4.5:1", (text, ground) => {
    expect(contrast(colour(text, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });
});

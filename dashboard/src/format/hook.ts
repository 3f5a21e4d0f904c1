// Decides the words for what became of a delivery, and the lines that show how to post one.

import type { Delivery } from "../api/schema.ts";
import type { Tone } from "./word.ts";

const OUTCOMES: Record<Delivery["outcome"], [string, Tone]> = {
  accepted: ["accepted", "good"],
  duplicate: ["duplicate", ""],
  test: ["test", "work"],
  invalid: ["invalid", "bad"],
  not_a_trade: ["no order", ""],
  unreadable: ["not text", "bad"],
  too_large: ["too large", "bad"],
  signature: ["signature", "bad"],
  passphrase: ["pass phrase", "bad"],
  address: ["address", "bad"],
  disabled: ["switched off", "warn"],
  plan: ["plan", "warn"],
  quota: ["too many", "warn"],
};

export function outcome(code: Delivery["outcome"]): [string, Tone] {
  return OUTCOMES[code] ?? [code, ""];
}

/** What a body looks like when nobody has written one yet; TradingView fills its placeholders in. */
export const SAMPLE = '{"ticker":"AAPL","action":"buy","type":"market","sl":"3%"}';
export const TRADINGVIEW =
  '{"ticker":"{{ticker}}","action":"{{strategy.order.action}}","price":"{{close}}","timestamp":"{{timenow}}"}';

/** A shell line that posts a body. */
export function curlLine(url: string, passphrase: boolean): string {
  const body = passphrase ? SAMPLE.replace("{", '{"passphrase":"…",') : SAMPLE;
  return `curl -d '${body}' ${url}`;
}

/** Addresses as typed: one a line, or apart by commas or blanks. */
export function addressList(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter(Boolean);
}

/** A body in one line, cut. */
export function brief(body: string, length = 90): string {
  const line = body.replaceAll(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

// Decides how one instruction of a signal is put in a line.

import type { Instruction, Level } from "../api/schema.ts";
import { decimal, price, quantity } from "./decimal.ts";
import { plain } from "./word.ts";

export function level(one: Level): string {
  const value = one.value ?? "";
  switch (one.kind) {
    case "price":
      return price(value);
    case "percent":
      return `${decimal(value)}%`;
    case "offset":
      return `${price(value)} away`;
    case "pips":
      return `${decimal(value)} pips`;
    case "break_even":
      return "break-even";
  }
}

export function subject(one: Instruction): string {
  if (!one.symbol) return one.all_lots ? "everything" : "";
  if (!one.option) return one.symbol;
  const { expiry, strike, right } = one.option;
  return [one.symbol, expiry, `${decimal(strike)}${right}`].filter(Boolean).join(" ");
}

function entry(one: Instruction): string {
  const prices = one.entry.map((e) => price(e.price));
  switch (one.entry_form) {
    case "none":
      return one.kind === "market" ? "at market" : "";
    case "at":
      return one.kind === "market"
        ? `at market (${prices[0]})`
        : `${one.kind === "stop" ? "above/below" : "at"} ${prices[0]}`;
    case "zone":
      return `${prices[0]} to ${prices[1]}`;
    case "ladder":
      return prices.join(" / ");
    case "stop_then_limit":
      return `stop ${prices[0]}, limit ${prices[1]}`;
  }
}

function size(one: Instruction): string {
  const { quantity: units, notional, account_pct, position_pct, risk_pct } = one.size;
  if (units) return quantity(units);
  if (notional) return `for ${price(notional)}`;
  if (account_pct) return `${decimal(account_pct)}% of account`;
  if (position_pct) return `${decimal(position_pct)}% of position`;
  if (risk_pct) return `${decimal(risk_pct)}% at risk`;
  return "";
}

/** The parts after action, side and subject: size, entry, stop, targets. */
export function details(one: Instruction): string[] {
  const parts = [size(one), entry(one)];
  if (one.stop) parts.push(`stop ${level(one.stop)}`);
  if (one.trailing) parts.push(`trailing ${level(one.trailing.by)}`);
  if (one.targets.length > 0) parts.push(`target ${one.targets.map((t) => level(t.level)).join(", ")}`);
  return parts.filter(Boolean);
}

/** `open`, `move stop`, `take part off`. */
export function action(one: Instruction): string {
  const words: Partial<Record<Instruction["action"], string>> = {
    update_stop: "move stop",
    update_target: "move target",
  };
  return words[one.action] ?? plain(one.action);
}

// Decides how each limit is named, grouped, read from a field and written into one. Refuses to know which change loosens:
// that is the server's word.

import type { Limits } from "../api/schema.ts";
import { readWindows, windowFault } from "./window.ts";

type Kind = "number" | "perhaps" | "whole" | "flag" | "action" | "symbols" | "windows";
export interface LimitField {
  /** The server's name, a class after a dot. */
  path: string;
  name: string;
  unit: string;
  kind: Kind;
}
export interface LimitGroup {
  title: string;
  fields: LimitField[];
}

const field = (path: string, name: string, unit = "", kind: Kind = "number"): LimitField => ({
  path,
  name,
  unit,
  kind,
});

const CLASSES: [string, string][] = [
  ["equity", "shares"],
  ["option", "options"],
  ["crypto", "coins"],
];
const each = (path: string, name: string, unit: string): LimitField[] =>
  CLASSES.map(([code, word]) => field(`${path}.${code}`, `${name}, ${word}`, unit));

export const LIMITS: readonly LimitGroup[] = [
  {
    title: "Losses",
    fields: [
      field("daily_loss_pct", "Daily loss", "% of the day's first equity"),
      field("daily_loss_amount", "Daily loss, amount", "USD", "perhaps"),
      field("daily_loss_trip_pct", "Trips at", "% of the daily loss"),
      field("daily_loss_action", "When it trips", "", "action"),
      field("breaker_pct", "Breaker: fall from the day's high", "%"),
      field("min_balance", "Least equity to open", "USD"),
    ],
  },
  {
    title: "Sizes",
    fields: [
      field("position_pct", "One instrument", "% of equity"),
      field("exposure_pct", "Everything together", "% of equity"),
      field("buying_power_pct", "Usable buying power", "%"),
      field("leverage_max", "Leverage", "times"),
      field("order_value_max", "One order", "USD", "perhaps"),
      field("risk_per_trade_pct", "Risk per trade", "% of equity", "perhaps"),
      field("positions_max", "Open positions", "", "whole"),
      field("per_symbol_max", "Signals in one instrument", "", "whole"),
      field("option_contracts_max", "Contracts per order", ""),
    ],
  },
  {
    title: "What is traded",
    fields: [
      field("allow_equity", "Shares", "", "flag"),
      field("allow_option", "Options", "", "flag"),
      field("allow_crypto", "Coins", "", "flag"),
      field("allow_short", "Short selling", "", "flag"),
      field("stop_required", "Every position has a stop", "", "flag"),
      field("enforce_stops", "Removed stops are put back", "", "flag"),
      field("deny_symbols", "Never opened", "symbols", "symbols"),
    ],
  },
  {
    title: "Trading hours",
    fields: [
      field("trading_windows", "Trading hours", "", "windows"),
      field("extended_hours", "Shares also trade before and after the session", "", "flag"),
    ],
  },
  {
    title: "Prices",
    fields: [
      ...each("drift_pct", "Drift from the alert", "%"),
      ...each("implausible_pct", "Looks like a slip", "% off"),
      ...each("auto_stop_pct", "Automatic stop", "%"),
      field("option_spread_pct", "Widest option spread", "% of mid"),
      field("option_price_min", "Least option price", "USD"),
      field("quote_age_seconds", "Oldest quote", "s", "whole"),
    ],
  },
  {
    title: "Rates and times",
    fields: [
      field("orders_per_minute", "Orders a minute", "", "whole"),
      field("orders_per_day", "Orders a day", "", "whole"),
      field("opens_per_minute_per_provider", "Opens a minute from one provider", "", "whole"),
      field("open_age_seconds", "Oldest signal to open on", "s", "whole"),
      field("exit_age_seconds", "Oldest signal to close on", "s", "whole"),
      field("approval_seconds", "Time for an answer", "s", "whole"),
      field("remainder_seconds", "Life of an unfilled rest (0: no end)", "s", "whole"),
      field("same_instrument_seconds", "Signals that meet", "s", "whole"),
    ],
  },
];

const ALL = LIMITS.flatMap((group) => group.fields);

/** What a limit is called; its own name when it is not known here. */
export function nameOf(path: string): string {
  return ALL.find((one) => one.path === path)?.name ?? path;
}

function at(limits: Limits, path: string): unknown {
  return path.split(".").reduce<unknown>((value, part) => {
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  }, limits);
}

/** Every limit as the text of its field. */
export function drafted(limits: Limits): Record<string, string> {
  return Object.fromEntries(
    ALL.map(({ path, kind }) => {
      const value = at(limits, path);
      if (kind === "windows") return [path, JSON.stringify(value ?? [])];
      const text = Array.isArray(value) ? value.join(" ") : value === null ? "" : String(value);
      return [path, text];
    }),
  );
}

function read(kind: Kind, text: string): unknown {
  const plain = text.trim();
  switch (kind) {
    case "flag":
      return plain === "true";
    case "whole":
      return Number(plain);
    case "perhaps":
      return plain === "" ? null : plain;
    case "windows":
      return readWindows(plain);
    case "symbols":
      return plain === "" ? [] : plain.split(/[\s,;]+/);
    default:
      return plain;
  }
}

/** The limits of a draft, over those it was made from. */
export function undrafted(base: Limits, draft: Record<string, string>): Limits {
  const limits = structuredClone(base) as unknown as Record<string, unknown>;
  for (const { path, kind } of ALL) {
    const [first = "", second] = path.split(".");
    const value = read(kind, draft[path] ?? "");
    if (second) (limits[first] as Record<string, unknown>)[second] = value;
    else limits[first] = value;
  }
  return limits as unknown as Limits;
}

/** The first field that cannot be read, in words; none when all can. */
export function faultOf(draft: Record<string, string>): string | null {
  for (const { path, kind, name } of ALL) {
    const text = (draft[path] ?? "").trim();
    if (kind === "windows") {
      const fault = windowFault(readWindows(text));
      if (fault) return fault;
    }
    if (kind === "whole" && !/^\d{1,9}$/.test(text)) return `${name}: expected a whole number.`;
    if (kind === "number" && !/^\d+(\.\d+)?$/.test(text)) return `${name}: expected a number such as 12.5.`;
    if (kind === "perhaps" && text !== "" && !/^\d+(\.\d+)?$/.test(text))
      return `${name}: expected a number such as 12.5, or nothing.`;
  }
  return null;
}

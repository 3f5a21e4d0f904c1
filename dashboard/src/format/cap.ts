// Decides how a community's limits are named, read from a field and written into one. What is empty binds nobody.

import type { Caps } from "../api/schema.ts";

type Kind = "number" | "whole";
interface CapField {
  /** The server's name, a class after a dot. */
  name: string;
  title: string;
  unit: string;
  kind: Kind;
}
interface CapGroup {
  title: string;
  fields: readonly CapField[];
}

const cap = (name: string, title: string, unit = "", kind: Kind = "number"): CapField => ({
  name,
  title,
  unit,
  kind,
});

const CLASSES: [string, string][] = [
  ["equity", "shares"],
  ["option", "options"],
  ["crypto", "coins"],
];
const each = (name: string, title: string): CapField[] =>
  CLASSES.map(([code, word]) => cap(`${name}.${code}`, `${title}, ${word}`, "%"));

export const CAP_GROUPS: readonly CapGroup[] = [
  {
    title: "Losses",
    fields: [
      cap("daily_loss_pct", "Daily loss", "% of the day's first equity"),
      cap("breaker_pct", "Breaker: fall from the day's high", "%"),
      cap("min_balance", "Least equity to open, at least", "USD"),
    ],
  },
  {
    title: "Sizes",
    fields: [
      cap("position_pct", "One instrument", "% of equity"),
      cap("order_value_max", "One order", "USD"),
      cap("exposure_pct", "Everything together", "% of equity"),
      cap("buying_power_pct", "Usable buying power", "%"),
      cap("leverage_max", "Leverage", "times"),
      cap("risk_per_trade_pct", "Risk per trade", "% of equity"),
      cap("positions_max", "Open positions", "", "whole"),
      cap("per_symbol_max", "Signals in one instrument", "", "whole"),
      cap("option_contracts_max", "Contracts per order"),
    ],
  },
  {
    title: "Prices",
    fields: [
      ...each("drift_pct", "Drift from the alert"),
      ...each("implausible_pct", "Typing error from"),
      cap("quote_age_seconds", "Oldest quote at the market", "s", "whole"),
      cap("option_spread_pct", "Widest option spread", "% of mid"),
      cap("option_price_min", "Least option price, at least", "USD"),
    ],
  },
  {
    title: "Rates",
    fields: [
      cap("orders_per_minute", "Orders a minute", "", "whole"),
      cap("orders_per_day", "Orders a day", "", "whole"),
      cap("opens_per_minute_per_provider", "Opens a minute by one provider", "", "whole"),
      cap("same_instrument_seconds", "Two signals count as one within, at least", "s", "whole"),
    ],
  },
];

const CAPS = CAP_GROUPS.flatMap((group) => group.fields);

export type CapsDraft = Record<string, string>;

function at(caps: Caps, name: string): string | number | null {
  const found = name.split(".").reduce<unknown>((value, step) => {
    return value && typeof value === "object" ? (value as Record<string, unknown>)[step] : undefined;
  }, caps);
  return typeof found === "string" || typeof found === "number" ? found : null;
}

export function draftedCaps(caps: Caps): CapsDraft {
  const fields = CAPS.map(({ name }) => [name, String(at(caps, name) ?? "")]);
  return { ...Object.fromEntries(fields), deny_symbols: (caps.deny_symbols ?? []).join(" ") };
}

export function undraftedCaps(draft: CapsDraft): Caps {
  const caps: Record<string, unknown> = {};
  for (const { name, kind } of CAPS) {
    const text = (draft[name] ?? "").trim();
    const value = text === "" ? null : kind === "whole" ? Number(text) : text;
    const [first = name, second] = name.split(".");
    if (second) caps[first] = { ...(caps[first] as object | undefined), [second]: value };
    else caps[first] = value;
  }
  const symbols = (draft.deny_symbols ?? "").trim();
  return { ...caps, deny_symbols: symbols === "" ? [] : symbols.split(/[\s,;]+/) } as Caps;
}

/** The first field that cannot be read, in words; none when all can. */
export function capFault(draft: CapsDraft): string | null {
  for (const { name, title, kind } of CAPS) {
    const text = (draft[name] ?? "").trim();
    const whole = kind === "whole";
    if (text === "" || (whole ? /^\d{1,9}$/ : /^\d+(\.\d+)?$/).test(text)) continue;
    return `${title}: expected a ${whole ? "whole number" : "number such as 12.5"}, or nothing.`;
  }
  return null;
}

/** What a community caps, in words; none when it caps nothing. */
export function capLines(caps: Caps): string[] {
  const lines = CAPS.filter(({ name }) => at(caps, name) !== null).map(
    ({ name, title, unit }) => `${title}: ${at(caps, name)}${unit ? ` ${unit}` : ""}`,
  );
  const denied = caps.deny_symbols ?? [];
  return denied.length > 0 ? [...lines, `Never opened: ${denied.join(", ")}`] : lines;
}

/** What a cap is called; its own name when it is not known here. */
export function capName(name: string): string {
  if (name === "deny_symbols") return "Never opened";
  return CAPS.find((one) => one.name === name)?.title ?? name;
}

// Decides how a community's limits are named, read from a field and written into one. What is empty binds nobody.

import type { Caps } from "../api/schema.ts";

type Name = Exclude<keyof Caps, "deny_symbols">;

export const CAPS: readonly { name: Name; title: string; unit: string }[] = [
  { name: "position_pct", title: "One instrument", unit: "% of equity" },
  { name: "order_value_max", title: "One order", unit: "USD" },
  { name: "exposure_pct", title: "Everything together", unit: "% of equity" },
  { name: "positions_max", title: "Open positions", unit: "" },
  { name: "daily_loss_pct", title: "Daily loss", unit: "% of the day's first equity" },
  { name: "leverage_max", title: "Leverage", unit: "times" },
  { name: "option_contracts_max", title: "Contracts per order", unit: "" },
];

export type CapsDraft = Record<string, string>;

export function draftedCaps(caps: Caps): CapsDraft {
  const fields = CAPS.map(({ name }) => [name, caps[name] == null ? "" : String(caps[name])]);
  return { ...Object.fromEntries(fields), deny_symbols: (caps.deny_symbols ?? []).join(" ") };
}

export function undraftedCaps(draft: CapsDraft): Caps {
  const text = (name: string) => (draft[name] ?? "").trim();
  const perhaps = (name: string) => (text(name) === "" ? null : text(name));
  const symbols = text("deny_symbols");
  return {
    position_pct: perhaps("position_pct"),
    order_value_max: perhaps("order_value_max"),
    exposure_pct: perhaps("exposure_pct"),
    positions_max: text("positions_max") === "" ? null : Number(text("positions_max")),
    daily_loss_pct: perhaps("daily_loss_pct"),
    leverage_max: perhaps("leverage_max"),
    option_contracts_max: perhaps("option_contracts_max"),
    deny_symbols: symbols === "" ? [] : symbols.split(/[\s,;]+/),
  };
}

/** The first field that cannot be read, in words; none when all can. */
export function capFault(draft: CapsDraft): string | null {
  for (const { name, title } of CAPS) {
    const text = (draft[name] ?? "").trim();
    const whole = name === "positions_max";
    if (text === "" || (whole ? /^\d{1,9}$/ : /^\d+(\.\d+)?$/).test(text)) continue;
    return `${title}: expected a ${whole ? "whole number" : "number such as 12.5"}, or nothing.`;
  }
  return null;
}

/** What a community caps, in words; none when it caps nothing. */
export function capLines(caps: Caps): string[] {
  const lines = CAPS.filter(({ name }) => caps[name] != null).map(
    ({ name, title, unit }) => `${title}: ${caps[name]}${unit ? ` ${unit}` : ""}`,
  );
  const denied = caps.deny_symbols ?? [];
  return denied.length > 0 ? [...lines, `Never opened: ${denied.join(", ")}`] : lines;
}

/** What a cap is called; its own name when it is not known here. */
export function capName(name: string): string {
  if (name === "deny_symbols") return "Never opened";
  return CAPS.find((one) => one.name === name)?.title ?? name;
}

// How much of each limit is used, as bars with both numbers.

import type { RiskStatus, Usage } from "../api/schema.ts";
import { compare, decimal, money, percentOf, ratio } from "../format/decimal.ts";

function figure(value: string, unit: Usage["unit"]): string {
  switch (unit) {
    case "percent":
      return `${decimal(value, { most: 1 })}%`;
    case "money":
      return money(value);
    case "seconds":
      return `${decimal(value, { most: 0 })} s`;
    case "count":
      return decimal(value, { most: 0 });
  }
}

/** From here on a limit is nearly used up. */
const HIGH_PCT = "75";
/** A daily loss trips at this share of its limit (RK-05). */
const FULL_PCT = "97";

/** Limits from below: having more than them is what is wanted. */
const FLOORS: ReadonlySet<string> = new Set(["RK-04"]);

function Bar({ usage }: { usage: Usage }) {
  const floor = FLOORS.has(usage.rule);
  const [part, whole] = floor ? [usage.limit, usage.used] : [usage.used, usage.limit];
  const percent = percentOf(part, whole, 0) ?? "0";
  const full = usage.breached || compare(percent, FULL_PCT) >= 0;
  const tone = full ? "full" : compare(percent, HIGH_PCT) >= 0 ? "high" : "";
  const whose = usage.whose === "user" ? "" : `, set by ${usage.whose}`;
  return (
    <li className={`limit ${tone}`}>
      <span className="limit-name" title={`${usage.rule}${whose}`}>
        {usage.title}
      </span>
      <span className="limit-figures">
        {figure(usage.used, usage.unit)}{" "}
        <span className="dim">
          {floor ? "min" : "of"} {figure(usage.limit, usage.unit)}
        </span>
      </span>
      <svg className="limit-bar" role="img" aria-label={`${usage.title}: ${percent}% used`}>
        <rect width="100%" height="100%" rx="2" className="track" />
        <rect width={`${ratio(part, whole) * 100}%`} height="100%" rx="2" className="used" />
      </svg>
    </li>
  );
}

export function LimitBars({ status, connection }: { status: RiskStatus; connection: string | undefined }) {
  const account = status.accounts.find((a) => a.connection_id === connection) ?? status.accounts[0];
  if (!account) return null;
  return (
    <ul className="limits">
      {account.usage.map((usage) => (
        <Bar key={usage.rule} usage={usage} />
      ))}
    </ul>
  );
}

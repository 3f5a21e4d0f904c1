// Where the time went between the posting and the fill: each stage with the time since the one before.

import type { Stages } from "../api/schema.ts";
import { clock, duration, micros } from "../format/time.ts";

const STAGES = [
  "posted",
  "received",
  "parsed",
  "decided",
  "durable",
  "sent",
  "acknowledged",
  "filled",
] as const;

export interface StageStep {
  name: (typeof STAGES)[number];
  at: string;
  /** Microseconds since the stage before; none for the first. */
  since: number | null;
}

/** The stages that were reached, in order. */
export function reached(stages: Stages): StageStep[] {
  let before: number | null = null;
  return STAGES.flatMap((name) => {
    const at = stages[name];
    if (!at) return [];
    const now = micros(at);
    const since = before === null ? null : Math.max(0, now - before);
    before = now;
    return [{ name, at, since }];
  });
}

export function StageBar({ stages }: { stages: Stages }) {
  const steps = reached(stages);
  if (steps.length === 0) return <p className="dim">Nothing yet.</p>;
  return (
    <ol className="stages">
      {steps.map((one) => (
        <li key={one.name}>
          <span className="dot" aria-hidden="true" />
          <span className="stage-name">{one.name}</span>
          <time dateTime={one.at}>{clock(one.at, Date.now())}</time>
          <span className="stage-span">{one.since === null ? "" : `+${duration(one.since)}`}</span>
        </li>
      ))}
    </ol>
  );
}

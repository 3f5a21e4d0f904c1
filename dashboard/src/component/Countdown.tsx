// Decides how time left is shown: a ring that empties and the seconds in figures.

import { countdown } from "../format/time.ts";
import { useNow } from "./now.ts";

const LENGTH = 2 * Math.PI * 8;

export function Countdown({ from, until }: { from: string; until: string }) {
  const now = useNow();
  const left = Date.parse(until) - now;
  const share = Math.min(1, Math.max(0, left / Math.max(1, Date.parse(until) - Date.parse(from))));
  return (
    <span className="countdown">
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="8" className="track" />
        <circle
          cx="10"
          cy="10"
          r="8"
          className="left"
          strokeDasharray={`${LENGTH * share} ${LENGTH}`}
          transform="rotate(-90 10 10)"
        />
      </svg>
      {left > 0 ? countdown(left) : "over"}
    </span>
  );
}

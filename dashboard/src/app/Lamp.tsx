// Decides how the connection is told: live, connecting, reconnecting, stale, with the age of what is shown.

import { useQueryClient } from "@tanstack/react-query";
import { useLight } from "../feed/FeedProvider.tsx";
import type { Light } from "../feed/reducer.ts";
import { ago } from "../format/time.ts";

const WORDS = {
  live: "Live",
  connecting: "Connecting",
  reconnecting: "Reconnecting",
  stale: "Stale",
} as const;

function age(heardAt: number | null, now: number): string {
  return heardAt === null ? "no update yet" : `last update ${ago(now - heardAt)}`;
}

export function Lamp() {
  const { light, heardAt, now } = useLight();
  return (
    <span className={`light ${light}`} role="status" data-light={light}>
      <span className="lamp" aria-hidden="true" />
      <span>{WORDS[light]}</span>
      {light === "live" ? null : <span className="dim hint">{age(heardAt, now)}</span>}
    </span>
  );
}

function lost(light: Light): string {
  if (!navigator.onLine) return "This device is offline";
  return light === "stale" ? "No connection to the server" : "Connection lost, reconnecting";
}

/** Says over the whole page that what is shown is old. */
export function LostRibbon() {
  const { light, heardAt, now } = useLight();
  const client = useQueryClient();
  if (light === "live" || light === "connecting") return null;
  return (
    <div className="ribbon lost">
      {lost(light)}: {age(heardAt, now)}.
      <button type="button" onClick={() => void client.invalidateQueries()}>
        Ask again
      </button>
    </div>
  );
}

// Decides what of the notices is new: the newest place in the journal that was looked at is kept in this browser, for each
// user. Refuses to know how a notice is shown.

import { useSyncExternalStore } from "react";
import type { NoticeBody, NoticeLine } from "../api/schema.ts";
import type { Tone } from "./word.ts";

const PREFIX = "ordercast.notices.";
const CHANGED = "ordercast:notices";

/** Notices that came after a place. */
export function unread(lines: readonly NoticeLine[], seen: number): number {
  return lines.filter((line) => line.seq > seen).length;
}

function read(user: string): number {
  try {
    return Number(localStorage.getItem(PREFIX + user)) || 0;
  } catch {
    return 0;
  }
}

/** Remembers that everything up to a place was looked at; never goes back. */
export function look(user: string, seq: number): void {
  if (seq <= read(user)) return;
  try {
    localStorage.setItem(PREFIX + user, String(seq));
  } catch {
    return;
  }
  window.dispatchEvent(new Event(CHANGED));
}

function listen(change: () => void): () => void {
  window.addEventListener(CHANGED, change);
  window.addEventListener("storage", change);
  return () => {
    window.removeEventListener(CHANGED, change);
    window.removeEventListener("storage", change);
  };
}

/** The newest place this user has looked at in this browser. */
export function useSeen(user: string): number {
  return useSyncExternalStore(
    listen,
    () => read(user),
    () => 0,
  );
}

const TONES: Record<NoticeLine["tone"], Tone> = { plain: "", good: "good", care: "warn", bad: "bad" };

export function noticeTone(line: NoticeLine): Tone {
  return TONES[line.tone] ?? "";
}

export type Kind = NoticeLine["kind"];
export const KINDS: readonly {
  kind: Kind;
  field: "fills" | "refusals" | "limits" | "outages";
  name: string;
  what: string;
}[] = [
  { kind: "fill", field: "fills", name: "Fills", what: "Fills and closed positions" },
  { kind: "refusal", field: "refusals", name: "Refusals", what: "What your limits or the broker refused" },
  { kind: "limit", field: "limits", name: "Limits", what: "Limits, locks, stops" },
  {
    kind: "outage",
    field: "outages",
    name: "Outages",
    what: "Trouble with a broker, an order or protection",
  },
];

/** A new start of quiet hours, in the zone of this browser. */
export function quietNights(): NonNullable<NoticeBody["quiet"]> {
  return { from: "22:00", to: "07:00", zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC" };
}

/** What is wrong with settings before they are sent, in words; none when nothing is. */
export function faultOf(body: NoticeBody): string | null {
  const { quiet } = body;
  if (!quiet) return null;
  const time = /^([01]\d|2[0-3]):[0-5]\d$/;
  if (!time.test(quiet.from) || !time.test(quiet.to)) return "Quiet hours: expected times such as 22:00.";
  if (quiet.from === quiet.to) return "Quiet hours: they end when they begin.";
  if (!quiet.zone.trim()) return "Quiet hours: expected a time zone such as Europe/Berlin.";
  return null;
}

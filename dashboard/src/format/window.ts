// Decides how trading hours are written into fields and what of them cannot be read. Which hours loosen is the server's word.

import type { TradingWindow } from "../api/schema.ts";

export type Day = TradingWindow["days"][number];

export const DAYS: readonly [Day, string][] = [
  ["mon", "Mon"],
  ["tue", "Tue"],
  ["wed", "Wed"],
  ["thu", "Thu"],
  ["fri", "Fri"],
  ["sat", "Sat"],
  ["sun", "Sun"],
];

/** What a new line begins with: the exchange's own hours. */
export const USUAL: TradingWindow = {
  days: ["mon", "tue", "wed", "thu", "fri"],
  from: "09:30",
  to: "16:00",
  zone: "America/New_York",
};

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** The first thing wrong with a list of hours, in words; none when all can be sent. */
export function windowFault(windows: readonly TradingWindow[]): string | null {
  for (const { days, from, to, zone } of windows) {
    if (days.length === 0) return "Trading hours: expected at least one day.";
    if (!CLOCK.test(from) || !CLOCK.test(to)) return "Trading hours: expected times such as 09:30 and 16:00.";
    if (from === to) return "Trading hours: expected an end that is not the start.";
    if (zone.trim() === "") return "Trading hours: expected a zone such as America/New_York.";
  }
  return null;
}

/** With a day switched on or off, days in their order. */
export function withDay(window: TradingWindow, day: Day, on: boolean): TradingWindow {
  const kept = DAYS.map(([code]) => code).filter((code) => (code === day ? on : window.days.includes(code)));
  return { ...window, days: kept };
}

/** The hours a draft holds. */
export function readWindows(text: string | undefined): TradingWindow[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? (list as TradingWindow[]) : [];
  } catch {
    return [];
  }
}

// Decides how instants are shown: the reader's own clock, with the zone named once in the shell.

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short" });
const FULL = new Intl.DateTimeFormat("en-GB", {
  day: "2-digit",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** `14:03:09`, with the day before it when it is not today. */
export function clock(at: string, now: number): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  const today = new Date(now).toDateString() === time.toDateString();
  return today ? CLOCK.format(time) : `${DAY.format(time)} ${CLOCK.format(time)}`;
}

export function fullTime(at: string): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? at : FULL.format(time);
}

/** `12 s ago`, `4 min ago`, `3 h ago`, `2 d ago`. */
export function ago(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** `1:59`, for countdowns; never below zero. */
export function countdown(millis: number): string {
  const seconds = Math.max(0, Math.ceil(millis / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A span of time between stages: `840 µs`, `12 ms`, `1.4 s`, `2 min 5 s`. */
export function duration(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} \u00b5s`;
  const millis = micros / 1000;
  if (millis < 10) return `${millis.toFixed(1)} ms`;
  if (millis < 1000) return `${Math.round(millis)} ms`;
  const seconds = millis / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Microseconds since 1970 of an RFC 3339 time in UTC: `Date` alone would drop the last three digits. */
export function micros(at: string): number {
  const match = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(at);
  if (!match) return Number.NaN;
  const whole = Date.parse(`${match[1]}${match[3]}`);
  return whole * 1000 + Number((match[2] ?? "").padEnd(6, "0").slice(0, 6));
}

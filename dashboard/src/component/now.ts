// Decides how often the page looks at the clock: one timer for everybody who shows an age or a countdown.

import { useSyncExternalStore } from "react";

const EVERY_MS = 1_000;
let instant = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    instant = Date.now();
    for (const each of listeners) each();
  }, EVERY_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer) {
      clearInterval(timer);
      timer = null;
    }
  };
}

/** Now, to the second. */
export function useNow(): number {
  const read = () => instant;
  return useSyncExternalStore(subscribe, read, read);
}

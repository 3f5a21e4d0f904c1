// Decides how long to wait before the next attempt to connect: 1, 2, 4, 8, 16, 30 s with jitter, for ever (RT-04).

const STEPS_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000] as const;

/** `attempt` counts from 0; `random` is 0 to 1. The wait lies between three quarters of the step and the step. */
export function wait(attempt: number, random: number): number {
  const step = STEPS_MS[Math.min(attempt, STEPS_MS.length - 1)] ?? 30_000;
  return Math.round(step * (0.75 + 0.25 * random));
}

import { describe, expect, test } from "vitest";
import { wait } from "./backoff.ts";
import { type Envelope, readEnvelope } from "./envelope.ts";
import {
  type Effect,
  type FeedState,
  HELD_MAX,
  type Input,
  initial,
  light,
  STALE_AFTER_MS,
  step,
} from "./reducer.ts";

function event(type: string, seq: number | null, data: Record<string, unknown> = {}): Envelope {
  return { v: 1, type, at: "2026-11-23T10:00:00Z", seq, data };
}

/** Runs the inputs and collects every effect, written short. */
function run(inputs: Input[], from: FeedState = initial): { state: FeedState; effects: string[] } {
  const effects: string[] = [];
  let state = from;
  for (const input of inputs) {
    const done = step(state, input);
    state = done.state;
    effects.push(...done.effects.map(short));
  }
  return { state, effects };
}

function short(effect: Effect): string {
  switch (effect.kind) {
    case "apply":
      return `apply ${effect.event.seq ?? effect.event.type}`;
    case "replace":
      return "replace";
    case "requestSync":
      return `sync from ${effect.lastSeq}`;
    default:
      return effect.kind;
  }
}

const hello = (lastSeq: number, now = 0): Input[] => [
  { kind: "connected", now },
  { kind: "event", event: event("connection.authorized", null, { last_seq: lastSeq }), now },
];
const trade = (seq: number, now = 0): Input => ({ kind: "event", event: event("trade.filled", seq), now });

describe("the feed", () => {
  test("starts from the server's number and applies in order", () => {
    const { state, effects } = run([...hello(7), trade(8), trade(9)]);
    expect(effects).toEqual(["refreshAll", "apply 8", "apply 9"]);
    expect(state.lastSeq).toBe(9);
  });

  test("applies nothing twice", () => {
    expect(run([...hello(7), trade(8), trade(8), trade(3)]).effects).toEqual(["refreshAll", "apply 8"]);
  });

  test("a jump asks once, holds what came early and closes in order", () => {
    const answered: Input = { kind: "synced", now: 0 };
    const { state, effects } = run([...hello(7), trade(10), trade(11), trade(8), trade(9), answered]);
    expect(effects).toEqual(["refreshAll", "sync from 7", "apply 8", "apply 9", "apply 10", "apply 11"]);
    expect(state.syncing).toBe(false);
    expect(state.held.size).toBe(0);
  });

  test("a snapshot closes a gap too long to replay", () => {
    const sync = event("state.sync", null, { as_of_seq: 40 });
    const { state, effects } = run([...hello(7), trade(41), { kind: "event", event: sync, now: 0 }]);
    expect(effects).toEqual(["refreshAll", "sync from 7", "replace", "apply 41"]);
    expect(state.lastSeq).toBe(41);
  });

  test("after a reconnect it asks for what it missed, once", () => {
    const { effects } = run([
      ...hello(7),
      trade(8),
      { kind: "disconnected", now: 1 },
      ...hello(20, 2),
      trade(9),
      trade(10),
    ]);
    expect(effects).toEqual(["refreshAll", "apply 8", "sync from 8", "apply 9", "apply 10"]);
  });

  test("a server that started over makes the page start over", () => {
    const { state, effects } = run([...hello(70), { kind: "disconnected", now: 1 }, ...hello(3, 2)]);
    expect(effects).toEqual(["refreshAll", "sync from 70", "refreshAll"]);
    expect(state.lastSeq).toBe(3);
    expect(state.syncing).toBe(false);
  });

  test("an answer without news ends the resync", () => {
    const back: Input[] = [
      { kind: "disconnected", now: 1 },
      { kind: "connected", now: 2 },
      { kind: "synced", now: 3 },
    ];
    const { state, effects } = run([...hello(7), ...back, { kind: "tick", now: 60_000 }]);
    expect(effects).toEqual(["refreshAll", "sync from 7"]);
    expect(state.syncing).toBe(false);
  });

  test("a gap the answer did not close makes the lists old and goes on", () => {
    const { state, effects } = run([...hello(7), trade(10), { kind: "synced", now: 1 }, trade(11)]);
    expect(effects).toEqual(["refreshAll", "sync from 7", "refreshAll", "apply 11"]);
    expect(state.held.size).toBe(0);
  });

  test("an unanswered resync is asked again", () => {
    const { effects } = run([
      ...hello(1),
      trade(3, 10),
      { kind: "tick", now: 4_000 },
      { kind: "tick", now: 6_000 },
    ]);
    expect(effects).toEqual(["refreshAll", "sync from 1", "sync from 1"]);
  });

  test("what is held back is bounded", () => {
    const flood = Array.from({ length: HELD_MAX + 1 }, (_, i) => trade(i + 100));
    const { state, effects } = run([...hello(1), ...flood]);
    expect(effects.at(-1)).toBe("refreshAll");
    expect(state.held.size).toBe(0);
  });

  test("events without a number are applied at once", () => {
    const equity: Input = { kind: "event", event: event("portfolio.equity", null), now: 0 };
    expect(run([...hello(5), equity]).effects).toEqual(["refreshAll", "apply portfolio.equity"]);
  });

  test("an expiring token is renewed", () => {
    const expiring: Input = {
      kind: "event",
      event: event("token.expiring", null, { expires_in: 300 }),
      now: 0,
    };
    expect(run([...hello(5), expiring]).effects).toEqual(["refreshAll", "renewToken"]);
  });

  test("the light tells live, reconnecting and stale apart", () => {
    expect(light(initial, 0)).toBe("connecting");
    const { state } = run(hello(1, 1_000));
    expect(light(state, 2_000)).toBe("live");
    expect(light(state, 1_001 + STALE_AFTER_MS)).toBe("stale");
    const lost = run([{ kind: "disconnected", now: 2_000 }], state).state;
    expect(light(lost, 3_000)).toBe("reconnecting");
    expect(light(lost, 1_001 + STALE_AFTER_MS)).toBe("stale");
  });

  test("a logout is final, a restart is not", () => {
    const closed = (reason: string): Input[] => [
      ...hello(1),
      { kind: "event", event: event("connection.closed", null, { reason }), now: 1 },
      { kind: "disconnected", now: 1 },
    ];
    expect(run(closed("logout")).state.link).toBe("closed");
    expect(run(closed("server_shutdown")).state.link).toBe("reconnecting");
  });
});

test("waiting grows to half a minute and never ends", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 90].map((n) => wait(n, 1))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
  ]);
  expect(wait(0, 0)).toBe(750);
});

test.each([null, 3, {}, { v: 2, type: "x" }, { v: 1 }, []])("%j is no envelope", (value) => {
  expect(readEnvelope(value)).toBeNull();
});

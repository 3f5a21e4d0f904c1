// Decides what the page knows about the live feed: what arrived, what is missing, how fresh it is. Pure: effects are
// returned, not done, and the clock is an argument.

import { type Envelope, number } from "./envelope.ts";

export type Link = "connecting" | "live" | "reconnecting" | "closed";
export type Light = "connecting" | "live" | "reconnecting" | "stale";

export interface FeedState {
  link: Link;
  /** Number of the last event applied; none before the first hello. */
  lastSeq: number | null;
  /** When anything was last heard, by our clock. */
  heardAt: number | null;
  /** A resync was asked for and is not answered yet. */
  syncing: boolean;
  /** When it was asked for, to ask again if no answer comes. */
  syncAskedAt: number | null;
  /** Events that came while earlier ones are still missing, by number. */
  held: ReadonlyMap<number, Envelope>;
  /** Why the server ended the connection, if it said so. */
  closedReason: string | null;
}

export type Effect =
  | { kind: "apply"; event: Envelope }
  | { kind: "replace"; event: Envelope }
  | { kind: "requestSync"; lastSeq: number | null }
  | { kind: "refreshAll" }
  | { kind: "renewToken" };

export type Input =
  | { kind: "connected"; now: number }
  | { kind: "disconnected"; now: number }
  | { kind: "event"; event: Envelope; now: number }
  | { kind: "heard"; now: number }
  /** The server has answered a resync: everything it had to send has been sent. */
  | { kind: "synced"; now: number }
  | { kind: "tick"; now: number };

export interface Step {
  state: FeedState;
  effects: Effect[];
}

/** Events held back while a gap is open; more than this and the page starts over from a snapshot. */
export const HELD_MAX = 1_000;
/** A resync unanswered for this long is asked for again. */
export const SYNC_PATIENCE_MS = 5_000;
/** Nothing heard for this long (the server pings every 25 s) and the light turns stale. */
export const STALE_AFTER_MS = 45_000;

export const initial: FeedState = {
  link: "connecting",
  lastSeq: null,
  heardAt: null,
  syncing: false,
  syncAskedAt: null,
  held: new Map(),
  closedReason: null,
};

export function step(state: FeedState, input: Input): Step {
  switch (input.kind) {
    case "connected":
      return connect(state, input.now);
    case "disconnected":
      return {
        state: { ...state, link: state.closedReason ? "closed" : "reconnecting", syncing: false },
        effects: [],
      };
    case "heard":
      return { state: { ...state, heardAt: input.now }, effects: [] };
    case "synced":
      return settle({ ...state, heardAt: input.now });
    case "tick":
      return patience(state, input.now);
    case "event":
      return take({ ...state, heardAt: input.now }, input.event, input.now);
  }
}

/** What the light shows. */
export function light(state: FeedState, now: number): Light {
  if (state.link === "live") {
    return state.heardAt !== null && now - state.heardAt > STALE_AFTER_MS ? "stale" : "live";
  }
  if (state.link === "connecting") return "connecting";
  return state.heardAt !== null && now - state.heardAt > STALE_AFTER_MS ? "stale" : "reconnecting";
}

function connect(state: FeedState, now: number): Step {
  const next: FeedState = { ...state, link: "live", heardAt: now, closedReason: null, held: new Map() };
  if (state.lastSeq === null) return { state: next, effects: [] };
  return ask(next, now);
}

function ask(state: FeedState, now: number): Step {
  return {
    state: { ...state, syncing: true, syncAskedAt: now },
    effects: [{ kind: "requestSync", lastSeq: state.lastSeq }],
  };
}

/** A gap that is still open after the answer cannot be closed by events: what is held is taken, the lists asked for. */
function settle(state: FeedState): Step {
  const done: FeedState = { ...state, syncing: false, syncAskedAt: null };
  if (state.held.size === 0) return { state: done, effects: [] };
  const lastSeq = Math.max(...state.held.keys());
  return { state: { ...done, lastSeq, held: new Map() }, effects: [{ kind: "refreshAll" }] };
}

function patience(state: FeedState, now: number): Step {
  const overdue =
    state.link === "live" &&
    state.syncing &&
    state.syncAskedAt !== null &&
    now - state.syncAskedAt > SYNC_PATIENCE_MS;
  return overdue ? ask(state, now) : { state, effects: [] };
}

function take(state: FeedState, event: Envelope, now: number): Step {
  switch (event.type) {
    case "connection.authorized":
      return welcome(state, number(event.data, "last_seq") ?? null, now);
    case "connection.closed": {
      const reason = typeof event.data.reason === "string" ? event.data.reason : "closed";
      return { state: { ...state, closedReason: isFinal(reason) ? reason : null }, effects: [] };
    }
    case "token.expiring":
      return { state, effects: [{ kind: "renewToken" }] };
    case "state.sync":
      return snapshot(state, event, number(event.data, "as_of_seq") ?? null);
  }
  if (event.seq === null) return { state, effects: [{ kind: "apply", event }] };
  return inOrder(state, event, event.seq, now);
}

/** Whether the server ended the connection for good: only a new login helps. */
export function isFinal(reason: string): boolean {
  return reason === "logout" || reason === "revoked";
}

function welcome(state: FeedState, serverSeq: number | null, now: number): Step {
  if (serverSeq === null) return { state, effects: [] };
  if (state.lastSeq === null) {
    return { state: { ...state, lastSeq: serverSeq }, effects: [{ kind: "refreshAll" }] };
  }
  // A smaller number than ours means the server started over (a fresh demo): nothing we hold can be trusted.
  if (serverSeq < state.lastSeq) {
    const fresh: FeedState = {
      ...state,
      lastSeq: serverSeq,
      syncing: false,
      syncAskedAt: null,
      held: new Map(),
    };
    return { state: fresh, effects: [{ kind: "refreshAll" }] };
  }
  if (serverSeq === state.lastSeq)
    return { state: { ...state, syncing: false, syncAskedAt: null }, effects: [] };
  return state.syncing ? { state, effects: [] } : ask(state, now);
}

function snapshot(state: FeedState, event: Envelope, asOf: number | null): Step {
  const lastSeq = asOf ?? state.lastSeq;
  const settled: FeedState = { ...state, lastSeq, syncing: false, syncAskedAt: null };
  const drained = drain(settled);
  return { state: drained.state, effects: [{ kind: "replace", event }, ...drained.effects] };
}

function inOrder(state: FeedState, event: Envelope, seq: number, now: number): Step {
  if (state.lastSeq === null) {
    return { state: { ...state, lastSeq: seq }, effects: [{ kind: "apply", event }] };
  }
  if (seq <= state.lastSeq) return { state, effects: [] };
  if (seq === state.lastSeq + 1) {
    const applied: FeedState = { ...state, lastSeq: seq };
    const drained = drain(applied);
    return { state: drained.state, effects: [{ kind: "apply", event }, ...drained.effects] };
  }
  if (state.held.size >= HELD_MAX) {
    const fresh: FeedState = { ...state, lastSeq: seq, held: new Map(), syncing: false, syncAskedAt: null };
    return { state: fresh, effects: [{ kind: "refreshAll" }] };
  }
  const held = new Map(state.held).set(seq, event);
  return state.syncing ? { state: { ...state, held }, effects: [] } : ask({ ...state, held }, now);
}

/** Applies what was held back, as far as it is now in order. */
function drain(state: FeedState): Step {
  const effects: Effect[] = [];
  let lastSeq = state.lastSeq;
  const held = new Map(state.held);
  if (lastSeq !== null) {
    for (const seq of [...held.keys()].sort((a, b) => a - b)) {
      if (seq > lastSeq + 1) break;
      const event = held.get(seq);
      held.delete(seq);
      if (seq === lastSeq + 1 && event) {
        effects.push({ kind: "apply", event });
        lastSeq = seq;
      }
    }
  }
  return { state: { ...state, lastSeq, held }, effects };
}

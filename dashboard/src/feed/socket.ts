// Decides when to connect, with which token, and how to come back. What the events mean is the reducer's question.

import { io, type Socket } from "socket.io-client";
import { wait } from "./backoff.ts";
import { type Envelope, isRecord, readEnvelope } from "./envelope.ts";
import { type Effect, type FeedState, type Input, initial, isFinal, step } from "./reducer.ts";

const TICK_MS = 1_000;
/** Quotes one user may watch (RT-07). */
const QUOTES_MAX = 50;

export interface FeedDeps {
  /** Asks the server for a socket token. */
  token: () => Promise<string>;
  apply: (event: Envelope) => void;
  replace: (event: Envelope) => void;
  refreshAll: () => void;
  /** The state after every input. */
  changed: (state: FeedState) => void;
  /** The session is over: only a login helps. */
  ended: () => void;
}

/** The live connection of the page. `start` once; `stop` ends it for good. */
export class Feed {
  private state: FeedState = initial;
  private socket: Socket | null = null;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private ticker: ReturnType<typeof setInterval> | null = null;
  private stopped = false;
  private readonly deps: FeedDeps;
  /** Symbols asked for and by how many; asked again after every reconnect. */
  private readonly watched = new Map<string, number>();

  constructor(deps: FeedDeps) {
    this.deps = deps;
  }

  start(): void {
    this.ticker = setInterval(() => this.input({ kind: "tick", now: Date.now() }), TICK_MS);
    window.addEventListener("online", this.now);
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    if (this.ticker) clearInterval(this.ticker);
    if (this.retry) clearTimeout(this.retry);
    window.removeEventListener("online", this.now);
    this.socket?.disconnect();
  }

  /** Asks for quotes; each `watch` needs its `unwatch`. */
  watch(symbols: readonly string[]): void {
    const fresh = symbols
      .filter((symbol) => !this.watched.has(symbol))
      .slice(0, QUOTES_MAX - this.watched.size);
    for (const symbol of symbols) {
      if (this.watched.has(symbol) || fresh.includes(symbol)) {
        this.watched.set(symbol, (this.watched.get(symbol) ?? 0) + 1);
      }
    }
    if (fresh.length > 0) this.socket?.emit("market.subscribe", { symbols: fresh });
  }

  unwatch(symbols: readonly string[]): void {
    const gone = symbols.filter((symbol) => this.watched.get(symbol) === 1);
    for (const symbol of symbols) {
      const users = this.watched.get(symbol);
      if (users === undefined) continue;
      if (users === 1) this.watched.delete(symbol);
      else this.watched.set(symbol, users - 1);
    }
    if (gone.length > 0) this.socket?.emit("market.unsubscribe", { symbols: gone });
  }

  /** Skips the wait: the network is back. */
  private readonly now = (): void => {
    if (this.retry) {
      clearTimeout(this.retry);
      this.retry = null;
      void this.connect();
    }
  };

  private input(input: Input): void {
    const before = this.state;
    const { state, effects } = step(before, input);
    this.state = state;
    if (state !== before) this.deps.changed(state);
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case "apply":
        this.deps.apply(effect.event);
        break;
      case "replace":
        this.deps.replace(effect.event);
        break;
      case "refreshAll":
        this.deps.refreshAll();
        break;
      case "requestSync":
        this.resync(effect.lastSeq);
        break;
      case "renewToken":
        void this.deps.token().then(
          (token) => this.socket?.emit("connection.reauth", { token }),
          () => undefined,
        );
        break;
    }
  }

  private resync(lastSeq: number | null): void {
    const socket = this.socket;
    socket?.emit("state.requestSync", lastSeq === null ? {} : { last_seq: lastSeq }, (answer: unknown) => {
      if (socket === this.socket && isRecord(answer) && answer.ok === true) {
        this.input({ kind: "synced", now: Date.now() });
      }
    });
  }

  private async connect(): Promise<void> {
    this.retry = null;
    if (this.stopped) return;
    let token: string;
    try {
      token = await this.deps.token();
    } catch {
      this.later();
      return;
    }
    if (this.stopped) return;
    const socket = io({
      auth: { token },
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnection: false,
      forceNew: true,
      timeout: 10_000,
    });
    this.socket = socket;
    socket.on("connect", () => {
      this.attempt = 0;
      this.input({ kind: "connected", now: Date.now() });
      if (this.watched.size > 0) socket.emit("market.subscribe", { symbols: [...this.watched.keys()] });
    });
    socket.onAny((_name: string, payload: unknown) => {
      const event = readEnvelope(payload);
      if (event) this.input({ kind: "event", event, now: Date.now() });
    });
    socket.io.on("ping", () => this.input({ kind: "heard", now: Date.now() }));
    socket.on("connect_error", () => this.lost(socket));
    socket.on("disconnect", () => this.lost(socket));
  }

  private lost(socket: Socket): void {
    if (socket !== this.socket || this.stopped) return;
    this.socket = null;
    socket.offAny();
    socket.removeAllListeners();
    socket.disconnect();
    this.input({ kind: "disconnected", now: Date.now() });
    if (this.state.closedReason && isFinal(this.state.closedReason)) {
      this.deps.ended();
      return;
    }
    this.later();
  }

  private later(): void {
    if (this.stopped || this.retry) return;
    if (this.state.link === "live") this.input({ kind: "disconnected", now: Date.now() });
    this.retry = setTimeout(() => void this.connect(), wait(this.attempt, Math.random()));
    this.attempt += 1;
  }
}

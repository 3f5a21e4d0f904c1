// Decides the words for the server's stable codes. A code without a word is shown as it is, in plain spelling.

export type Tone = "" | "good" | "bad" | "work" | "warn" | "ask";

const STATES: Record<string, [string, Tone]> = {
  pending_approval: ["waiting for you", "ask"],
  queued: ["queued", "warn"],
  pending: ["sending", "work"],
  submitted: ["working", "work"],
  unknown: ["checking with the broker", "warn"],
  partially_filled: ["part filled", "work"],
  filled: ["filled", "good"],
  cancelled: ["cancelled", ""],
  rejected: ["rejected", "bad"],
  denied: ["denied", "bad"],
  expired: ["expired", ""],
  declined: ["declined", ""],
  escalated: ["needs a person", "bad"],
};

const VERDICTS: Record<string, [string, Tone]> = {
  placed: ["placed", "good"],
  reduced: ["reduced", "warn"],
  awaiting_approval: ["waiting for you", "ask"],
  queued: ["queued", "warn"],
  skipped: ["skipped", ""],
  denied: ["denied", "bad"],
  refused: ["refused", "bad"],
  expired: ["expired", ""],
};

const SIGNAL_STATES: Record<string, [string, Tone]> = {
  read: ["in work", "work"],
  done: ["done", ""],
  stale: ["stale, not traded", "warn"],
  invalid: ["invalid", "bad"],
  superseded: ["superseded", ""],
  deleted: ["deleted", ""],
};

const REASONS: Record<string, string> = {
  follow_disabled: "The follow is switched off",
  no_access: "No access to this community",
  plan_limit: "The plan's daily signals are used up",
  killed: "Trading was stopped",
  paused: "Trading was paused",
  locked: "The account was locked",
  confidence_below_min: "Confidence below your minimum",
  asset_not_allowed: "This asset class is off in your follow",
  symbol_denied: "You denied this symbol",
  no_connection: "No connection for this asset class",
  connection_unhealthy: "The connection was not healthy",
  duplicate: "A repeat of a signal already read",
  merged: "Merged with the same signal seconds before",
  conflict: "Conflicts with a signal seconds before",
  stale: "Too old when it arrived",
  expired: "Its time ran out",
  approval_expired: "Nobody answered in time",
  approval_declined: "You declined",
  invalid_signal: "The signal cannot be right",
  ambiguous_followup: "It could mean more than one open signal",
  nothing_to_close: "Nothing of it is held",
  unsupported_asset: "The venue does not trade this",
  unsupported_order: "The venue cannot work such an order",
  adds_disabled: "Additions are off in your follow",
  superseded: "A newer revision replaced it",
  provider_inactive: "The provider is not active",
};

const NO_TRADES: Record<string, string> = {
  chatter: "talk",
  negation: "says not to",
  question: "a question",
  hypothetical: "only a thought",
  recap: "a report of what is over",
  watchlist: "a watch list",
  news: "news",
  quote: "somebody else's words",
  promo: "advertising",
  empty: "no text",
  other: "not readable as a trade",
};

export function plain(code: string): string {
  return code.replaceAll("_", " ");
}

export function orderState(code: string): [string, Tone] {
  return STATES[code] ?? [plain(code), ""];
}

export function verdict(code: string): [string, Tone] {
  return VERDICTS[code] ?? [plain(code), ""];
}

export function signalState(code: string): [string, Tone] {
  return SIGNAL_STATES[code] ?? [plain(code), ""];
}

export function reasonText(code: string): string {
  return REASONS[code] ?? plain(code);
}

export function noTrade(code: string): string {
  return NO_TRADES[code] ?? plain(code);
}

/** `stop 2`, `target 1`, `entry`. A single slice needs no number. */
export function leg(kind: string, number: number | null | undefined): string {
  return number && number > 1 ? `${kind} ${number}` : kind;
}

// Decides what a key does: `g` and a letter go to a page, `a` or `d` points at an answer of a card (Enter then gives it),
// Shift+K opens the kill dialog, `?` the help. No single key sends an order. Keys typed into a field belong to the field.

export type Stroke = { key: string; ctrl: boolean; alt: boolean; meta: boolean; typing: boolean };
export type Command = { go: string } | { point: "approve" | "decline" } | "help" | "kill" | null;

const PAGES: Record<string, string> = {
  l: "/",
  s: "/signals",
  o: "/orders",
  j: "/journal",
  t: "/reading",
  w: "/webhooks",
  n: "/notices",
  r: "/risk",
  b: "/brokers",
  e: "/settings",
};
/** The letter must follow `g` within this time. */
export const CHORD_MS = 1_200;

export interface Chord {
  /** When `g` was pressed; none when no chord is open. */
  since: number | null;
}

export function press(chord: Chord, stroke: Stroke, now: number): { chord: Chord; command: Command } {
  const none = { chord: { since: null }, command: null };
  if (stroke.typing || stroke.ctrl || stroke.alt || stroke.meta) return none;
  if (chord.since !== null && now - chord.since <= CHORD_MS) {
    const page = PAGES[stroke.key];
    if (page) return { chord: { since: null }, command: { go: page } };
  }
  if (stroke.key === "g") return { chord: { since: now }, command: null };
  if (stroke.key === "a") return { chord: { since: null }, command: { point: "approve" } };
  if (stroke.key === "d") return { chord: { since: null }, command: { point: "decline" } };
  if (stroke.key === "?") return { chord: { since: null }, command: "help" };
  if (stroke.key === "K") return { chord: { since: null }, command: "kill" };
  return none;
}

/** Whether the key goes into a field. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Focuses an answer of the card that has the focus, else of the first card. Pressing it is left to the reader. */
export function pointAt(answer: "approve" | "decline"): void {
  const card =
    document.activeElement?.closest("[data-approval]") ?? document.querySelector("[data-approval]");
  card?.querySelector<HTMLButtonElement>(`[data-answer="${answer}"]`)?.focus();
}

// Decides how what a provider taught is edited: rows in a form, the profile they stand for, and beside which field a fault
// of the server belongs.

import { type FieldFault, Problem } from "../api/problem.ts";
import type { Lesson, ProfileBody, Reading } from "../api/schema.ts";
import { noTrade, plain } from "./word.ts";

/** One format in the form. `id` keeps its place in the page while rows are moved. */
export interface FormatRow {
  id: number;
  name: string;
  pattern: string;
}

/** One own word and what it stands for. */
export interface WordRow {
  id: number;
  own: string;
  known: string;
}

export interface Draft {
  templates: FormatRow[];
  verbs: WordRow[];
  labels: WordRow[];
  sell_means: string;
  default_asset: string;
  default_expiry: string;
}

type Taught = ProfileBody | Lesson;

let last = 0;
/** A number for a new row. */
export function rowId(): number {
  last += 1;
  return last;
}

const words = (taught: { [own: string]: string }): WordRow[] =>
  Object.entries(taught).map(([own, known]) => ({ id: rowId(), own, known }));

export function draftOf(taught: Taught): Draft {
  return {
    templates: taught.templates.map(({ name, pattern }) => ({ id: rowId(), name, pattern })),
    verbs: words(taught.verbs),
    labels: words(taught.labels),
    sell_means: taught.sell_means ?? "",
    default_asset: taught.default_asset ?? "",
    default_expiry: taught.default_expiry ?? "",
  };
}

const started = (row: { own: string }) => row.own.trim() !== "";
const written = (row: FormatRow) => row.name.trim() !== "" || row.pattern.trim() !== "";

function table(rows: readonly WordRow[]): Record<string, string> {
  const pairs = rows.filter(started).map((row): [string, string] => [row.own.trim(), row.known.trim()]);
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The profile the form stands for; rows nothing was written in are left out. */
export function bodyOf(draft: Draft): ProfileBody {
  return {
    templates: draft.templates.filter(written).map(({ name, pattern }) => ({ name: name.trim(), pattern })),
    verbs: table(draft.verbs),
    labels: table(draft.labels) as ProfileBody["labels"],
    sell_means: (draft.sell_means || null) as ProfileBody["sell_means"],
    default_asset: (draft.default_asset || null) as ProfileBody["default_asset"],
    default_expiry: (draft.default_expiry || null) as ProfileBody["default_expiry"],
  };
}

/** Whether the form teaches something else than what is kept. */
export function differs(draft: Draft, taught: Taught): boolean {
  return JSON.stringify(bodyOf(draft)) !== JSON.stringify(bodyOf(draftOf(taught)));
}

/** The rows with one moved up (-1) or down (1); unchanged at an end. */
export function moved<T extends { id: number }>(rows: readonly T[], id: number, by: -1 | 1): T[] {
  const from = rows.findIndex((row) => row.id === id);
  const next = [...rows];
  const [row, other] = [next[from], next[from + by]];
  if (row && other) {
    next[from] = other;
    next[from + by] = row;
  }
  return next;
}

/** Faults by the field of the form they belong to (`template 3 name`, `verbs 7`, `sell_means`), and those that fit none. */
export interface Placed {
  at: Map<string, string>;
  rest: string[];
}

function quoted(field: string): string | null {
  const text = /^\w+\[(".*")\]$/s.exec(field)?.[1];
  if (text === undefined) return null;
  try {
    const own: unknown = JSON.parse(
      text.replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, hex) => `\\u${hex.padStart(4, "0")}`),
    );
    return typeof own === "string" ? own : null;
  } catch {
    return null;
  }
}

function place(field: string, draft: Draft): string | null {
  const format = /^templates\[(\d+)\]\.(name|pattern)$/.exec(field);
  if (format) {
    const row = draft.templates.filter(written)[Number(format[1])];
    return row ? `template ${row.id} ${format[2]}` : null;
  }
  for (const list of ["verbs", "labels"] as const) {
    if (!field.startsWith(`${list}[`)) continue;
    const own = quoted(field);
    const row = draft[list].find((one) => one.own.trim() === own);
    return row ? `${list} ${row.id}` : null;
  }
  return ["sell_means", "default_asset", "default_expiry", "note"].includes(field) ? field : null;
}

/** What the server said against the draft, each beside its field, and own words that stand there twice. */
export function placed(draft: Draft, faults: readonly FieldFault[]): Placed {
  const found: Placed = { at: new Map(), rest: [] };
  for (const { field = "", message } of faults) {
    const name = field.replace(/^profile\./, "");
    const spot = place(name, draft);
    if (!spot) found.rest.push(name ? `${name}: ${message}` : message);
    else if (!found.at.has(spot)) found.at.set(spot, message);
  }
  for (const list of ["verbs", "labels"] as const) {
    const seen = new Set<string>();
    for (const row of draft[list].filter(started)) {
      const own = row.own.trim().toLowerCase();
      if (seen.has(own)) found.at.set(`${list} ${row.id}`, "the word stands there already");
      seen.add(own);
    }
  }
  return found;
}

/** The faults of an answer that refused what was written; none of any other trouble. */
export function faultsOf(error: unknown): FieldFault[] {
  return error instanceof Problem && error.status === 422 ? error.faults : [];
}

/** Whether somebody else saved in the meantime. */
export function overtaken(error: unknown): boolean {
  return error instanceof Problem && (error.status === 409 || error.status === 412);
}

/** The text with a slot put in place of what is selected, and where the caret stands after it. */
export function inserted(text: string, from: number, to: number, slot: string): [string, number] {
  const before = text.slice(0, from);
  // Two slots must not touch, nor a slot a word.
  const gap = /[\p{L}\p{N}}]$/u.test(before) ? " " : "";
  const put = `${gap}{${slot}}`;
  return [before + put + text.slice(to), from + put.length];
}

/** What a reading is in few words where it is no trade. */
export function refusal(reading: Reading): string {
  if (reading.verdict === "not_a_trade") return `no trade: ${noTrade(reading.reason ?? "other")}`;
  return `${plain(reading.reason ?? "invalid")}: ${reading.message ?? ""}`;
}

// Decides how the values of a journal entry are laid side by side: one line per field, nested fields by their path.

import { isRecord } from "../feed/envelope.ts";

export interface Line {
  field: string;
  before: string;
  after: string;
}

function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (Array.isArray(value)) {
    if (value.length === 0) into.set(path, "none");
    value.forEach((each, i) => {
      flatten(each, value.length === 1 ? path : `${path} ${i + 1}`, into);
    });
  } else if (isRecord(value)) {
    for (const [name, each] of Object.entries(value)) flatten(each, path ? `${path} ${name}` : name, into);
  } else if (value !== null && value !== undefined) {
    into.set(path || "value", String(value));
  }
}

/** Lines for every field either side has, in the order they come. */
export function differences(before: unknown, after: unknown): Line[] {
  const [old, now] = [new Map<string, string>(), new Map<string, string>()];
  flatten(before, "", old);
  flatten(after, "", now);
  return [...new Set([...old.keys(), ...now.keys()])].map((field) => ({
    field: field.replaceAll("_", " "),
    before: old.get(field) ?? "",
    after: now.get(field) ?? "",
  }));
}

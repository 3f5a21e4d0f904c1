// Decides what an event of the live feed looks like on the wire. What does not fit is no event.

export interface Envelope {
  v: number;
  type: string;
  at: string;
  /** The user's own number, without gaps; none for quotes, equity and messages about the connection. */
  seq: number | null;
  data: Record<string, unknown>;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function readEnvelope(value: unknown): Envelope | null {
  if (!isRecord(value) || value.v !== 1 || typeof value.type !== "string") return null;
  const seq = typeof value.seq === "number" ? value.seq : null;
  return {
    v: 1,
    type: value.type,
    at: typeof value.at === "string" ? value.at : "",
    seq,
    data: isRecord(value.data) ? value.data : {},
  };
}

/** A text field of an event, if it has it. */
export function text(data: Record<string, unknown>, field: string): string | undefined {
  const value = data[field];
  return typeof value === "string" ? value : undefined;
}

export function number(data: Record<string, unknown>, field: string): number | undefined {
  const value = data[field];
  return typeof value === "number" ? value : undefined;
}

// Decides how a failed request is told: the server's problem document, or the plain fact that nobody answered.

import { isRecord } from "../feed/envelope.ts";

export interface FieldFault {
  field?: string;
  code?: string;
  message: string;
  limit?: string;
  actual?: string;
}

/** A request that did not succeed. `status` 0: no answer at all. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly faults: FieldFault[];

  constructor(
    status: number,
    code: string,
    message: string,
    requestId: string | null,
    faults: FieldFault[] = [],
  ) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.faults = faults;
  }
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}

function readFault(value: unknown): FieldFault[] {
  if (!isRecord(value)) return [];
  const fault: FieldFault = { message: optionalText(value.message) ?? "" };
  const { field, code, limit, actual } = value;
  const given: [keyof FieldFault, unknown][] = [
    ["field", field],
    ["code", code],
    ["limit", limit],
    ["actual", actual],
  ];
  for (const [name, raw] of given) {
    const text = optionalText(raw);
    if (text !== undefined) fault[name] = text;
  }
  return [fault];
}

/** Reads an RFC 9457 body; a body of another kind is told by its status alone. */
export function readProblem(status: number, body: unknown, requestId: string | null): Problem {
  if (!isRecord(body))
    return new Problem(status, `http_${status}`, `The server answered ${status}.`, requestId);
  const message = optionalText(body.detail) ?? optionalText(body.title) ?? `The server answered ${status}.`;
  const faults = Array.isArray(body.errors) ? body.errors.flatMap(readFault) : [];
  const id = optionalText(body.request_id) ?? requestId;
  return new Problem(status, optionalText(body.code) ?? `http_${status}`, message, id, faults);
}

export const unreachable = () =>
  new Problem(
    0,
    "unreachable",
    "The server cannot be reached. It may be restarting; this page tries again by itself.",
    null,
  );

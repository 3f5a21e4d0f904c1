// Decides how the server is spoken to: one base, the session's cookie, the CSRF token on every write.

import { isRecord } from "../feed/envelope.ts";
import { Problem, readProblem, unreachable } from "./problem.ts";

const BASE = "/api/v1";
/** A request unanswered for this long counts as unreachable. */
const PATIENCE_MS = 15_000;

let csrf: Promise<string> | null = null;

/** Asks the reader for a second factor; true once it was shown. `enrolled`: there is an authenticator to ask. */
export type AskFactor = (enrolled: boolean) => Promise<boolean>;
let askFactor: AskFactor | null = null;

/** Names who asks for a second factor; null when nobody does. */
export function setAskFactor(ask: AskFactor | null): void {
  askFactor = ask;
}

async function send(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<unknown> {
  const init: RequestInit = {
    method,
    credentials: "same-origin",
    headers: { Accept: "application/json", ...headers },
    signal: AbortSignal.timeout(PATIENCE_MS),
  };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, "Content-Type": "application/json" };
  }
  let answer: Response;
  try {
    answer = await fetch(url, init);
  } catch {
    throw unreachable();
  }
  const parsed: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw readProblem(answer.status, parsed, answer.headers.get("x-request-id"));
  return parsed;
}

function csrfToken(): Promise<string> {
  csrf ??= send("GET", `${BASE}/auth/csrf`, {}).then((body) => {
    const token = isRecord(body) ? (body.csrf_token ?? body.token) : null;
    if (typeof token !== "string") throw new Problem(0, "csrf", "The server gave no CSRF token.", null);
    return token;
  });
  csrf.catch(() => {
    csrf = null;
  });
  return csrf;
}

/** Forgets the CSRF token, as after a login or logout. */
export function forgetCsrf(): void {
  csrf = null;
}

export async function get<T>(path: string): Promise<T> {
  return (await send("GET", BASE + path, {})) as T;
}

/** A route at the root, not under the API's base. */
export async function getRoot<T>(path: string): Promise<T> {
  return (await send("GET", path, {})) as T;
}

/**
 * A write. A refused CSRF token is fetched again once, and what needs a second factor is repeated once it was shown:
 * both were refused before anything was done. Nothing else is ever repeated. Pass `idempotencyKey` where the
 * server requires one: the same key with the same body has effect once. Pass `version` where one is changed.
 */
export async function write<T>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  idempotencyKey?: string,
  version?: number,
): Promise<T> {
  const attempt = async () => {
    const headers: Record<string, string> = { "X-CSRF-Token": await csrfToken() };
    if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
    if (version !== undefined) headers["If-Match"] = String(version);
    return (await send(method, BASE + path, headers, body)) as T;
  };
  const withToken = async () => {
    try {
      return await attempt();
    } catch (fault) {
      if (!refusedFor(fault, "csrf")) throw fault;
      forgetCsrf();
      return await attempt();
    }
  };
  return path === STEP_UP ? await withToken() : await withFactor(withToken);
}

/** Does it again once a second factor was shown, where one is needed. */
async function withFactor<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (fault) {
    if (!askFactor || !refusedFor(fault, "step_up_required")) throw fault;
    const enrolled = !fault.faults.some((one) => one.code === "not_enrolled");
    if (!(await askFactor(enrolled))) throw fault;
    return await attempt();
  }
}

/** A read that may need a second factor. */
export async function getGuarded<T>(path: string): Promise<T> {
  return await withFactor(() => get<T>(path));
}

/** Where a second factor is shown; asking for one in between would never end. */
export const STEP_UP = "/auth/step-up";

function refusedFor(fault: unknown, code: string): fault is Problem {
  return fault instanceof Problem && fault.status === 403 && fault.code === code;
}

export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

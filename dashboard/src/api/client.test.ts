import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetCsrf, STEP_UP, setAskFactor, write } from "./client.ts";
import { Problem } from "./problem.ts";

type Answer = [status: number, body: unknown];
let asked: string[];
let answers: Answer[];

const needed = (code: string): Answer => [
  403,
  { code: "step_up_required", detail: "a factor", errors: [{ field: "session", code, message: "m" }] },
];

beforeEach(() => {
  asked = [];
  answers = [];
  forgetCsrf();
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (url.endsWith("/auth/csrf")) return Response.json({ token: "t" });
    asked.push(`${init.method} ${url} ${String(init.body)}`);
    const [status, body] = answers.shift() ?? [500, {}];
    return Response.json(body, { status });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  setAskFactor(null);
});

test("what needs a second factor waits for it and is repeated as it was", async () => {
  answers = [needed("step_up"), [200, { on: false }]];
  const told: boolean[] = [];
  setAskFactor(async (enrolled) => {
    told.push(enrolled);
    return true;
  });
  expect(await write("DELETE", "/risk/kill", { confirm: "RESUME" })).toEqual({ on: false });
  expect(told).toEqual([true]);
  expect(asked).toHaveLength(2);
  expect(asked[1]).toBe(asked[0]);
});

test.each([
  ["the reader says no", false, 1],
  ["it is refused again", true, 2],
])("when %s the refusal is told", async (_, shown, times) => {
  answers = [needed("not_enrolled"), needed("not_enrolled")];
  const told: boolean[] = [];
  setAskFactor(async (enrolled) => {
    told.push(enrolled);
    return shown;
  });
  await expect(write("PUT", "/risk/limits", {})).rejects.toMatchObject({ code: "step_up_required" });
  expect(told).toEqual([false]);
  expect(asked).toHaveLength(times);
});

test("the step-up itself never asks for one, nor does anything while nobody listens", async () => {
  answers = [needed("not_enrolled"), needed("step_up"), [403, { code: "forbidden" }]];
  const ask = vi.fn(async () => true);
  setAskFactor(ask);
  await expect(write("POST", STEP_UP, { code: "1" })).rejects.toBeInstanceOf(Problem);
  setAskFactor(null);
  await expect(write("POST", "/risk/unlock", {})).rejects.toBeInstanceOf(Problem);
  setAskFactor(ask);
  await expect(write("POST", "/risk/kill", {})).rejects.toMatchObject({ code: "forbidden" });
  expect(ask).not.toHaveBeenCalled();
});

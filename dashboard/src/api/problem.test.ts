import { expect, test } from "vitest";
import { readProblem } from "./problem.ts";

test("a problem document is read with its faults", () => {
  const problem = readProblem(
    422,
    {
      title: "Refused",
      detail: "Max position 10% of 10,000.00 = 1,000.00",
      code: "risk_denied",
      request_id: "req_1",
      errors: [{ field: "quantity", code: "RK-17", message: "too big", limit: "1000", actual: 18000 }, 5],
    },
    null,
  );
  expect(problem.code).toBe("risk_denied");
  expect(problem.requestId).toBe("req_1");
  expect(problem.faults).toEqual([
    { field: "quantity", code: "RK-17", message: "too big", limit: "1000", actual: "18000" },
  ]);
});

test.each([null, "<html>", 7])("a body of another kind (%j) is told by its status", (body) => {
  const problem = readProblem(502, body, "req_2");
  expect(problem.message).toBe("The server answered 502.");
  expect(problem.requestId).toBe("req_2");
});

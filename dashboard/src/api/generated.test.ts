import { execFileSync } from "node:child_process";
import { test } from "vitest";

test("the types are those of the server's document", { timeout: 30_000 }, () => {
  execFileSync(process.execPath, ["scripts/api.mjs", "--check"], { stdio: "pipe" });
});

import { expect, test } from "vitest";
import { fieldHint, fieldName, healthWord } from "./broker.ts";

test("a field is named in words", () => {
  expect(fieldName("key_id")).toBe("Key ID");
  expect(fieldName("secret_key")).toBe("Secret key");
  expect(fieldName("account")).toBe("Account");
  expect(fieldName("api_key")).toBe("API key");
  expect(fieldHint("binance", "secret_key")).toContain("Ed25519");
  expect(fieldHint("alpaca", "secret_key")).toBe("");
});

test("every state has words, and a new one is not good", () => {
  expect(healthWord("ok")).toEqual(["works", "good"]);
  expect(healthWord("unauthorised")[1]).toBe("bad");
  expect(healthWord("something new")[1]).toBe("warn");
});

import { expect, test } from "vitest";
import { addressList, brief, curlLine, outcome } from "./hook.ts";

test("every refusal has a word that is not the code's spelling", () => {
  expect(outcome("not_a_trade")).toEqual(["no order", ""]);
  expect(outcome("signature")[1]).toBe("bad");
  expect(outcome("accepted")).toEqual(["accepted", "good"]);
});

test("the shell line carries the address and asks for the pass phrase where one is needed", () => {
  expect(curlLine("http://x/y", false)).toBe(
    `curl -d '{"ticker":"AAPL","action":"buy","type":"market","sl":"3%"}' http://x/y`,
  );
  expect(curlLine("http://x/y", true)).toContain('{"passphrase":"…","ticker"');
});

test("addresses are read however they are set apart", () => {
  expect(addressList(" 192.0.2.7,\n10.0.0.0/8 ; 2001:db8::1\n")).toEqual([
    "192.0.2.7",
    "10.0.0.0/8",
    "2001:db8::1",
  ]);
  expect(addressList("  ")).toEqual([]);
});

test("a long body is cut to a line", () => {
  expect(brief('{\n "a": 1 }')).toBe('{ "a": 1 }');
  expect(brief("x".repeat(200), 20)).toHaveLength(20);
});

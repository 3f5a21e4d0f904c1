import { expect, test } from "vitest";
import type { NoticeBody, NoticeLine } from "../api/schema.ts";
import { faultOf, noticeTone, unread } from "./notice.ts";

const line = (seq: number, tone: NoticeLine["tone"] = "good"): NoticeLine => ({
  seq,
  kind: "fill",
  tone,
  title: "Filled",
  text: "Filled: buy 5 AAPL at 180",
  at: "2026-11-25T15:00:00.000000Z",
  order_id: null,
  signal_id: null,
});

test("what came after the last look is new", () => {
  const lines = [line(30), line(20), line(10)];
  for (const [seen, want] of [
    [0, 3],
    [10, 2],
    [29, 1],
    [30, 0],
    [99, 0],
  ] as const)
    expect(unread(lines, seen), String(seen)).toBe(want);
});

test("a notice that needs care looks like a warning", () => {
  expect(noticeTone(line(1, "care"))).toBe("warn");
  expect(noticeTone(line(1, "plain"))).toBe("");
});

test("quiet hours that cannot be are named before they are sent", () => {
  const body = (quiet: NonNullable<NoticeBody["quiet"]> | null): NoticeBody => ({
    enabled: true,
    fills: true,
    refusals: true,
    limits: true,
    outages: true,
    confirm_slash: true,
    quiet,
  });
  expect(faultOf(body(null))).toBeNull();
  expect(faultOf(body({ from: "22:00", to: "07:00", zone: "Europe/Berlin" }))).toBeNull();
  for (const [from, to, zone, part] of [
    ["24:00", "07:00", "UTC", "22:00"],
    ["22:00", "", "UTC", "22:00"],
    ["22:00", "22:00", "UTC", "end when"],
    ["22:00", "07:00", " ", "time zone"],
  ] as const)
    expect(faultOf(body({ from, to, zone })), `${from} ${to} ${zone}`).toContain(part);
});

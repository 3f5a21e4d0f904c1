import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Factor } from "../api/schema.ts";
import { FactorSettings } from "./FactorSettings.tsx";
import { PendingLimits } from "./PendingLimits.tsx";

const shown = (what: ReactNode) =>
  renderToStaticMarkup(<QueryClientProvider client={new QueryClient()}>{what}</QueryClientProvider>);

const none: Factor = {
  enrolled: false,
  since: null,
  recovery_codes_left: 0,
  locked_until: null,
  stepped_up_until: null,
};

test("what waits names its limit, both values and its instant, and a way back that says whose it is", () => {
  const html = shown(
    <PendingLimits
      pending={[
        {
          limit: "drift_pct.equity",
          from: "1",
          to: "3",
          asked_at: "2026-11-23T10:00:00Z",
          due_at: "2026-11-23T10:10:00Z",
        },
      ]}
    />,
  );
  expect(html).toContain("Drift from the alert, shares");
  expect(html).toContain("from 1 to 3");
  expect(html).toContain('dateTime="2026-11-23T10:10:00Z"');
  expect(html).toContain('aria-label="Take back: Drift from the alert, shares"');
  expect(html).not.toContain("style=");
  expect(shown(<PendingLimits pending={[]} />)).toContain("Nothing waits");
});

test.each([
  ["nobody enrolled is offered to", none, ["Set up an authenticator"], ["Remove", "New recovery codes"]],
  [
    "who is enrolled may renew and remove",
    { ...none, enrolled: true, since: "2026-11-23T10:00:00Z", recovery_codes_left: 7 },
    ["7 recovery codes are left", "New recovery codes", "Remove"],
    ["Set up an authenticator"],
  ],
  [
    "a lock is told with its end",
    { ...none, enrolled: true, since: "2026-11-23T10:00:00Z", locked_until: "2026-11-23T10:20:00Z" },
    ["Too many codes were wrong"],
    [],
  ],
])("%s", (_, factor, there, missing) => {
  const html = shown(<FactorSettings factor={factor} name="Dana" />);
  for (const text of there) expect(html).toContain(text);
  for (const text of missing) expect(html).not.toContain(text);
});

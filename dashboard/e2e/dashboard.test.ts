// What a visitor of the demo sees and does, through a real browser against the real program.

import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Demo } from "./demo.ts";
import { openBrowser, type Visitor, visit } from "./visitor.ts";

const PAGES = [
  "/",
  "/signals",
  "/orders",
  "/journal",
  "/notices",
  "/risk",
  "/settings",
  "/reading",
  "/webhooks",
];

let demo: Demo;
let browser: Browser;
let trader: Visitor;
let link: string;

beforeAll(async () => {
  demo = await Demo.make();
  link = await demo.start();
  browser = await openBrowser();
  trader = await visit(browser);
  await trader.page.goto(link);
});

afterAll(async () => {
  await browser?.close();
  await demo?.remove();
});

/** Speaks to the server as the logged-in page does. */
async function ask(
  page: Page,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  return await page.evaluate(
    async ([how, where, what, more]) => {
      const csrf = await (await fetch("/api/v1/auth/csrf")).json();
      const answer = await fetch(`/api/v1${where}`, {
        method: how,
        headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf.token, ...more },
        ...(what === undefined ? {} : { body: JSON.stringify(what) }),
      });
      return { status: answer.status, body: await answer.json().catch(() => null) };
    },
    [method, path, body, headers] as const,
  );
}

async function newestSignal(page: Page): Promise<string | null> {
  return await page.locator("[data-signal]").first().getAttribute("data-signal");
}

const lamp = (page: Page, state: string) => page.locator(`[data-light="${state}"]`).first();

describe("login", () => {
  test("a stranger is told where the way in is", async () => {
    const stranger = await visit(browser);
    await stranger.page.goto(demo.url);
    await stranger.page.getByText("You are not logged in").waitFor();
    await stranger.page.getByText("one-time link").waitFor();
    await stranger.context.close();
  });

  test("the link lands on the live page with the demo's banner", async () => {
    await trader.page.getByText("Demo: simulated market, no real orders").waitFor();
    expect(new URL(trader.page.url()).pathname).toBe("/");
  });

  test("the link works once", async () => {
    const second = await visit(browser);
    await second.page.goto(link);
    await second.page.getByText(/used before/).waitFor();
    await second.context.close();
  });
});

const factorDialog = (page: Page) => page.getByRole("dialog", { name: "A second factor is needed" });

/** Shows what the demo says its authenticator would show. */
async function stepUp(page: Page): Promise<void> {
  const dialog = factorDialog(page);
  const shown = dialog.getByText("your authenticator would show").locator("strong");
  await dialog.getByLabel(/Code of your authenticator/).fill(await shown.innerText());
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
}

/** The code an authenticator shows for a secret now (RFC 6238). */
function authenticator(secret: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((c) => letters.indexOf(c).toString(2).padStart(5, "0")).join("");
  const bytes = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", Buffer.from(bytes)).update(step).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  const number = (hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, "0");
}

describe("second factor", () => {
  test("a limit is loosened with a code, waits, and is taken back", async () => {
    const { page } = trader;
    await page.goto(demo.url);
    await lamp(page, "live").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    const limit = page.getByLabel("One instrument, % of equity");
    const before = await limit.inputValue();
    await limit.fill(String(Number(before) + 7));
    await page.getByRole("button", { name: "Save" }).click();
    const dialog = factorDialog(page);
    await dialog.getByLabel(/Code of your authenticator/).fill("not a code");
    await dialog.getByRole("button", { name: "Go on" }).click();
    await dialog.getByRole("alert").getByText("4 tries left").first().waitFor();
    await stepUp(page);
    const pending = page.locator('[data-pending="position_pct"]');
    await pending.getByText(`from ${before} to ${Number(before) + 7}`).waitFor();
    await pending.getByText(/^(10:00|9:\d\d)$/).waitFor();
    expect(await limit.inputValue()).toBe(before);
    const stands = await ask(page, "GET", "/risk/limits");
    expect(stands.body.limits.position_pct).toBe(before);
    await pending.getByRole("button", { name: "Take back: One instrument" }).click();
    await pending.waitFor({ state: "detached" });
    await page.getByText("Nothing waits").waitFor();
  });

  test("an authenticator is removed and another set up, with its recovery codes", async () => {
    const { page } = trader;
    await page.goto(`${demo.url}/settings`);
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove it" }).click();
    await page.getByText("No authenticator is set up.").waitFor();
    await page.getByRole("button", { name: "Set up an authenticator" }).click();
    const offer = page.getByRole("dialog", { name: "Set up an authenticator" });
    await offer.getByRole("img", { name: /QR code/ }).waitFor();
    const secret = (await offer.locator("[data-secret]").getAttribute("data-secret")) ?? "";
    await offer.getByLabel("The six digits it shows now").fill(authenticator(secret));
    await page.keyboard.press("Enter");
    const codes = page.getByRole("dialog", { name: "Recovery codes, shown this once" });
    await codes.waitFor();
    const shown = await codes.getByRole("listitem").allInnerTexts();
    expect(shown).toHaveLength(10);
    expect(shown.every((code) => /^[0-9A-Z]{5}-[0-9A-Z]{5}$/.test(code))).toBe(true);
    await codes.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("10 recovery codes are left").waitFor();
    expect(await page.content()).not.toContain(secret);
    const used = await ask(page, "POST", "/auth/step-up", { code: shown[0]?.toLowerCase() });
    expect([used.status, used.body.by_recovery_code]).toEqual([200, true]);
    const again = await ask(page, "POST", "/auth/step-up", { code: shown[0] });
    expect(again.status).toBe(422);
  });
});

describe("live", () => {
  test("signals, verdicts and fills arrive without a reload", async () => {
    const { page } = trader;
    await page.goto(demo.url);
    await lamp(page, "live").waitFor();
    await page.evaluate(() => {
      document.documentElement.dataset.kept = "yes";
    });
    await page.locator("[data-signal]").first().waitFor();
    const before = await newestSignal(page);
    await expect.poll(() => newestSignal(page), { timeout: 60_000 }).not.toBe(before);
    await page
      .locator("[data-signal] .order-line .tag", { hasText: /^filled$/ })
      .first()
      .waitFor({ timeout: 60_000 });
    await page.locator("[data-signal] .decision .tag").first().waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.kept)).toBe("yes");
  });

  test("positions show stop and native protection", async () => {
    const { page } = trader;
    const positions = page.getByRole("table", { name: "Open positions" });
    await positions.locator("tbody tr").first().waitFor({ timeout: 60_000 });
    await positions.getByText("native").first().waitFor({ timeout: 30_000 });
  });

  test("limits show what is used of them", async () => {
    const limits = trader.page.getByRole("region", { name: "Risk limits" });
    await limits.getByText("Daily loss").waitFor();
    await limits.getByText("Portfolio exposure").waitFor();
  });

  test("Kill asks once, is told on every page and is lifted by a typed word and a second factor", async () => {
    const { page } = trader;
    await page.keyboard.press("Shift+K");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Kill: stop all opening now?").waitFor();
    await dialog.getByRole("button", { name: "Kill", exact: true }).click();
    await page.getByText(/Opening is stopped by/).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "Journal" }).waitFor();
    await page.getByText(/Opening is stopped by/).waitFor();
    await page.getByRole("button", { name: "Lift the kill" }).first().click();
    const lift = dialog.getByRole("button", { name: "Lift the kill" });
    expect(await lift.isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("RESUME");
    await lift.click();
    // Asked for a second factor unless one was shown a moment ago.
    const asked = await factorDialog(page)
      .waitFor({ timeout: 3_000 })
      .then(
        () => true,
        () => false,
      );
    if (asked) await stepUp(page);
    await page.getByText(/Opening is stopped by/).waitFor({ state: "detached" });
  });
});

describe("orders", () => {
  test("an order by hand is previewed, placed and cancelled", async () => {
    const { page } = trader;
    const quotes = await ask(page, "GET", "/market/quotes?symbols=BTC/USD");
    const last = Number(quotes.body.items[0].last);
    await page.goto(`${demo.url}/orders`);
    await page.getByRole("button", { name: "New order" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.locator("[name=symbol]").fill("BTC/USD");
    await dialog.locator("[name=quantity]").fill("0.01");
    await dialog.locator("[name=limit]").fill((last * 0.9).toFixed(0));
    await dialog.locator(".verdict-word").getByText("placed").waitFor();
    await dialog.getByRole("button", { name: "Place buy order" }).click();
    await page.getByRole("heading", { name: "Stages" }).waitFor();
    const detail = page.getByRole("region", { name: "Order", exact: true });
    await detail.getByText("working").first().waitFor();
    await detail.getByRole("button", { name: "Cancel" }).click();
    await detail.locator("header").getByText("cancelled").waitFor();
    await detail.getByText("order cancelled").first().waitFor();
  });

  test("a refusal names its rule and both numbers", async () => {
    const { page } = trader;
    await page.goto(`${demo.url}/orders`);
    await page.getByRole("button", { name: "New order" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.locator("[name=symbol]").fill("BTC/USD");
    await dialog.getByRole("button", { name: "Market" }).click();
    await dialog.locator("[name=quantity]").fill("50");
    await dialog.locator(".verdict-word").getByText("denied").waitFor();
    await dialog.getByRole("button", { name: "Place buy order" }).click();
    await dialog
      .getByRole("alert")
      .getByText(/RK-\d\d/)
      .first()
      .waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });
});

describe("approvals", () => {
  test("a card counts down and is approved", async () => {
    const { page } = trader;
    await page.goto(demo.url);
    const follows = await ask(page, "GET", "/follows");
    const mode = async (to: string) => {
      const now = await ask(page, "GET", "/follows");
      for (const follow of now.body.items) {
        const changed = await ask(
          page,
          "PATCH",
          `/follows/${follow.id}`,
          { mode: to },
          { "If-Match": `"${follow.version}"` },
        );
        expect(changed.status, JSON.stringify(changed.body)).toBe(200);
      }
    };
    expect(follows.body.items.length).toBeGreaterThan(0);
    await mode("approve");
    // A card may ask something else as well: which signal is meant, or whether to close now.
    const card = page
      .locator("[data-approval]")
      .filter({ has: page.getByRole("button", { name: "Approve" }) })
      .first();
    await card.waitFor({ timeout: 80_000 });
    await card
      .locator(".countdown")
      .getByText(/\d:\d\d/)
      .waitFor();
    const id = await card.getAttribute("data-approval");
    await page.locator(`[data-approval="${id}"]`).getByRole("button", { name: "Approve" }).click();
    await page.locator(`[data-approval="${id}"]`).waitFor({ state: "detached" });
    const answered = await ask(page, "GET", `/approvals/${id}`);
    expect(answered.body.state).toBe("approved");
    await mode("auto");
  });
});

describe("notices", () => {
  test("what happened is listed, counted while it is new, and told as one likes", async () => {
    const { page } = trader;
    await page.goto(demo.url);
    const bell = page.getByRole("link", { name: /^Notices/ });
    await page.locator(".bell .count").waitFor({ timeout: 60_000 });
    await bell.click();
    const fill = page.locator('[data-kind="fill"]').first();
    await fill.waitFor();
    await fill.getByRole("link", { name: "Order" }).waitFor();
    await page.locator(".bell .count").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Fills" }).click();
    expect(await page.locator('[data-notice]:not([data-kind="fill"])').count()).toBe(0);

    const save = page.getByRole("button", { name: "Save" });
    await page.getByLabel("Hold everything but outages").check();
    await page.getByLabel("Time zone").fill("Mars/Base");
    await save.click();
    await page.getByRole("alert").filter({ hasText: "Mars/Base" }).waitFor();
    await page.getByLabel("Time zone").fill("Europe/Berlin");
    await page.getByLabel("Fills and closed positions").uncheck();
    await save.click();
    await page.getByText("Saved.").first().waitFor();
    const stands = await ask(page, "GET", "/me/notifications");
    expect(stands.body.settings.quiet).toEqual({ from: "22:00", to: "07:00", zone: "Europe/Berlin" });
    expect(stands.body.settings.fills).toBe(false);
    await page.reload();
    await page.getByLabel("Time zone").waitFor();
    expect(await page.getByLabel("Fills and closed positions").isChecked()).toBe(false);
  });
});

describe("signals and journal", () => {
  test("the words of a signal are marked with what was read", async () => {
    const { page } = trader;
    await page.goto(`${demo.url}/signals`);
    await page.getByRole("button", { name: "Traded" }).click();
    await page.locator(".feed-row").first().click();
    await page.locator(".marked mark").first().waitFor();
    await page.getByRole("heading", { name: "What was decided for you" }).waitFor();
  });

  test("the journal verifies and an entry shows its hashes", async () => {
    const { page } = trader;
    await page.goto(`${demo.url}/journal`);
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByText("The journal verifies.").waitFor();
    await page.getByLabel("Kind of entry").selectOption("fill.booked");
    await page.getByRole("table", { name: "Journal entries" }).getByRole("link").first().click();
    const hash = page.locator(".hashes .hash").last();
    await hash.waitFor();
    expect(await hash.textContent()).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("webhooks", () => {
  test("one is made, posted to, replayed, switched off and removed", async () => {
    const { page } = trader;
    await page.goto(`${demo.url}/webhooks`);
    await page.getByRole("button", { name: "New webhook" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Browser");
    await dialog.getByRole("button", { name: "Make it" }).click();
    await dialog.getByRole("button", { name: "I have kept it" }).waitFor();
    const address = await dialog.getByLabel("Address", { exact: true }).inputValue();
    expect(address).toMatch(/\/api\/v1\/hooks\/whk_[0-9a-z]{26}\/[0-9a-f]{64}$/);
    await dialog.getByRole("button", { name: "I have kept it" }).click();
    await page.getByRole("region", { name: "Webhooks" }).getByText("Browser").click();
    expect(await page.content()).not.toContain(address.slice(-64));
    const body = JSON.stringify({ ticker: "ETHUSD", action: "buy", type: "market", id: "e2e-1" });
    const post = async (what: string) => (await fetch(address, { method: "POST", body: what })).status;
    expect([await post(body), await post(body), await post('{"ticker":"{{ticker}}"}')]).toEqual([
      202, 202, 422,
    ]);
    const detail = page.getByRole("region", { name: "Webhook", exact: true });
    await detail.locator('[data-delivery="3"][data-outcome="invalid"]').waitFor();
    await detail.locator('[data-delivery="2"][data-outcome="duplicate"]').waitFor();
    const first = detail.locator('[data-delivery="1"][data-outcome="accepted"]');
    await first.getByRole("button", { name: "Replay" }).click();
    await detail.locator('[data-delivery="4"][data-outcome="duplicate"]').waitFor();
    await detail.getByRole("textbox").fill('{"ticker":"AAPL","action":"buy","price":"{{close}}"}');
    await detail.getByRole("button", { name: "Read it" }).click();
    await detail.getByText(/price was not rendered/).waitFor();
    await first.getByRole("link", { name: "Signal" }).click();
    await page.getByRole("heading", { name: "What was decided for you" }).waitFor();
    await page.goBack();
    await detail.getByRole("button", { name: "Switch off" }).click();
    await detail.locator("header").getByText("switched off").waitFor();
    expect(await post(body)).toBe(403);
    await detail.getByRole("button", { name: "Remove" }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("region", { name: "Webhooks" }).getByText("Browser").waitFor({ state: "detached" });
    expect(await post(body)).toBe(401);
  });

  test("the demo's own webhook takes alerts", async () => {
    const { page } = trader;
    await page.goto(`${demo.url}/webhooks`);
    await page.getByText("Breakout strategy").first().click();
    await page.locator('[data-outcome="accepted"]').first().waitFor({ timeout: 30_000 });
  });
});

/** Posts a message in the simulated Discord as one of the cast, with the token the demo prints. */
async function postAs(name: string, content: string): Promise<void> {
  const api = /Simulated Discord\s+(\S+)/.exec(demo.output)?.[1];
  const row = new RegExp(`^\\s*${name}\\s+#\\S+\\s+(\\d+)\\s+(\\S+)`, "m").exec(demo.output);
  const answer = await fetch(`${api}/channels/${row?.[1]}/messages`, {
    method: "POST",
    headers: { Authorization: `Bot ${row?.[2]}`, "Content-Type": "application/json" },
    body: JSON.stringify({ content }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

/** What the program prints of a message with a profile from a file. */
function readsWith(profile: string, message: string): string {
  const program = process.env.ORDERCAST_BIN ?? "";
  return execFileSync(program, ["parse", "--json", "--profile", profile, message], { encoding: "utf8" });
}

describe("reading", () => {
  const call = "^^ ETH ~ hoovering ~ 2,000 ~ cut 1,900";
  const open = async (page: Page) => {
    await page.goto(`${demo.url}/reading`);
    await page.getByRole("region", { name: "Providers" }).getByText("Max Macro").click();
    return page.getByRole("region", { name: "What is taught" });
  };

  test("a format is taught, tried and saved, and the next message is read by it", async () => {
    const { page } = trader;
    const taught = await open(page);
    const box = taught.getByLabel(/A message as the provider posts it/);
    await box.fill(call);
    await taught.getByText("no trade", { exact: true }).waitFor();
    await taught.getByRole("button", { name: "Add a format" }).click();
    // The new row has the focus: it is written without a mouse.
    await page.keyboard.type("torch");
    await taught.getByLabel("Format 1", { exact: true }).fill("^^ {symbol} ~ {action} ~ {price} ~ cut{stop}");
    await taught.getByRole("button", { name: "Add a word" }).first().click();
    await page.keyboard.type("hoovering");
    await page.keyboard.press("Tab");
    await page.keyboard.type("buy");
    await taught.getByText(/\{stop\} touches a word/).waitFor();
    await taught
      .getByLabel("Format 1", { exact: true })
      .fill("^^ {symbol} ~ {action} ~ {price} ~ cut {stop}");
    await taught.getByText("by format “torch”").waitFor();
    await taught.locator(".marked ruby", { hasText: "hoovering" }).getByText("action").waitFor();
    await taught.getByText("What your account would do").waitFor();
    await taught.getByRole("button", { name: "Try on the last 50 messages" }).click();
    await taught.getByText(/^\d+ of \d+ would mean something else/).waitFor();
    await taught.getByLabel(/What the change is for/).fill("as posted since May");
    await taught.getByRole("button", { name: "Save" }).click();
    const first = taught.locator('[data-version="1"]');
    await first.getByText("in force").waitFor();
    await first.getByText("as posted since May").waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      first.getByRole("button", { name: "Download version 1" }).click(),
    ]);
    expect(readsWith(await file.path(), call)).toContain("fits the provider's format");
    await postAs("Max Macro", call);
    await page.goto(`${demo.url}/signals`);
    await page.locator(".feed-row", { hasText: call }).first().click({ timeout: 30_000 });
    await page.getByText("Read with version 1 of the provider's profile, by its format “torch”").waitFor();
    await page.getByRole("link", { name: "Teach how this is read" }).click();
    await taught.getByText("by format “torch”").waitFor();
  });

  test("who saved meanwhile is told, nothing is lost, and an old version comes back as a new one", async () => {
    const { page } = trader;
    const taught = await open(page);
    await taught.getByLabel("Name of format 1").fill("flame");
    const path = `/providers/${new URL(page.url()).pathname.split("/").pop()}/profile`;
    const other = { profile: { verbs: { grabbing: "buy" } }, note: "by another hand" };
    const put = await ask(page, "PUT", path, other, { "If-Match": "1" });
    expect(put.status, JSON.stringify(put.body)).toBe(200);
    await taught.getByRole("button", { name: "Save" }).click();
    await taught.getByText(/Version 2 was saved by you/).waitFor();
    // A look at another page keeps the draft.
    await page.getByRole("link", { name: "Orders" }).first().click();
    await page.goBack();
    await taught.getByRole("button", { name: "Keep my changes" }).click();
    await taught.getByRole("button", { name: "Save" }).click();
    await taught.locator('[data-version="3"]').getByText("in force").waitFor();
    expect(await taught.getByLabel("Name of format 1").inputValue()).toBe("flame");
    await taught.getByRole("button", { name: "Restore version 1" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
    await taught.locator('[data-version="4"]').getByText("Back to version 1").waitFor();
    expect(await taught.getByLabel("Name of format 1").inputValue()).toBe("torch");
  });
});

describe("everywhere", () => {
  test("the pages need nothing but their own origin: no inline script, no inline style, no other host", async () => {
    const strict = await trader.context.newPage();
    const refused: string[] = [];
    const hosts = new Set<string>();
    strict.on("console", (line) => {
      if (/content security policy/i.test(line.text())) refused.push(line.text());
    });
    strict.on("request", (request) => hosts.add(new URL(request.url()).host));
    await strict.route(
      (url) => !url.pathname.startsWith("/api/") && !url.pathname.includes("."),
      async (route) => {
        const answer = await route.fetch();
        await route.fulfill({
          response: answer,
          headers: { ...answer.headers(), "content-security-policy": "default-src 'self'" },
        });
      },
    );
    for (const path of PAGES) {
      await strict.goto(demo.url + path);
      await lamp(strict, "live").waitFor();
      await strict.getByRole("main").locator("h1").first().waitFor({ state: "attached" });
    }
    await strict.keyboard.press("?");
    await strict.getByRole("dialog").waitFor();
    await strict.close();
    expect(refused).toEqual([]);
    expect([...hosts]).toEqual([new URL(demo.url).host]);
    expect(trader.faults).toEqual([]);
    expect([...trader.hosts]).toEqual([new URL(demo.url).host]);
  });

  test("at 360 px nothing scrolls sideways, and Pause and Kill are under the thumb", async () => {
    const phone = await trader.context.newPage();
    await phone.setViewportSize({ width: 360, height: 740 });
    for (const path of PAGES) {
      await phone.goto(demo.url + path);
      await lamp(phone, "live").waitFor();
      await phone.waitForLoadState("networkidle");
      const wide = await phone.evaluate(() => {
        const main = document.querySelector("main");
        return [document.documentElement.scrollWidth, main ? main.scrollWidth : 0];
      });
      expect(Math.max(...wide), path).toBeLessThanOrEqual(360);
      for (const name of [/^Pause/, /^Kill/]) {
        const box = await phone.getByRole("button", { name }).locator("visible=true").first().boundingBox();
        expect(box?.y ?? 0, path).toBeGreaterThan(600);
        expect(box?.height ?? 0, path).toBeGreaterThanOrEqual(40);
      }
    }
    await phone.getByRole("button", { name: "Keys and help" }).click();
    await phone.getByRole("link", { name: "Reading of your providers" }).click();
    await phone.getByRole("region", { name: "Providers" }).getByRole("link").first().click();
    await phone.getByRole("button", { name: "Add a format" }).click();
    expect(await phone.evaluate(() => document.querySelector("main")?.scrollWidth)).toBeLessThanOrEqual(360);
    await phone.close();
  });

  test("a lost server is told, what is shown stays, and the page catches up by itself", async () => {
    const { page } = trader;
    await page.goto(demo.url);
    await page.locator("[data-signal]").first().waitFor();
    await page.evaluate(() => {
      document.documentElement.dataset.kept = "yes";
    });
    const before = await newestSignal(page);
    expect(await demo.stop("SIGTERM")).toBe(0);
    await lamp(page, "reconnecting").waitFor();
    await page
      .getByText(/last update \d+ s ago/)
      .first()
      .waitFor();
    expect(await page.locator("[data-signal]").count()).toBeGreaterThan(0);
    await demo.start();
    await lamp(page, "live").waitFor({ timeout: 60_000 });
    await expect.poll(() => newestSignal(page), { timeout: 60_000 }).not.toBe(before);
    expect(await page.evaluate(() => document.documentElement.dataset.kept)).toBe("yes");
  });
});

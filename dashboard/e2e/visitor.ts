// A visitor with a real Chromium: pages that remember what went wrong in them.

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
}

export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Uncaught errors of the page and what the content policy refused. */
  faults: string[];
  /** Hosts asked for anything. */
  hosts: Set<string>;
}

export async function visit(browser: Browser, size = { width: 1280, height: 860 }): Promise<Visitor> {
  const context = await browser.newContext({ viewport: size, reducedMotion: "reduce" });
  const page = await context.newPage();
  const faults: string[] = [];
  const hosts = new Set<string>();
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (line) => {
    if (/content security policy/i.test(line.text())) faults.push(line.text());
  });
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return { context, page, faults, hosts };
}

// The real program in demo mode, as a newcomer starts it.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MS = 60_000;
const STOP_MS = 30_000;
const LINK = /https?:\/\/[^\s"]+\/demo\/login\?ticket=[^\s"]+/;

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

export class Demo {
  readonly port: number;
  readonly url: string;
  /** Everything the program printed, for a failing test's message. */
  output = "";
  private readonly folder: string;
  private child: ChildProcess | null = null;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.folder = folder;
  }

  static async make(): Promise<Demo> {
    return new Demo(await freePort(), await mkdtemp(join(tmpdir(), "ordercast-e2e-")));
  }

  /** Starts it on its folder and port; gives the one-time link it prints. Continues where it was when started again. */
  async start(): Promise<string> {
    const program = process.env.ORDERCAST_BIN;
    if (!program) throw new Error("set ORDERCAST_BIN to the ordercast program");
    const child = spawn(
      program,
      ["demo", "--data-dir", this.folder, "--port", String(this.port), "--seed", "7", "--headless"],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, BROWSER: "", DISPLAY: "", NO_COLOR: "1" },
      },
    );
    this.child = child;
    return await new Promise((resolve, reject) => {
      let said = "";
      const late = setTimeout(() => reject(new Error(`no login link in ${START_MS} ms:\n${said}`)), START_MS);
      const hear = (chunk: Buffer) => {
        said += chunk.toString();
        this.output += chunk.toString();
        const link = LINK.exec(said);
        if (!link) return;
        clearTimeout(late);
        resolve(link[0]);
      };
      child.stdout?.on("data", hear);
      child.stderr?.on("data", hear);
      child.once("exit", (code) => {
        clearTimeout(late);
        reject(new Error(`the demo ended with ${code}:\n${said}`));
      });
    });
  }

  /** Stops it as Ctrl-C does, or at once; gives its exit code. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<number | null> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    return await new Promise((resolve) => {
      const hard = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      child.once("exit", (code) => {
        clearTimeout(hard);
        resolve(code);
      });
      child.kill(signal);
    });
  }

  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }
}

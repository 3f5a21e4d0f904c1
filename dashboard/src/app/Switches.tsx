// Decides how trading is stopped and started again by hand: Pause and Kill are always in reach and always ask once.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { write } from "../api/client.ts";
import { key, useMe, useRisk } from "../api/query.ts";
import type { RiskStatus, Switch } from "../api/schema.ts";
import { Dialog } from "../component/Dialog.tsx";
import { Icon } from "../component/Icon.tsx";
import { useSay } from "../component/Notice.tsx";
import { Fault } from "../component/State.tsx";
import { clock } from "../format/time.ts";

/** What lifts a kill, typed out. */
const LIFT_WORD = "RESUME";
/** What unlocks an account, typed out. */
const UNLOCK_WORD = "UNLOCK";

export type Question = "pause" | "resume" | "kill" | "lift" | "unlock" | "reopen" | null;

/** The user's own switches that are on. */
function own(status: RiskStatus | undefined, kind: Switch["kind"]): Switch | undefined {
  return status?.switches.find((s) => s.on && s.kind === kind && s.scope === "user");
}

/** The lock of an own account. */
function lock(status: RiskStatus | undefined): Switch | undefined {
  return status?.switches.find((s) => s.on && s.kind === "lock" && s.scope === "connection");
}

export function SwitchButtons({ ask }: { ask: (question: Question) => void }) {
  const { data } = useRisk();
  const paused = own(data, "pause") !== undefined;
  const killed = own(data, "kill") !== undefined;
  return (
    <span className="switches">
      <button
        type="button"
        className={`button ${paused ? "held" : ""}`}
        onClick={() => ask(paused ? "resume" : "pause")}
        aria-label={paused ? "Resume opening" : "Pause opening"}
      >
        <Icon name={paused ? "resume" : "pause"} />
        <span className="hint">{paused ? "Resume" : "Pause"}</span>
      </button>
      <button
        type="button"
        className={`button kill ${killed ? "solid" : ""}`}
        onClick={() => ask(killed ? "lift" : "kill")}
        aria-label={killed ? "Lift the kill" : "Kill: stop all opening"}
      >
        <Icon name="kill" />
        {killed ? "Lift" : "Kill"}
      </button>
    </span>
  );
}

/** The stop over a restored state: the platform's lock. */
function restored(one: Switch): boolean {
  return one.kind === "lock" && one.scope === "platform";
}

/** Whom a user asks who may not unlock the own account. */
function whomToAsk(lock: Switch): string | null {
  if (lock.unlocker === "staff") return ` Ask the owner or an admin of ${lock.community} to unlock it.`;
  return lock.unlocker === "platform" ? " Ask a platform admin to unlock it." : null;
}

/** What is stopped, by whom, since when, why; over every page. */
export function StopRibbon({ ask }: { ask: (question: Question) => void }) {
  const { data } = useRisk();
  const admin = useMe().data?.user.platform_admin === true;
  const on = data?.switches.filter((s) => s.on) ?? [];
  const [first] = on.filter((s) => s.kind !== "pause").concat(on);
  if (!first) return null;
  const verb = { kill: "stopped", pause: "paused", lock: "locked" }[first.kind];
  const mine = first.scope === "user";
  const what = first.freeze
    ? "Everything is frozen, closing too."
    : first.flatten
      ? "What is held is being closed."
      : "Closing and protection go on.";
  return (
    <div className={`ribbon ${first.kind === "pause" ? "lost" : "stop"}`} role="status">
      Opening is {verb} by {first.by} since {clock(first.since, Date.now())}
      {first.reason ? `: ${first.reason}` : ""}. {what}
      {restored(first) && admin ? (
        <button type="button" onClick={() => ask("reopen")}>
          Lift
        </button>
      ) : null}
      {first.kind === "lock" ? whomToAsk(first) : null}
      {first.kind === "lock" && !restored(first) && lock(data)?.unlocker === "user" ? (
        <button type="button" onClick={() => ask("unlock")}>
          Unlock
        </button>
      ) : null}
      {mine && first.kind !== "lock" ? (
        <button type="button" onClick={() => ask(first.kind === "kill" ? "lift" : "resume")}>
          {first.kind === "kill" ? "Lift" : "Resume"}
        </button>
      ) : null}
    </div>
  );
}

interface Words {
  title: string;
  body: string[];
  act: string;
  typed?: string;
  tone: string;
  done: string;
}

const WORDS: Record<Exclude<Question, null>, Words> = {
  pause: {
    title: "Pause opening?",
    body: [
      "No signal opens a new position until you resume.",
      "Working entries stay, closing and protection go on.",
    ],
    act: "Pause",
    tone: "primary",
    done: "Opening is paused.",
  },
  resume: {
    title: "Resume opening?",
    body: [
      "New signals open positions again, within your limits. Signals that came meanwhile are not traded.",
    ],
    act: "Resume",
    tone: "go",
    done: "Opening goes on.",
  },
  kill: {
    title: "Kill: stop all opening now?",
    body: [
      "Nothing new is opened and entries that have not filled are cancelled.",
      "Stops and targets of what you hold stay at the broker, unless you close it below.",
      "Orders you placed at the broker yourself are left alone: cancel them there.",
      "The kill survives a restart until you lift it.",
    ],
    act: "Kill",
    tone: "kill solid",
    done: "Opening is stopped.",
  },
  lift: {
    title: "Lift the kill?",
    body: ["New signals open positions again, within your limits."],
    act: "Lift the kill",
    typed: LIFT_WORD,
    tone: "primary",
    done: "The kill is lifted.",
  },
  unlock: {
    title: "Unlock the account?",
    body: [
      "New signals open positions again, within your limits. What was closed stays closed.",
      "The breaker measures anew from what the account is worth now. It can be unlocked from 15 minutes after the lock, once a day.",
    ],
    act: "Unlock",
    typed: UNLOCK_WORD,
    tone: "primary",
    done: "The account is unlocked.",
  },
  reopen: {
    title: "Open positions again?",
    body: [
      "An older state was restored, or the journal is shorter than what was signed of it.",
      "It is lifted once every connection was compared with its broker; until then you are told how many are not.",
    ],
    act: "Lift",
    typed: LIFT_WORD,
    tone: "primary",
    done: "Positions are opened again.",
  },
};

/** Pressing the dialog's button is the confirmation of a kill; lifting one takes the typed word. */
async function send(
  question: Exclude<Question, null>,
  flatten: boolean,
  connection: string | undefined,
  reason: string,
): Promise<void> {
  switch (question) {
    case "pause":
      await write("POST", "/risk/pause", {});
      break;
    case "resume":
      await write("POST", "/risk/resume", {});
      break;
    case "kill":
      await write("POST", "/risk/kill", { flatten });
      break;
    case "lift":
      await write("DELETE", "/risk/kill", { confirm: LIFT_WORD });
      break;
    case "reopen":
      await write("DELETE", "/admin/reconcile-only", { confirm: LIFT_WORD, reason });
      break;
    case "unlock":
      await write("POST", "/risk/unlock", { connection_id: connection, confirm: UNLOCK_WORD });
      break;
  }
}

export function SwitchDialog({ question, close }: { question: Exclude<Question, null>; close: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const [flatten, setFlatten] = useState(false);
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const { data } = useRisk();
  const connection = lock(data)?.scope_id ?? undefined;
  const words = WORDS[question];
  const act = useMutation({
    mutationFn: () => send(question, flatten, connection, reason.trim()),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: key.risk });
      void client.invalidateQueries({ queryKey: key.orders });
      say(words.done, question === "kill" ? "bad" : "good");
      close();
    },
  });
  const told = question !== "reopen" || reason.trim() !== "";
  const ready = told && (!words.typed || typed.trim().toUpperCase() === words.typed);
  return (
    <Dialog
      title={words.title}
      close={close}
      foot={
        <>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className={`button ${words.tone}`}
            disabled={!ready || act.isPending}
            onClick={() => act.mutate()}
          >
            {words.act}
          </button>
        </>
      }
    >
      {words.body.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {question === "kill" ? (
        <label className="tick">
          <input type="checkbox" checked={flatten} onChange={(event) => setFlatten(event.target.checked)} />
          Also close every position Ordercast opened, at the market. Its stops and targets are cancelled
          first; it goes on until nothing is held. While the market is closed the closes wait for the open.
        </label>
      ) : null}
      {question === "reopen" ? (
        <label className="field typed">
          <span>Why opening may go on</span>
          <input
            className="input"
            value={reason}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
      ) : null}
      {words.typed ? (
        <label className="field typed">
          <span>Type {words.typed} to confirm</span>
          <input
            className="input"
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
      ) : null}
      {act.isError ? <Fault error={act.error} /> : null}
    </Dialog>
  );
}

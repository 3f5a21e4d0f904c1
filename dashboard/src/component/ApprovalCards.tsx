// Decides how a question to the trader looks: what would be done, how long it may wait, yes or no.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { write } from "../api/client.ts";
import { key, rows, useApprovals, useSignals } from "../api/query.ts";
import type { Approval } from "../api/schema.ts";
import { isRecord, text } from "../feed/envelope.ts";
import { previewOrders } from "../format/preview.ts";
import { Countdown } from "./Countdown.tsx";
import { Icon } from "./Icon.tsx";
import { InstructionLine } from "./InstructionLine.tsx";
import { useSay } from "./Notice.tsx";
import { useNow } from "./now.ts";
import { Fault } from "./State.tsx";

type Answer = "approve" | "decline" | number;

/** The word of a yes, and what is said of it afterwards. */
const YES: Record<Approval["asks"], string> = {
  order: "Approve",
  which_signal: "Approve",
  stop_at_once: "Close now",
};
const NO: Record<Approval["asks"], string> = {
  order: "Decline",
  which_signal: "None of them",
  stop_at_once: "Leave it",
};
const DONE: Record<Approval["asks"], string> = {
  order: "Approved: judged again with fresh numbers and sent.",
  which_signal: "Done for the signal you chose, with what is held now.",
  stop_at_once: "Approved: it is closed at the market.",
};

/** What a card lets one choose, each a button of its own. */
export function Choices({
  options,
  busy,
  choose,
}: {
  options: Approval["options"];
  busy: boolean;
  choose: (number: number) => void;
}) {
  if (options.length === 0) return null;
  return (
    <ol className="choices" aria-label="Which one is meant">
      {options.map(({ number, label }) => (
        <li key={number}>
          <button
            type="button"
            className="button"
            data-answer={number === 1 ? "approve" : "choice"}
            disabled={busy}
            onClick={() => choose(number)}
          >
            {label}
          </button>
        </li>
      ))}
    </ol>
  );
}

function Card({ card }: { card: Approval }) {
  const client = useQueryClient();
  const say = useSay();
  const now = useNow();
  const signals = useSignals();
  const signal = rows(signals.data).find((s) => s.id === card.signal_id);
  const instruction = signal?.reading.instructions[card.instruction];
  const over = Date.parse(card.expires_at) <= now;
  const answer = useMutation({
    mutationFn: (verb: Answer) =>
      write<Approval>(
        "POST",
        `/approvals/${card.id}/${verb === "decline" ? "decline" : "approve"}`,
        typeof verb === "number" ? { choice: verb } : {},
      ),
    onSuccess: (_, verb) => {
      say(verb === "decline" ? "Declined." : DONE[card.asks], "good");
      client.setQueryData<Approval[]>(key.approvals, (cards) => cards?.filter((c) => c.id !== card.id));
    },
    onSettled: () => {
      for (const queryKey of [key.approvals, key.signals, key.orders])
        void client.invalidateQueries({ queryKey });
    },
  });
  const preview: unknown = card.preview;
  const message = isRecord(preview) ? text(preview, "message") : undefined;
  const symbol = isRecord(preview) ? (text(preview, "symbol") ?? text(preview, "instrument")) : undefined;
  const busy = answer.isPending || over;
  return (
    <article className="approval" data-approval={card.id}>
      <header>
        <Icon name="shield" />
        <strong>{signal?.provider_name ?? "A signal"} asks</strong>
        <Countdown from={card.created_at} until={card.expires_at} />
      </header>
      <p>{instruction ? <InstructionLine one={instruction} /> : <span className="symbol">{symbol}</span>}</p>
      {message ? <p className="why">{message}</p> : null}
      <ul className="would">
        {previewOrders(preview).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Choices options={card.options} busy={busy} choose={answer.mutate} />
      {answer.isError ? <Fault error={answer.error} /> : null}
      <footer>
        {card.options.length > 0 ? null : (
          <button
            type="button"
            className="button go"
            data-answer="approve"
            disabled={busy}
            onClick={() => answer.mutate("approve")}
          >
            <Icon name="check" />
            {YES[card.asks]}
          </button>
        )}
        <button
          type="button"
          className="button"
          data-answer="decline"
          disabled={busy}
          onClick={() => answer.mutate("decline")}
        >
          {NO[card.asks]}
        </button>
        <Link to={`/signals/${card.signal_id}`} className="button plain">
          Signal
        </Link>
      </footer>
    </article>
  );
}

/** Every question that waits; nothing at all when none does. */
export function ApprovalCards() {
  const { data } = useApprovals();
  const waiting = data?.filter((card) => card.state === "pending") ?? [];
  if (waiting.length === 0) return null;
  return (
    <section className="approvals" aria-label="Waiting for your answer">
      {waiting.map((card) => (
        <Card key={card.id} card={card} />
      ))}
    </section>
  );
}

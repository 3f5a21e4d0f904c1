// A message in a box, and what the draft makes of it at once: the words it was read from, the format that fits, and what the
// account of the one who asks would do. Nothing is stored, nothing is traded.

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { write } from "../api/client.ts";
import type { Meaning, Parsed, ProfileBody, Trial, Would } from "../api/schema.ts";
import { decimal, price, quantity } from "../format/decimal.ts";
import { faultsOf, refusal } from "../format/profile.ts";
import { clock, fullTime } from "../format/time.ts";
import { plain, reasonText } from "../format/word.ts";
import { InstructionLine } from "./InstructionLine.tsx";
import { Marked } from "./Marked.tsx";
import { Fault } from "./State.tsx";
import { Tag, VerdictTag } from "./Verdict.tsx";

/** What is asked of the server about a text and a draft. */
export function useDraftReading(provider: string, text: string, profile: ProfileBody) {
  const asked = text.trim() !== "";
  return useQuery({
    queryKey: ["draft", provider, text, profile],
    queryFn: () => write<Parsed>("POST", "/signals/parse", { text, provider_id: provider, profile }),
    enabled: asked,
    retry: false,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

function Decisions({ would }: { would: Would }) {
  return (
    <>
      <p className="dim">
        {would.follows
          ? "You follow this provider."
          : "You do not follow this provider; the usual settings are assumed."}
      </p>
      {would.decisions.map((one) => (
        <div key={one.instruction} className="decision-block">
          <p>
            <VerdictTag status={one.status} /> <span className="why">{one.message}</span>
          </p>
          {one.skip_reason ? <p className="dim">{reasonText(one.skip_reason)}</p> : null}
          <ul className="would">
            {one.orders.map((order, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an order is known by its place in the decision
              <li key={i}>
                {order.side} {quantity(order.quantity)} {order.instrument} {plain(order.type)}
                {order.price ? ` ${price(order.price)}` : ""}
              </li>
            ))}
          </ul>
          <ul className="breaches">
            {one.breaches
              .filter((breach) => breach.message !== one.message)
              .map((breach) => (
                <li key={breach.rule + breach.message}>
                  <span className="rule-code">{breach.rule}</span>
                  <span>{breach.message}</span>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </>
  );
}

function Read({ parsed, old }: { parsed: Parsed; old: boolean }) {
  const trade = parsed.verdict === "trade";
  return (
    <div className={`heard ${old ? "old" : ""}`}>
      <p className="heard-head">
        <Tag
          word={trade ? "a signal" : parsed.verdict === "invalid" ? "refused" : "no trade"}
          tone={trade ? "good" : parsed.verdict === "invalid" ? "bad" : ""}
        />
        {trade ? (
          <span>confidence {decimal(parsed.confidence, { places: 3 })}</span>
        ) : (
          <span>{refusal(parsed)}</span>
        )}
        <Tag
          word={parsed.template ? `by format “${parsed.template}”` : "by the general reading"}
          tone={parsed.template ? "work" : ""}
        />
      </p>
      <Marked text={parsed.text} spans={parsed.spans} />
      <ul className="heard-lines" aria-label="Instructions">
        {parsed.instructions.map((one, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an instruction is known by its place in the message
          <li key={i}>
            <InstructionLine one={one} />
          </li>
        ))}
      </ul>
      <p className="dim">{parsed.reasons.join("; ")}</p>
      {parsed.ignored.length > 0 ? <p className="dim">Not understood: {parsed.ignored.join(", ")}</p> : null}
      {parsed.would ? (
        <>
          <h4>What your account would do</h4>
          <Decisions would={parsed.would} />
        </>
      ) : null}
    </div>
  );
}

interface TesterProps {
  text: string;
  setText: (text: string) => void;
  reading: ReturnType<typeof useDraftReading>;
  /** Whether the answer belongs to what was typed before. */
  waiting: boolean;
}

export function Tester({ text, setText, reading, waiting }: TesterProps) {
  const faulty = faultsOf(reading.error).length > 0;
  // What was read last stays in view, faded, while the draft cannot be read with.
  const last = useRef<Parsed | null>(null);
  if (reading.data) last.current = reading.data;
  const shown = reading.data ?? (faulty ? last.current : null);
  return (
    <section className="tester" aria-label="Try a message">
      <label className="field">
        <span>A message as the provider posts it; nothing is stored or traded</span>
        <textarea
          className="input"
          name="message"
          rows={4}
          maxLength={8000}
          value={text}
          placeholder="Paste a message here"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div aria-live="polite">
        {text.trim() === "" ? (
          <p className="dim">
            The draft reads it at once: which words became what, and what your account would do.
          </p>
        ) : null}
        {text.trim() !== "" && reading.isError ? (
          faulty ? (
            <p className="down">The draft cannot be read with yet; its faults stand beside the fields.</p>
          ) : (
            <Fault error={reading.error} retry={() => void reading.refetch()} />
          )
        ) : null}
        {text.trim() !== "" && shown ? (
          <Read parsed={shown} old={waiting || reading.isPlaceholderData || reading.isError} />
        ) : null}
      </div>
    </section>
  );
}

function Meant({ meaning }: { meaning: Meaning }) {
  const { reading, template } = meaning;
  return (
    <span className="meant">
      {reading.verdict === "trade" ? (
        reading.instructions.map((one, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an instruction is known by its place in the message
          <InstructionLine key={i} one={one} />
        ))
      ) : (
        <span className="dim">{refusal(reading)}</span>
      )}
      {template ? <span className="dim">by “{template}”</span> : null}
    </span>
  );
}

interface LastProps {
  provider: string;
  profile: ProfileBody;
  take: (text: string) => void;
}

/** What the draft would change in what the provider posted last. */
export function LastMessages({ provider, profile, take }: LastProps) {
  const trial = useMutation({
    mutationFn: (draft: ProfileBody) =>
      write<{ items: Trial[] }>("POST", `/providers/${provider}/profile/trial`, draft).then((list) => ({
        items: list.items,
        of: JSON.stringify(draft),
      })),
  });
  const changed = trial.data?.items.filter((one) => one.changes) ?? [];
  const same = trial.data?.items.filter((one) => !one.changes) ?? [];
  const old = trial.data !== undefined && trial.data.of !== JSON.stringify(profile);
  const row = (one: Trial) => (
    <tr key={one.message_id} className={one.changes ? "changed" : undefined}>
      <td data-label="Posted" className="head">
        <time dateTime={one.posted_at} title={fullTime(one.posted_at)}>
          {clock(one.posted_at, Date.now())}
        </time>
      </td>
      <td data-label="Message" className="wide bare">
        <button
          type="button"
          className="row-link posted"
          title="Try this message"
          onClick={() => take(one.after.reading.text)}
        >
          {one.after.reading.text || "(no text)"}
        </button>
      </td>
      <td data-label="Now" className="wide">
        <Meant meaning={one.before} />
      </td>
      <td data-label="Draft" className="wide">
        {one.changes ? <Meant meaning={one.after} /> : <span className="dim">the same</span>}
      </td>
    </tr>
  );
  return (
    <section className="last" aria-label="The last messages">
      <div className="last-head">
        <button
          type="button"
          className="button"
          disabled={trial.isPending}
          onClick={() => trial.mutate(profile)}
        >
          Try on the last 50 messages
        </button>
        <span role="status" className="dim">
          {trial.data
            ? `${changed.length} of ${trial.data.items.length} would mean something else${old ? ", before your last change to the draft" : ""}.`
            : ""}
        </span>
      </div>
      {trial.isError ? (
        faultsOf(trial.error).length > 0 ? (
          <p className="down">The draft cannot be read with yet; its faults stand beside the fields.</p>
        ) : (
          <Fault error={trial.error} />
        )
      ) : null}
      {trial.data && trial.data.items.length > 0 ? (
        <div className={old ? "old" : undefined}>
          {changed.length > 0 ? (
            <table className="table trial-table" aria-label="What would change">
              <thead>
                <tr>
                  <th scope="col">Posted</th>
                  <th scope="col">Message</th>
                  <th scope="col">Now</th>
                  <th scope="col">Draft</th>
                </tr>
              </thead>
              <tbody>{changed.map(row)}</tbody>
            </table>
          ) : null}
          {same.length > 0 ? (
            <details className="same">
              <summary>{same.length} that would mean the same</summary>
              <table className="table trial-table" aria-label="What would stay the same">
                <tbody>{same.map(row)}</tbody>
              </table>
            </details>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

// One webhook: its switches, a body to try, and the log of what was delivered, each with its outcome and a way to repeat it.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { write } from "../api/client.ts";
import { key, useDeliveries } from "../api/query.ts";
import type { Delivery, Hook, MadeHook, Reading, Receipt } from "../api/schema.ts";
import { brief, outcome, SAMPLE, TRADINGVIEW } from "../format/hook.ts";
import { clock, fullTime } from "../format/time.ts";
import { noTrade } from "../format/word.ts";
import { Dialog } from "./Dialog.tsx";
import { Icon } from "./Icon.tsx";
import { InstructionLine } from "./InstructionLine.tsx";
import { useSay } from "./Notice.tsx";
import { Blank, Fault, Loaded } from "./State.tsx";
import { Tag } from "./Verdict.tsx";

function Verdict({ reading }: { reading: Reading }) {
  if (reading.verdict === "trade")
    return (
      <div className="taken" role="status">
        <Tag word="a signal" tone="good" />
        {reading.instructions.map((one) => (
          <InstructionLine key={JSON.stringify(one)} one={one} />
        ))}
        {reading.ignored.length > 0 ? (
          <span className="dim">not understood: {reading.ignored.join(", ")}</span>
        ) : null}
      </div>
    );
  return (
    <div className="taken" role="status">
      <Tag word="refused" tone="bad" />
      <span>
        {reading.verdict === "invalid"
          ? `${reading.reason}: ${reading.message}`
          : `${noTrade(reading.reason ?? "other")}. ${reading.reasons.join("; ")}`}
      </span>
    </div>
  );
}

function Trial({ hook }: { hook: Hook }) {
  const [body, setBody] = useState(SAMPLE);
  const read = useMutation({
    mutationFn: () => write<Reading>("POST", `/hooks/${hook.id}/preview`, { body }),
  });
  return (
    <form
      className="trial"
      onSubmit={(event) => {
        event.preventDefault();
        read.mutate();
      }}
    >
      <label className="field">
        <span>A body as your sender would post it; nothing is stored or traded</span>
        <textarea
          className="input mono"
          rows={3}
          spellCheck={false}
          value={body}
          onChange={(event) => setBody(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={read.isPending}>
        Read it
      </button>
      {read.isError ? <Fault error={read.error} /> : null}
      {read.data ? <Verdict reading={read.data} /> : null}
      <p className="dim">
        For a TradingView alert's message: <code>{TRADINGVIEW}</code>
      </p>
    </form>
  );
}

function Row({ hook, delivery }: { hook: Hook; delivery: Delivery }) {
  const client = useQueryClient();
  const say = useSay();
  const [word, tone] = outcome(delivery.outcome);
  const again = useMutation({
    mutationFn: () => write<Receipt>("POST", `/hooks/${hook.id}/deliveries/${delivery.number}/replay`, {}),
    onSuccess: (receipt) => {
      say(`Replay of ${delivery.number}: ${outcome(receipt.outcome)[0]}. ${receipt.detail}`);
      void client.invalidateQueries({ queryKey: key.deliveries });
    },
    onError: (error) => say(error.message, "bad"),
  });
  return (
    <li className="delivery" data-delivery={delivery.number} data-outcome={delivery.outcome}>
      <span className="feed-head">
        <span className="dim">#{delivery.number}</span>
        <Tag word={word} tone={tone} />
        {delivery.replay_of ? <span className="dim">replay of #{delivery.replay_of}</span> : null}
        <time dateTime={delivery.received_at} title={fullTime(delivery.received_at)}>
          {clock(delivery.received_at, Date.now())}
        </time>
      </span>
      <span>
        {delivery.field ? <strong>{delivery.field}: </strong> : null}
        {delivery.detail}
      </span>
      <details hidden={delivery.outcome === "quota"}>
        <summary className="mono">{brief(delivery.body) || "(no body kept)"}</summary>
        <pre className="mono">{delivery.body}</pre>
        <p className="dim">
          {delivery.size} bytes{delivery.address ? ` from ${delivery.address}` : ", by hand"}
          {delivery.key ? `, id ${delivery.key}` : ""}
        </p>
      </details>
      <span className="tools">
        {delivery.signal_id ? <Link to={`/signals/${delivery.signal_id}`}>Signal</Link> : null}
        {delivery.body ? (
          <button
            type="button"
            className="button small"
            disabled={again.isPending}
            onClick={() => again.mutate()}
          >
            Replay
          </button>
        ) : null}
      </span>
    </li>
  );
}

function Log({ hook }: { hook: Hook }) {
  const log = useDeliveries(hook.id);
  return (
    <Loaded query={log} lines={6}>
      {(items) =>
        items.length > 0 ? (
          <ul className="deliveries" aria-label="Deliveries">
            {items.map((delivery) => (
              <Row key={delivery.number} hook={hook} delivery={delivery} />
            ))}
          </ul>
        ) : (
          <Blank title="Nothing delivered yet">What is posted to the address appears here.</Blank>
        )
      }
    </Loaded>
  );
}

function RemoveDialog({ hook, close }: { hook: Hook; close: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => write("DELETE", `/hooks/${hook.id}`),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: key.hooks });
      void navigate("/webhooks");
    },
  });
  return (
    <Dialog
      title={`Remove ${hook.name}?`}
      close={close}
      foot={
        <>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="button danger"
            disabled={remove.isPending}
            onClick={() => remove.mutate()}
          >
            Remove
          </button>
        </>
      }
    >
      <p>Its address ends at once and for good. Signals it gave stay.</p>
      {remove.isError ? <Fault error={remove.error} /> : null}
    </Dialog>
  );
}

export function HookDetail({ hook, made }: { hook: Hook; made: (made: MadeHook) => void }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const fresh = () => void client.invalidateQueries({ queryKey: key.hooks });
  const active = hook.status === "active";
  const change = useMutation({
    mutationFn: () =>
      write<Hook>("PATCH", `/hooks/${hook.id}`, { enabled: !active }, undefined, hook.version),
    onSettled: fresh,
  });
  const rotate = useMutation({
    mutationFn: () => write<MadeHook>("POST", `/hooks/${hook.id}/rotate`, {}),
    onSuccess: made,
    onSettled: fresh,
  });
  const facts: [string, string][] = [
    ["id", hook.id],
    ["signature", hook.signed ? "every delivery must be signed" : "not asked for"],
    ["pass phrase", hook.passphrase ? "every body must carry it" : "not asked for"],
    ["addresses", hook.addresses.join(", ") || "from anywhere"],
    ["old address", hook.overlap_until ? `works until ${fullTime(hook.overlap_until)}` : "none"],
  ];
  return (
    <article className="detail">
      <header>
        <Link to="/webhooks" className="button plain icon back" aria-label="Back to the list">
          <Icon name="back" />
        </Link>
        <h2>{hook.name}</h2>
        <Tag word={active ? "active" : "switched off"} tone={active ? "good" : "warn"} />
        <span className="tools">
          <button
            type="button"
            className="button small"
            disabled={change.isPending}
            onClick={() => change.mutate()}
          >
            {active ? "Switch off" : "Switch on"}
          </button>
          <button
            type="button"
            className="button small"
            disabled={rotate.isPending}
            onClick={() => rotate.mutate()}
          >
            Rotate
          </button>
          <button type="button" className="button small" onClick={() => setAsking(true)}>
            Remove
          </button>
        </span>
      </header>
      {change.isError ? <Fault error={change.error} /> : null}
      {rotate.isError ? <Fault error={rotate.error} /> : null}
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={name === "id" ? "mono" : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
      <h3>Try a body</h3>
      <Trial hook={hook} />
      <h3>Deliveries</h3>
      <Log hook={hook} />
      {asking ? <RemoveDialog hook={hook} close={() => setAsking(false)} /> : null}
    </article>
  );
}

// Decides how a broker is connected: fields as the venue names them, tried before anything is kept, real money only on a
// typed word. What was typed lives in this dialog alone and is gone with it.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { getGuarded, newIdempotencyKey, write } from "../api/client.ts";
import { key } from "../api/query.ts";
import type { Broker, Connection, Limits, Tried } from "../api/schema.ts";
import { BUILT_IN, CLASS_NAMES, fieldHint, fieldName } from "../format/broker.ts";
import { money } from "../format/decimal.ts";
import { Dialog } from "./Dialog.tsx";
import { useSay } from "./Notice.tsx";
import { Fault } from "./State.tsx";

type Mode = Broker["modes"][number];
type LossAction = NonNullable<Limits["daily_loss_action"]>;

const LOSS_ACTIONS: readonly { code: LossAction; words: string }[] = [
  { code: "flatten", words: "Close every position Ordercast opened, and open nothing more that day" },
  { code: "block_only", words: "Open nothing more that day; what is held stays with its stops" },
];

interface Draft {
  broker: string;
  mode: Mode;
  label: string;
  cash: string;
  fields: Record<string, string>;
  confirm: string;
  rightsUnread: boolean;
  lossAction: LossAction;
}

function begin(brokers: readonly Broker[]): Draft {
  const first = brokers.find((b) => b.kind !== BUILT_IN) ?? brokers[0];
  return {
    broker: first?.kind ?? "",
    mode: first?.modes[0] ?? "paper",
    label: "",
    cash: "100000",
    fields: {},
    confirm: "",
    rightsUnread: false,
    lossAction: "flatten",
  };
}

/** Whether every field that the venue asks for is filled in. */
function isFull(broker: Broker, draft: Draft): boolean {
  return broker.credential_fields.every((field) => (draft.fields[field.name] ?? "").trim() !== "");
}

function CredentialFields({
  broker,
  draft,
  change,
}: {
  broker: Broker;
  draft: Draft;
  change: (fields: Record<string, string>) => void;
}) {
  return broker.credential_fields.map((field) => (
    <label key={field.name} className="field">
      <span>{fieldName(field.name)}</span>
      <input
        className="input mono"
        type={field.secret ? "password" : "text"}
        name={field.name}
        value={draft.fields[field.name] ?? ""}
        autoComplete="off"
        spellCheck={false}
        placeholder={fieldHint(broker.kind, field.name)}
        onChange={(event) => change({ ...draft.fields, [field.name]: event.target.value })}
      />
    </label>
  ));
}

function Found({ tried }: { tried: Tried }) {
  return (
    <p className="up" role="status">
      It works: {tried.mode} account ending in {tried.account_last4}, worth {money(tried.equity)}{" "}
      {tried.currency}, {money(tried.buying_power)} to spend.
      {tried.may_withdraw === null ? " The broker does not tell what else this key may do." : ""}
    </p>
  );
}

function LiveWords({
  broker,
  draft,
  first,
  change,
}: {
  broker: Broker;
  draft: Draft;
  first: boolean;
  change: (part: Partial<Draft>) => void;
}) {
  return (
    <>
      {first ? (
        <fieldset className="choice">
          <legend>When your daily loss is reached</legend>
          {LOSS_ACTIONS.map(({ code, words }) => (
            <label key={code} className="tick">
              <input
                type="radio"
                name="daily_loss_action"
                value={code}
                checked={draft.lossAction === code}
                onChange={() => change({ lossAction: code })}
              />
              {words}
            </label>
          ))}
        </fieldset>
      ) : null}
      {broker.withdraw_permission_readable ? null : (
        <label className="tick">
          <input
            type="checkbox"
            checked={draft.rightsUnread}
            onChange={(event) => change({ rightsUnread: event.target.checked })}
          />
          I have made sure that this key may not withdraw; {broker.name} does not tell
        </label>
      )}
      <label className="field">
        <span>Type LIVE to trade real money</span>
        <input
          className="input mono"
          value={draft.confirm}
          autoComplete="off"
          onChange={(event) => change({ confirm: event.target.value })}
        />
      </label>
    </>
  );
}

/** Where the broker's own page is asked for. */
export function authorisePath(
  draft: Pick<Draft, "broker" | "mode" | "label" | "confirm" | "rightsUnread" | "lossAction">,
  first: boolean,
) {
  const query = new URLSearchParams({ mode: draft.mode, label: draft.label.trim() });
  if (draft.mode === "live") {
    query.set("confirm", draft.confirm);
    query.set("rights_unread", String(draft.rightsUnread));
    if (first) query.set("daily_loss_action", draft.lossAction);
  }
  return `/connections/oauth/${draft.broker}/start?${query}`;
}

/** What is sent to connect. */
export function wish(broker: Broker, draft: Draft, first: boolean) {
  const shared = { broker: draft.broker, mode: draft.mode, label: draft.label.trim() };
  if (broker.kind === BUILT_IN) return { ...shared, cash: draft.cash.trim() };
  const asked = first ? { daily_loss_action: draft.lossAction } : {};
  const live =
    draft.mode === "live" ? { confirm: draft.confirm, rights_unread: draft.rightsUnread, ...asked } : {};
  return { ...shared, ...live, credential: draft.fields };
}

/** `first`: no account of real money is connected yet. */
export function ConnectDialog({
  brokers,
  first,
  close,
}: {
  brokers: readonly Broker[];
  first: boolean;
  close: () => void;
}) {
  const client = useQueryClient();
  const say = useSay();
  const venue = useId();
  const [draft, setDraft] = useState(() => begin(brokers));
  const [once] = useState(newIdempotencyKey);
  const broker = brokers.find((b) => b.kind === draft.broker);
  const test = useMutation({
    mutationFn: () =>
      write<Tried>("POST", "/connections/test", {
        broker: draft.broker,
        mode: draft.mode,
        credential: draft.fields,
      }),
  });
  const connect = useMutation({
    mutationFn: (body: object) => write<Connection>("POST", "/connections", body, once),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: key.connections });
      void client.invalidateQueries({ queryKey: key.portfolio });
      say(`${made.label} is connected.`, "good");
      close();
    },
  });
  const leave = useMutation({
    mutationFn: () => getGuarded<{ authorize_url: string }>(authorisePath(draft, first)),
    onSuccess: (to) => window.location.assign(to.authorize_url),
  });
  const change = (part: Partial<Draft>) => {
    test.reset();
    setDraft({ ...draft, ...part });
  };
  if (!broker) return null;
  const own = broker.kind === BUILT_IN;
  const named = draft.label.trim() !== "";
  const ready = named && (own || (test.isSuccess && isFull(broker, draft)));
  return (
    <Dialog
      title="Connect a broker"
      close={close}
      foot={
        <>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          {own ? null : (
            <button
              type="button"
              className="button"
              disabled={!isFull(broker, draft) || test.isPending}
              onClick={() => test.mutate()}
            >
              Try it
            </button>
          )}
          {broker.oauth ? (
            <button
              type="button"
              className="button"
              disabled={!named || leave.isPending}
              onClick={() => leave.mutate()}
            >
              Connect with {broker.name}
            </button>
          ) : null}
          <button
            type="button"
            className="button primary"
            disabled={!ready || connect.isPending}
            onClick={() => connect.mutate(wish(broker, draft, first))}
          >
            Connect
          </button>
        </>
      }
    >
      <div className="ticket-fields">
        <label className="field" htmlFor={venue}>
          <span>Broker</span>
          <select
            id={venue}
            className="input"
            value={draft.broker}
            onChange={(event) => {
              const next = brokers.find((b) => b.kind === event.target.value);
              change({ broker: event.target.value, mode: next?.modes[0] ?? "paper", fields: {} });
            }}
          >
            {brokers.map((b) => (
              <option key={b.kind} value={b.kind}>
                {b.kind === BUILT_IN ? "Built-in paper account" : b.name}
              </option>
            ))}
          </select>
        </label>
        {broker.modes.length > 1 ? (
          <label className="field">
            <span>Money</span>
            <select
              className="input"
              value={draft.mode}
              onChange={(event) => change({ mode: event.target.value as Mode })}
            >
              <option value="paper">Paper: simulated</option>
              <option value="live">Live: real money</option>
            </select>
          </label>
        ) : null}
        <label className="field">
          <span>Name</span>
          <input
            className="input"
            value={draft.label}
            maxLength={40}
            onChange={(event) => setDraft({ ...draft, label: event.target.value })}
          />
        </label>
        {own ? (
          <label className="field">
            <span>Cash to begin with, USD</span>
            <input
              className="input"
              inputMode="decimal"
              value={draft.cash}
              onChange={(event) => change({ cash: event.target.value })}
            />
          </label>
        ) : (
          <CredentialFields broker={broker} draft={draft} change={(fields) => change({ fields })} />
        )}
      </div>
      <p className="dim">
        Trades {broker.classes.map((c) => CLASS_NAMES[c] ?? c).join(", ")}.
        {own ? "" : " The key is tried first, then sealed; it is never shown again."}
        {broker.oauth ? ` Or give it a name and allow it on ${broker.name}'s own page, without a key.` : ""}
      </p>
      {draft.mode === "live" ? (
        <LiveWords broker={broker} draft={draft} first={first} change={(p) => setDraft({ ...draft, ...p })} />
      ) : null}
      {test.isSuccess ? <Found tried={test.data} /> : null}
      {test.isError ? <Fault error={test.error} /> : null}
      {connect.isError ? <Fault error={connect.error} /> : null}
      {leave.isError ? <Fault error={leave.error} /> : null}
    </Dialog>
  );
}

// The ticket for an order by hand: what would happen is asked of the server while it is filled in, and sending repeats
// under one key until it is changed, so that a lost answer never becomes a second order.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { get, newIdempotencyKey, write } from "../api/client.ts";
import { key } from "../api/query.ts";
import type { Instrument, OrderBody, OrderOutcome, OrderPreview, Quote } from "../api/schema.ts";
import { isRecord, text } from "../feed/envelope.ts";
import { useWatch } from "../feed/FeedProvider.tsx";
import { isDecimal, price, sign } from "../format/decimal.ts";
import { breachesOf, previewOrders } from "../format/preview.ts";
import { fullTime } from "../format/time.ts";
import { Dialog } from "./Dialog.tsx";
import { useDelayed } from "./delayed.ts";
import { useSay } from "./Notice.tsx";
import { Segmented } from "./Segmented.tsx";
import { Fault } from "./State.tsx";
import { VerdictTag } from "./Verdict.tsx";

/** The server is asked once the typing has paused, and again while the ticket stays open. */
const PREVIEW_AFTER_MS = 350;
const PREVIEW_EVERY_MS = 4_000;

const SIDES = [
  { code: "buy", name: "Buy", tone: "buy" },
  { code: "sell", name: "Sell", tone: "sell" },
] as const;
const KINDS = [
  { code: "market", name: "Market" },
  { code: "limit", name: "Limit" },
  { code: "stop", name: "Stop" },
  { code: "stop_limit", name: "Stop limit" },
] as const;

type Kind = "market" | "limit" | "stop" | "stop_limit";

export interface Draft {
  symbol: string;
  side: "buy" | "sell";
  kind: Kind;
  quantity: string;
  limit: string;
  stopPrice: string;
  protectStop: string;
  protectTarget: string;
  reduce: boolean;
  note: string;
}

export const EMPTY: Draft = {
  symbol: "",
  side: "buy",
  kind: "limit",
  quantity: "",
  limit: "",
  stopPrice: "",
  protectStop: "",
  protectTarget: "",
  reduce: false,
  note: "",
};

const positive = (text: string) => isDecimal(text) && sign(text) > 0;

const at = (value: string) => ({ kind: "price" as const, value: value.trim() });

/** The request the draft stands for; none while something it needs is missing. */
export function bodyOf(draft: Draft): OrderBody | null {
  const { kind } = draft;
  const limit = kind === "limit" || kind === "stop_limit";
  const stop = kind === "stop" || kind === "stop_limit";
  const symbol = draft.symbol.trim().toUpperCase();
  if (!symbol || !positive(draft.quantity)) return null;
  if ((limit && !positive(draft.limit)) || (stop && !positive(draft.stopPrice))) return null;
  const extras = [draft.protectStop, draft.protectTarget].filter((text) => text !== "");
  if (!extras.every(positive)) return null;
  const protection =
    extras.length > 0
      ? {
          stop: draft.protectStop ? at(draft.protectStop) : null,
          targets: draft.protectTarget ? [{ level: at(draft.protectTarget) }] : [],
          trailing: null,
        }
      : null;
  return {
    symbol,
    side: draft.side,
    order_type: kind,
    quantity: draft.quantity.trim(),
    ...(limit ? { limit_price: draft.limit.trim() } : {}),
    ...(stop ? { stop_price: draft.stopPrice.trim() } : {}),
    ...(protection ? { protection } : {}),
    on_cap: draft.reduce ? "reduce" : "reject",
    ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
  };
}

function Quoted({ symbol }: { symbol: string }) {
  useWatch([symbol]);
  const quote = useQuery({
    queryKey: ["quote", symbol],
    queryFn: () => get<{ items: Quote[] }>(`/market/quotes?symbols=${encodeURIComponent(symbol)}`),
    refetchInterval: 2_000,
    placeholderData: keepPreviousData,
  });
  const one = quote.data?.items[0];
  if (!one || one.symbol !== symbol) return <p className="dim">No quote.</p>;
  return (
    <dl>
      <dt>Bid</dt>
      <dd>{price(one.bid)}</dd>
      <dt>Ask</dt>
      <dd>{price(one.ask)}</dd>
      <dt>Last</dt>
      <dd>{price(one.last)}</dd>
    </dl>
  );
}

/** What the server says the order would lead to now. */
function Outcome({ preview }: { preview: unknown }) {
  if (!isRecord(preview)) return null;
  const message = text(preview, "message");
  const until = text(preview, "until");
  const breaches = breachesOf(preview);
  return (
    <>
      <p className="verdict-word">
        <VerdictTag status={breaches.reduced ? "reduced" : (text(preview, "outcome") ?? "refused")} />
      </p>
      <ul className="would">
        {previewOrders(preview).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {until ? <p>Waits until {fullTime(until)}.</p> : null}
      {message ? <p className="why">{message}</p> : null}
      <ul className="breaches">
        {breaches.lines
          .filter((line) => line.message !== message)
          .map((line) => (
            <li key={line.rule + line.message}>
              <span className="rule-code">{line.rule}</span>
              <span>{line.message}</span>
            </li>
          ))}
      </ul>
    </>
  );
}

function Preview({ body }: { body: OrderBody | null }) {
  const asked = useDelayed(body, PREVIEW_AFTER_MS);
  const preview = useQuery({
    queryKey: ["preview", asked],
    queryFn: () => write<OrderPreview>("POST", "/orders/preview", asked),
    enabled: asked !== null,
    retry: false,
    refetchInterval: PREVIEW_EVERY_MS,
    placeholderData: keepPreviousData,
  });
  if (asked === null) return <p className="dim">Fill in the order to see what your limits make of it.</p>;
  if (preview.isError) return <Fault error={preview.error} />;
  if (!preview.data) return <p className="dim">Asking.</p>;
  return <Outcome preview={preview.data.preview} />;
}

export function Ticket({ close }: { close: () => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const symbols = useId();
  const search = useDelayed(draft.symbol.trim(), PREVIEW_AFTER_MS);
  const found = useQuery({
    queryKey: ["instruments", search],
    queryFn: () => get<{ items: Instrument[] }>(`/market/instruments?q=${encodeURIComponent(search)}`),
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
  });
  const body = useMemo(() => bodyOf(draft), [draft]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed order is another order, so it gets another key
  const idempotencyKey = useMemo(newIdempotencyKey, [body]);
  const place = useMutation({
    mutationFn: (order: OrderBody) => write<OrderOutcome>("POST", "/orders", order, idempotencyKey),
    onSuccess: (placed) => {
      void client.invalidateQueries({ queryKey: key.orders });
      say(placed.message, "good");
      close();
      const [first] = placed.orders;
      if (first) void navigate(`/orders/${first.id}`);
    },
  });
  const set = <K extends keyof Draft>(name: K, value: Draft[K]) => {
    place.reset();
    setDraft((now) => ({ ...now, [name]: value }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body) place.mutate(body);
  };
  const exact = found.data?.items.find((one) => one.symbol === draft.symbol.trim().toUpperCase());
  const limit = draft.kind === "limit" || draft.kind === "stop_limit";
  const stop = draft.kind === "stop" || draft.kind === "stop_limit";
  return (
    <Dialog
      title="New order"
      wide
      close={close}
      foot={
        <>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="submit"
            form={`${symbols}form`}
            className="button primary"
            disabled={!body || place.isPending}
          >
            {draft.side === "buy" ? "Place buy order" : "Place sell order"}
          </button>
        </>
      }
    >
      <form id={`${symbols}form`} className="ticket" onSubmit={submit}>
        <div className="ticket-fields">
          <div className="whole">
            <Segmented label="Side" options={SIDES} value={draft.side} change={(side) => set("side", side)} />
          </div>
          <Field label="Instrument" whole>
            <input
              className="input"
              name="symbol"
              list={symbols}
              value={draft.symbol}
              placeholder="AAPL, BTC/USD or AAPL 2026-12-18 150 C"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => set("symbol", event.target.value)}
            />
            <datalist id={symbols}>
              {found.data?.items.slice(0, 12).map((one) => (
                <option key={one.symbol} value={one.symbol} />
              ))}
            </datalist>
          </Field>
          <div className="whole">
            <Segmented label="Type" options={KINDS} value={draft.kind} change={(kind) => set("kind", kind)} />
          </div>
          <Figure
            label="Quantity"
            name="quantity"
            value={draft.quantity}
            change={(text) => set("quantity", text)}
          />
          {limit ? (
            <Figure
              label="Limit price"
              name="limit"
              value={draft.limit}
              change={(text) => set("limit", text)}
            />
          ) : null}
          {stop ? (
            <Figure
              label="Stop price"
              name="stop"
              value={draft.stopPrice}
              change={(text) => set("stopPrice", text)}
            />
          ) : null}
          <Figure
            label="Protective stop"
            name="protect-stop"
            value={draft.protectStop}
            hint="by your rules"
            change={(text) => set("protectStop", text)}
          />
          <Figure
            label="Target"
            name="protect-target"
            value={draft.protectTarget}
            hint="none"
            change={(text) => set("protectTarget", text)}
          />
          <Field label="Note" whole>
            <input
              className="input"
              name="note"
              value={draft.note}
              placeholder="for yourself; kept with the order"
              autoComplete="off"
              maxLength={200}
              onChange={(event) => set("note", event.target.value)}
            />
          </Field>
          <label className="tick whole">
            <input
              type="checkbox"
              checked={draft.reduce}
              onChange={(event) => set("reduce", event.target.checked)}
            />
            Reduce to what the limits allow instead of refusing
          </label>
        </div>
        <div className="ticket-preview" aria-live="polite">
          <h3>{exact ? exact.symbol : "What would happen"}</h3>
          {exact ? <Quoted symbol={exact.symbol} /> : null}
          <Preview body={body} />
        </div>
      </form>
      {place.isError ? <Fault error={place.error} /> : null}
    </Dialog>
  );
}

function Field({ label, whole = false, children }: { label: string; whole?: boolean; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className={`field ${whole ? "whole" : ""}`}>
      <span>{label}</span>
      {children}
    </label>
  );
}

interface FigureProps {
  label: string;
  name: string;
  value: string;
  hint?: string;
  change: (text: string) => void;
}

function Figure({ label, name, value, hint, change }: FigureProps) {
  return (
    <Field label={label}>
      <input
        className="input"
        name={name}
        inputMode="decimal"
        autoComplete="off"
        placeholder={hint}
        value={value}
        aria-invalid={value !== "" && !positive(value)}
        onChange={(event) => change(event.target.value.replaceAll(",", ""))}
      />
    </Field>
  );
}

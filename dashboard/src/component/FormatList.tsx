// The formats of a provider in the order they are tried: written, put in order, removed; slots are put in by a press.

import { type RefObject, useEffect, useId, useRef, useState } from "react";
import { type FormatRow, inserted, moved, type Placed, rowId } from "../format/profile.ts";
import { Icon } from "./Icon.tsx";

/** Most formats a provider may teach. */
const FORMATS_MAX = 20;
const SLOTS: [string, string][] = [
  ["action", "what is done: buy, sell, BTO, close, or an own word"],
  ["symbol", "the share, fund or coin"],
  ["price", "where to get in"],
  ["stop", "a price, a per cent or BE"],
  ["target", "may stand there several times"],
  ["quantity", "shares, coins or contracts"],
  ["percent", "of the position"],
  ["strike", "of the contract, with right"],
  ["right", "C or P, call or put"],
  ["expiry", "a day, a weekday or 0dte"],
  ["side", "long or short"],
  ["type", "market, limit or stop"],
  ["leverage", "5x"],
  ["note", "anything up to the end of the line"],
];

interface Caret {
  id: number;
  from: number;
  to: number;
}

interface RowProps {
  row: FormatRow;
  place: number;
  count: number;
  faults: Placed;
  caret: RefObject<Caret | null>;
  set: (part: Partial<FormatRow>) => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
}

function Row({ row, place, count, faults, caret, set, move, remove }: RowProps) {
  const told = useId();
  const name = faults.at.get(`template ${row.id} name`);
  const pattern = faults.at.get(`template ${row.id} pattern`);
  const label = row.name.trim() || `format ${place}`;
  const keep = (field: HTMLTextAreaElement) => {
    caret.current = { id: row.id, from: field.selectionStart, to: field.selectionEnd };
  };
  return (
    <li className="format-row" data-format={row.id}>
      <div className="format-head">
        <span className="place" aria-hidden="true">
          {place}
        </span>
        <input
          className="input"
          name="format-name"
          aria-label={`Name of format ${place}`}
          aria-invalid={name !== undefined}
          aria-describedby={told}
          placeholder="Name, such as: calls"
          maxLength={60}
          autoComplete="off"
          value={row.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <button
          type="button"
          className="button plain icon"
          data-move="-1"
          disabled={place === 1}
          aria-label={`Try ${label} earlier`}
          title="Try earlier"
          onClick={() => move(-1)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          className="button plain icon"
          data-move="1"
          disabled={place === count}
          aria-label={`Try ${label} later`}
          title="Try later"
          onClick={() => move(1)}
        >
          <Icon name="down" />
        </button>
        <button
          type="button"
          className="button plain icon"
          aria-label={`Remove ${label}`}
          title="Remove"
          onClick={remove}
        >
          <Icon name="cross" />
        </button>
      </div>
      <textarea
        className="input mono"
        name="format-pattern"
        aria-label={`Format ${place}`}
        aria-invalid={pattern !== undefined}
        aria-describedby={told}
        rows={Math.min(6, row.pattern.split("\n").length)}
        placeholder="{action} {symbol} @ {price}[ SL {stop}]"
        maxLength={500}
        spellCheck={false}
        value={row.pattern}
        onSelect={(event) => keep(event.currentTarget)}
        onChange={(event) => {
          keep(event.target);
          set({ pattern: event.target.value });
        }}
      />
      <p className="told" id={told}>
        {name || pattern ? [name, pattern].filter(Boolean).join("; ") : null}
      </p>
    </li>
  );
}

interface ListProps {
  rows: readonly FormatRow[];
  faults: Placed;
  change: (rows: FormatRow[]) => void;
}

export function FormatList({ rows, faults, change }: ListProps) {
  const list = useRef<HTMLOListElement>(null);
  const caret = useRef<Caret | null>(null);
  const next = useRef<((list: HTMLOListElement) => void) | null>(null);
  const [said, setSaid] = useState("");
  // What was moved, made or written into keeps the focus, once the rows stand where they belong.
  useEffect(() => {
    if (list.current) next.current?.(list.current);
    next.current = null;
  });
  const pattern = (within: HTMLOListElement, id: number) =>
    within.querySelector<HTMLTextAreaElement>(`[data-format="${id}"] textarea`);
  const move = (row: FormatRow, by: -1 | 1) => {
    const order = moved(rows, row.id, by);
    next.current = (within) => {
      const button = (way: number) =>
        within.querySelector<HTMLButtonElement>(`[data-format="${row.id}"] [data-move="${way}"]:enabled`);
      (button(by) ?? button(-by))?.focus();
    };
    setSaid(`Tried as number ${order.indexOf(row) + 1} of ${order.length}.`);
    change(order);
  };
  const add = () => {
    const id = rowId();
    next.current = (within) => within.querySelector<HTMLInputElement>(`[data-format="${id}"] input`)?.focus();
    change([...rows, { id, name: "", pattern: "" }]);
  };
  const remove = (row: FormatRow) => {
    const at = rows.indexOf(row);
    const left = rows.filter((one) => one !== row);
    const neighbour = left[Math.min(at, left.length - 1)];
    next.current = (within) => {
      if (neighbour) pattern(within, neighbour.id)?.focus();
      else within.parentElement?.querySelector<HTMLButtonElement>(".add-row")?.focus();
    };
    setSaid("Removed.");
    change(left);
  };
  const put = (slot: string) => {
    const row = rows.find((one) => one.id === caret.current?.id) ?? rows.at(-1);
    if (!row) return;
    const end = row.pattern.length;
    const spot = caret.current?.id === row.id ? caret.current : { from: end, to: end };
    const [text, at] = inserted(row.pattern, spot.from, spot.to, slot);
    caret.current = { id: row.id, from: at, to: at };
    next.current = (within) => {
      const field = pattern(within, row.id);
      field?.focus();
      field?.setSelectionRange(at, at);
    };
    change(rows.map((one) => (one === row ? { ...one, pattern: text } : one)));
  };
  return (
    <div className="formats">
      <ol ref={list} aria-label="Formats">
        {rows.map((row, i) => (
          <Row
            key={row.id}
            row={row}
            place={i + 1}
            count={rows.length}
            faults={faults}
            caret={caret}
            set={(part) => change(rows.map((one) => (one.id === row.id ? { ...one, ...part } : one)))}
            move={(by) => move(row, by)}
            remove={() => remove(row)}
          />
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {rows.length > 0 ? (
        <fieldset className="slots">
          <legend>Put a slot where the cursor stands</legend>
          {SLOTS.map(([slot, what]) => (
            <button
              key={slot}
              type="button"
              className="button small mono"
              title={what}
              onClick={() => put(slot)}
            >
              {`{${slot}}`}
            </button>
          ))}
        </fieldset>
      ) : (
        <p className="dim">No format yet: messages are read by the general reading alone.</p>
      )}
      <button type="button" className="button add-row" disabled={rows.length >= FORMATS_MAX} onClick={add}>
        <Icon name="plus" />
        Add a format
      </button>
    </div>
  );
}

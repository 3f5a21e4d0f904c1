// Own words of a provider, each with what it stands for.

import { type ReactNode, useEffect, useId, useRef } from "react";
import { type Placed, rowId, type WordRow } from "../format/profile.ts";
import { Icon } from "./Icon.tsx";

interface ListProps {
  /** Name of the list among the faults. */
  list: "verbs" | "labels";
  label: string;
  /** What a new word stands for. */
  usual: string;
  max: number;
  rows: readonly WordRow[];
  faults: Placed;
  change: (rows: WordRow[]) => void;
  /** The field for what the word stands for. */
  known: (row: WordRow, field: KnownField) => ReactNode;
}

export interface KnownField {
  "aria-label": string;
  "aria-invalid": boolean;
  "aria-describedby": string;
  value: string;
  set: (text: string) => void;
}

export function WordList({ list, label, usual, max, rows, faults, change, known }: ListProps) {
  const base = useId();
  const whole = useRef<HTMLUListElement>(null);
  const made = useRef<number | null>(null);
  useEffect(() => {
    if (made.current !== null)
      whole.current?.querySelector<HTMLInputElement>(`[data-word="${made.current}"] input`)?.focus();
    made.current = null;
  });
  const set = (id: number, part: Partial<WordRow>) =>
    change(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  return (
    <div className="words">
      <ul ref={whole} aria-label={label}>
        {rows.map((row) => {
          const fault = faults.at.get(`${list} ${row.id}`);
          const told = `${base}${row.id}`;
          return (
            <li key={row.id} data-word={row.id}>
              <input
                className="input"
                name={`${list}-own`}
                aria-label="Own word"
                aria-invalid={fault !== undefined}
                aria-describedby={told}
                placeholder="own word"
                maxLength={60}
                autoComplete="off"
                spellCheck={false}
                value={row.own}
                onChange={(event) => set(row.id, { own: event.target.value })}
              />
              <span className="dim">means</span>
              {known(row, {
                "aria-label": row.own.trim() ? `What ${row.own.trim()} means` : "What it means",
                "aria-invalid": fault !== undefined,
                "aria-describedby": told,
                value: row.known,
                set: (text) => set(row.id, { known: text }),
              })}
              <button
                type="button"
                className="button plain icon"
                aria-label={`Remove ${row.own.trim() || "the word"}`}
                title="Remove"
                onClick={() => {
                  change(rows.filter((one) => one.id !== row.id));
                  whole.current?.parentElement?.querySelector<HTMLButtonElement>(".add-row")?.focus();
                }}
              >
                <Icon name="cross" />
              </button>
              <p className="told" id={told}>
                {fault}
              </p>
            </li>
          );
        })}
      </ul>
      <button
        type="button"
        className="button small add-row"
        disabled={rows.length >= max}
        onClick={() => {
          made.current = rowId();
          change([...rows, { id: made.current, own: "", known: usual }]);
        }}
      >
        <Icon name="plus" />
        Add a word
      </button>
    </div>
  );
}

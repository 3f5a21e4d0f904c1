// What a provider teaches, as a form: formats, own words, and what is meant where a message leaves it open.

import { type ReactNode, useId } from "react";
import type { Draft, Placed } from "../format/profile.ts";
import { FormatList } from "./FormatList.tsx";
import { WordList } from "./WordList.tsx";

const ACTIONS = ["buy", "sell", "bto", "stc", "sto", "btc", "long", "short", "close", "reduce", "add"];
const PRICES: [string, string][] = [
  ["entry", "entry"],
  ["stop", "stop"],
  ["target", "target"],
];
const CHOICES: {
  field: "sell_means" | "default_asset" | "default_expiry";
  name: string;
  of: [string, string][];
}[] = [
  {
    field: "sell_means",
    name: "A bare “sell”",
    of: [
      ["", "as the provider is set up"],
      ["close_long", "closes what is held"],
      ["open_short", "opens a short"],
    ],
  },
  {
    field: "default_asset",
    name: "A symbol that may be either",
    of: [
      ["", "is left open"],
      ["equity", "is a share"],
      ["crypto", "is a coin"],
    ],
  },
  {
    field: "default_expiry",
    name: "An option without a day",
    of: [
      ["", "is refused"],
      ["same_day", "expires on the message's day"],
      ["same_week", "expires on that week's Friday"],
    ],
  },
];

function Options({ of }: { of: readonly [string, string][] }): ReactNode {
  return of.map(([code, name]) => (
    <option key={code} value={code}>
      {name}
    </option>
  ));
}

interface FormProps {
  draft: Draft;
  faults: Placed;
  change: (part: Partial<Draft>) => void;
}

export function LessonForm({ draft, faults, change }: FormProps) {
  const actions = useId();
  return (
    <>
      <h3>Formats</h3>
      <p className="dim hint-line">
        Tried from the first to the last before the general reading. <code>[…]</code> may be missing,{" "}
        <code>{"{action=buy}"}</code> is always the same.
      </p>
      <FormatList rows={draft.templates} faults={faults} change={(templates) => change({ templates })} />
      <h3>Own words for actions</h3>
      <WordList
        list="verbs"
        label="Own words for actions"
        usual=""
        max={100}
        rows={draft.verbs}
        faults={faults}
        change={(verbs) => change({ verbs })}
        known={(_, { value, set, ...field }) => (
          <input
            {...field}
            className="input"
            name="verbs-known"
            list={actions}
            placeholder="buy"
            autoComplete="off"
            spellCheck={false}
            value={value}
            onChange={(event) => set(event.target.value)}
          />
        )}
      />
      <datalist id={actions}>
        {ACTIONS.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>
      <h3>Own names of prices</h3>
      <WordList
        list="labels"
        label="Own names of prices"
        usual="entry"
        max={30}
        rows={draft.labels}
        faults={faults}
        change={(labels) => change({ labels })}
        known={(_, { value, set, ...field }) => (
          <select
            {...field}
            className="input"
            name="labels-known"
            value={value}
            onChange={(event) => set(event.target.value)}
          >
            <Options of={PRICES} />
          </select>
        )}
      />
      <h3>Where a message leaves it open</h3>
      <div className="choices">
        {CHOICES.map(({ field, name, of }) => {
          const fault = faults.at.get(field);
          return (
            <label key={field} className="field">
              <span>{name}</span>
              <select
                className="input"
                name={field}
                aria-invalid={fault !== undefined}
                value={draft[field]}
                onChange={(event) => change({ [field]: event.target.value })}
              >
                <Options of={of} />
              </select>
              {fault ? <span className="told">{fault}</span> : null}
            </label>
          );
        })}
      </div>
    </>
  );
}

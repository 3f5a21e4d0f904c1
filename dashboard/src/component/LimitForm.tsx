// How limits are changed: all of them in one form, against their version. What loosens asks for a second factor and waits.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { write } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import { key } from "../api/query.ts";
import type { UserLimits } from "../api/schema.ts";
import { drafted, faultOf, LIMITS, type LimitField, undrafted } from "../format/limit.ts";
import { readWindows } from "../format/window.ts";
import { useSay } from "./Notice.tsx";
import { Fault } from "./State.tsx";
import { WindowList } from "./WindowList.tsx";

interface FieldProps {
  field: LimitField;
  value: string;
  change: (value: string) => void;
}

function Field({ field, value, change }: FieldProps) {
  const { path, name, unit, kind } = field;
  if (kind === "flag")
    return (
      <label className="tick">
        <input
          type="checkbox"
          name={path}
          checked={value === "true"}
          onChange={(event) => change(String(event.target.checked))}
        />
        {name}
      </label>
    );
  if (kind === "windows")
    return <WindowList windows={readWindows(value)} change={(windows) => change(JSON.stringify(windows))} />;
  if (kind === "action")
    return (
      <label className="field">
        <span>{name}</span>
        <select className="input" name={path} value={value} onChange={(event) => change(event.target.value)}>
          <option value="flatten">Close every position</option>
          <option value="block_only">Open nothing more</option>
        </select>
      </label>
    );
  return (
    <label className={kind === "symbols" ? "field whole" : "field"}>
      <span>
        {name}
        {unit ? `, ${unit}` : ""}
        {kind === "perhaps" ? " (empty: none)" : ""}
      </span>
      <input
        className="input"
        name={path}
        value={value}
        inputMode={kind === "symbols" ? "text" : "decimal"}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
      />
    </label>
  );
}

export function LimitForm({ limits }: { limits: UserLimits }) {
  const client = useQueryClient();
  const say = useSay();
  const [draft, setDraft] = useState(() => drafted(limits.limits));
  const fault = faultOf(draft);
  const save = useMutation({
    mutationFn: () =>
      write<UserLimits>("PUT", "/risk/limits", undrafted(limits.limits, draft), undefined, limits.version),
    onSuccess: (saved) => {
      client.setQueryData(key.limits, saved);
      void client.invalidateQueries({ queryKey: key.risk });
      setDraft(drafted(saved.limits));
      say(saved.pending.length > 0 ? "Saved. What loosens is in force in ten minutes." : "Saved.", "good");
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 409)
        void client.invalidateQueries({ queryKey: key.limits });
    },
  });
  return (
    <form
      className="notice-settings limit-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!fault) save.mutate();
      }}
    >
      {LIMITS.map((group) => (
        <fieldset key={group.title}>
          <legend>{group.title}</legend>
          <div className="limit-fields">
            {group.fields.map((field) => (
              <Field
                key={field.path}
                field={field}
                value={draft[field.path] ?? ""}
                change={(value) => setDraft({ ...draft, [field.path]: value })}
              />
            ))}
          </div>
        </fieldset>
      ))}
      {fault ? (
        <p className="down" role="alert">
          {fault}
        </p>
      ) : null}
      {save.isError ? <Fault error={save.error} /> : null}
      <button type="submit" className="button primary" disabled={save.isPending || fault !== null}>
        Save
      </button>
    </form>
  );
}

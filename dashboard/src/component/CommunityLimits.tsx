// What the user's communities cap: seen by their members, set by their admins. What loosens waits as own limits do.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { write } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import { key } from "../api/query.ts";
import type { Community, CommunityCaps } from "../api/schema.ts";
import { CAP_GROUPS, capFault, capLines, capName, draftedCaps, undraftedCaps } from "../format/cap.ts";
import { clock } from "../format/time.ts";
import { useSay } from "./Notice.tsx";
import { StaffUnlocks } from "./StaffUnlocks.tsx";
import { Blank, Fault } from "./State.tsx";

function CapsForm({ community, done }: { community: Community; done: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const [draft, setDraft] = useState(() => draftedCaps(community.limits.caps));
  const fault = capFault(draft);
  const save = useMutation({
    mutationFn: () =>
      write<CommunityCaps>(
        "PUT",
        `/communities/${community.id}/caps`,
        undraftedCaps(draft),
        undefined,
        community.limits.version,
      ),
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: key.communities });
      void client.invalidateQueries({ queryKey: key.risk });
      say(saved.pending.length > 0 ? "Saved. What loosens is in force in ten minutes." : "Saved.", "good");
      done();
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 409)
        void client.invalidateQueries({ queryKey: key.communities });
    },
  });
  const set = (name: string, value: string) => setDraft({ ...draft, [name]: value });
  return (
    <form
      className="caps-form"
      aria-label={`Limits of ${community.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!fault) save.mutate();
      }}
    >
      {CAP_GROUPS.map((group) => (
        <fieldset key={group.title}>
          <legend>{group.title}</legend>
          <div className="limit-fields">
            {group.fields.map(({ name, title, unit }) => (
              <label key={name} className="field">
                <span>
                  {title}
                  {unit ? `, ${unit}` : ""} (empty: none)
                </span>
                <input
                  className="input"
                  name={name}
                  inputMode="decimal"
                  autoComplete="off"
                  value={draft[name] ?? ""}
                  onChange={(event) => set(name, event.target.value)}
                />
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <div className="limit-fields">
        <label className="field whole">
          <span>Never opened, symbols</span>
          <input
            className="input"
            name="deny_symbols"
            autoComplete="off"
            spellCheck={false}
            value={draft.deny_symbols ?? ""}
            onChange={(event) => set("deny_symbols", event.target.value)}
          />
        </label>
      </div>
      {fault ? (
        <p className="down" role="alert">
          {fault}
        </p>
      ) : null}
      {save.isError ? <Fault error={save.error} /> : null}
      <div className="row-actions">
        <button type="submit" className="button primary" disabled={save.isPending || fault !== null}>
          Save limits of {community.name}
        </button>
        <button type="button" className="button" onClick={done}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Row({ community }: { community: Community }) {
  const [edits, setEdits] = useState(false);
  const { caps, pending, version } = community.limits;
  const lines = capLines(caps);
  return (
    <li className="community-limits" data-community={community.id}>
      <div className="community-head">
        <strong>{community.name}</strong>
        <span className="note">you are {community.role} here</span>
        {community.sets_caps && !edits ? (
          <button type="button" className="button small" onClick={() => setEdits(true)}>
            Change limits
          </button>
        ) : null}
      </div>
      {lines.length === 0 ? (
        <p className="note">It caps nothing.</p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {pending.map((one) => (
        <p key={one.limit} className="note">
          {capName(one.limit)}: from {one.from} to {one.to} at{" "}
          <time dateTime={one.due_at}>{clock(one.due_at, Date.now())}</time>
        </p>
      ))}
      <StaffUnlocks community={community} />
      {edits ? <CapsForm key={version} community={community} done={() => setEdits(false)} /> : null}
    </li>
  );
}

export function CommunityLimits({ communities }: { communities: readonly Community[] }) {
  if (communities.length === 0)
    return <Blank title="No community">Limits of communities you are in show here.</Blank>;
  return (
    <ul className="communities">
      {communities.map((one) => (
        <Row key={one.id} community={one} />
      ))}
    </ul>
  );
}

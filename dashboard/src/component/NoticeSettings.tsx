// What is told in private, and when: kinds, quiet hours, whether commands are confirmed. Saved as a whole, against its version.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { write } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import { key } from "../api/query.ts";
import type { NoticeBody, NoticeSettings as Settings } from "../api/schema.ts";
import { faultOf, KINDS, quietNights } from "../format/notice.ts";
import { useSay } from "./Notice.tsx";
import { Fault } from "./State.tsx";

type QuietHours = NonNullable<NoticeBody["quiet"]> | null;

function Tick({ on, name, change }: { on: boolean; name: string; change: (on: boolean) => void }) {
  return (
    <label className="tick">
      <input type="checkbox" checked={on} onChange={(event) => change(event.target.checked)} />
      {name}
    </label>
  );
}

function Quiet({ quiet, change }: { quiet: QuietHours; change: (quiet: QuietHours) => void }) {
  const zones = Intl.supportedValuesOf?.("timeZone") ?? [];
  return (
    <fieldset className="quiet">
      <legend>Quiet hours</legend>
      <Tick
        on={Boolean(quiet)}
        name="Hold everything but outages and questions back"
        change={(on) => change(on ? quietNights() : null)}
      />
      {quiet ? (
        <div className="quiet-times">
          <label className="field">
            <span>From</span>
            <input
              className="input"
              type="time"
              required
              value={quiet.from}
              onChange={(event) => change({ ...quiet, from: event.target.value })}
            />
          </label>
          <label className="field">
            <span>To</span>
            <input
              className="input"
              type="time"
              required
              value={quiet.to}
              onChange={(event) => change({ ...quiet, to: event.target.value })}
            />
          </label>
          <label className="field zone">
            <span>Time zone</span>
            <input
              className="input"
              list="zones"
              required
              value={quiet.zone}
              onChange={(event) => change({ ...quiet, zone: event.target.value })}
            />
            <datalist id="zones">
              {zones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </label>
        </div>
      ) : null}
    </fieldset>
  );
}

export function NoticeSettings({ settings }: { settings: Settings }) {
  const client = useQueryClient();
  const say = useSay();
  const [draft, setDraft] = useState<NoticeBody>(settings.settings);
  const change = (part: Partial<NoticeBody>) => setDraft({ ...draft, ...part });
  const fault = faultOf(draft);
  const save = useMutation({
    mutationFn: () => write<Settings>("PUT", "/me/notifications", draft, undefined, settings.version),
    onSuccess: (saved) => {
      client.setQueryData(key.noticeSettings, saved);
      say("Saved.", "good");
    },
    onError: (error) => {
      // Somebody else, or another window, was first: what stands there is shown.
      if (error instanceof Problem && (error.status === 412 || error.status === 409))
        void client.invalidateQueries({ queryKey: key.noticeSettings });
    },
  });
  return (
    <form
      className="notice-settings"
      onSubmit={(event) => {
        event.preventDefault();
        if (!fault) save.mutate();
      }}
    >
      {settings.linked ? null : (
        <p className="why">
          Nothing is told in private yet: your account is not linked with Discord. Type <code>/connect</code>{" "}
          where Ordercast is a member.
        </p>
      )}
      <Tick on={draft.enabled} name="Private messages at Discord" change={(enabled) => change({ enabled })} />
      <fieldset disabled={!draft.enabled}>
        <legend>What is told there</legend>
        {KINDS.map(({ field, what }) => (
          <Tick key={field} on={draft[field]} name={what} change={(on) => change({ [field]: on })} />
        ))}
      </fieldset>
      <Quiet quiet={draft.quiet ?? null} change={(quiet) => change({ quiet })} />
      <fieldset>
        <legend>Commands</legend>
        <Tick
          on={draft.confirm_slash}
          name="/buy, /sell and /close show a card first"
          change={(confirm_slash) => change({ confirm_slash })}
        />
      </fieldset>
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

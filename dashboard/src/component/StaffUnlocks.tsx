// Who unlocks a member whom a community's circuit breaker locked: told to members, set and done by its admins.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { write } from "../api/client.ts";
import { key, useLocks } from "../api/query.ts";
import type { Community, CommunityCaps, LockedMember } from "../api/schema.ts";
import { clock } from "../format/time.ts";
import { Dialog } from "./Dialog.tsx";
import { useSay } from "./Notice.tsx";
import { Fault } from "./State.tsx";

/** What unlocks an account, typed out. */
const WORD = "UNLOCK";

function Unlock({
  community,
  member,
  close,
}: {
  community: Community;
  member: LockedMember;
  close: () => void;
}) {
  const client = useQueryClient();
  const say = useSay();
  const [typed, setTyped] = useState("");
  const unlock = useMutation({
    mutationFn: () =>
      write<void>("POST", `/communities/${community.id}/unlock`, {
        connection_id: member.connection_id,
        confirm: WORD,
      }),
    onSuccess: () => {
      say(`${member.name} is unlocked.`, "good");
      close();
    },
    onSettled: () => void client.invalidateQueries({ queryKey: key.locks }),
  });
  return (
    <Dialog
      title={`Unlock ${member.name}?`}
      close={close}
      foot={
        <>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            disabled={typed.trim().toUpperCase() !== WORD || unlock.isPending}
            onClick={() => unlock.mutate()}
          >
            Unlock
          </button>
        </>
      }
    >
      <p>Signals open positions in this account again. What was closed stays closed.</p>
      <p>It stands in your journal and in theirs, and they are told.</p>
      <label className="field typed">
        <span>Type {WORD} to confirm</span>
        <input
          className="input"
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      {unlock.isError ? <Fault error={unlock.error} /> : null}
    </Dialog>
  );
}

function Locked({ community }: { community: Community }) {
  const locks = useLocks(community.id);
  const [asked, setAsked] = useState<LockedMember | null>(null);
  if (locks.isError) return <Fault error={locks.error} />;
  const members = locks.data ?? [];
  if (members.length === 0) return <p className="note">Nobody is locked by it now.</p>;
  return (
    <>
      <ul className="locked-members" aria-label={`Locked by ${community.name}`}>
        {members.map((one) => {
          const early = Date.parse(one.unlockable_from) > Date.now();
          return (
            <li key={one.connection_id}>
              <strong>{one.name}</strong>, locked since {clock(one.since, Date.now())}
              {early ? (
                <span className="note">
                  {" "}
                  {one.again ? "for the second time today; " : ""}from{" "}
                  {clock(one.unlockable_from, Date.now())}
                </span>
              ) : (
                <button type="button" className="button small" onClick={() => setAsked(one)}>
                  Unlock
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {asked ? <Unlock community={community} member={asked} close={() => setAsked(null)} /> : null}
    </>
  );
}

export function StaffUnlocks({ community }: { community: Community }) {
  const client = useQueryClient();
  const say = useSay();
  const { staff_unlocks: on, version } = community.limits;
  const save = useMutation({
    mutationFn: (wanted: boolean) =>
      write<CommunityCaps>(
        "PUT",
        `/communities/${community.id}/staff-unlocks`,
        { on: wanted },
        undefined,
        version,
      ),
    onSuccess: () => say("Saved.", "good"),
    onSettled: () => void client.invalidateQueries({ queryKey: key.communities }),
  });
  if (!community.sets_caps)
    return on ? <p className="note">Whom its circuit breaker locks, its owner or an admin unlocks.</p> : null;
  return (
    <div className="staff-unlocks">
      <label className="tick">
        <input
          type="checkbox"
          name="staff_unlocks"
          checked={on}
          disabled={save.isPending}
          onChange={(event) => save.mutate(event.target.checked)}
        />
        Whom its circuit breaker locks, only its owner or an admin unlocks
      </label>
      {save.isError ? <Fault error={save.error} /> : null}
      {on ? <Locked community={community} /> : null}
    </div>
  );
}

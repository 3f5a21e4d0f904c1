// What was asked to be looser and is not yet: from what to what, how long still, and the way back.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { write } from "../api/client.ts";
import { key } from "../api/query.ts";
import type { Loosening, UserLimits } from "../api/schema.ts";
import { nameOf } from "../format/limit.ts";
import { clock } from "../format/time.ts";
import { Countdown } from "./Countdown.tsx";
import { useSay } from "./Notice.tsx";
import { Blank, Fault } from "./State.tsx";

function Row({ one }: { one: Loosening }) {
  const client = useQueryClient();
  const say = useSay();
  const name = nameOf(one.limit);
  const back = useMutation({
    mutationFn: () => write<UserLimits>("DELETE", `/risk/limits/pending/${encodeURIComponent(one.limit)}`),
    onSuccess: (saved) => {
      client.setQueryData(key.limits, saved);
      say(`Taken back: ${name} stays at ${one.from}.`, "good");
    },
    onError: () => void client.invalidateQueries({ queryKey: key.limits }),
  });
  return (
    <li className="pending-limit" data-pending={one.limit}>
      <span>
        <strong>{name}</strong>: from {one.from} to {one.to} at{" "}
        <time dateTime={one.due_at}>{clock(one.due_at, Date.now())}</time>
      </span>
      <Countdown from={one.asked_at} until={one.due_at} />
      <button
        type="button"
        className="button small"
        disabled={back.isPending}
        aria-label={`Take back: ${name}`}
        onClick={() => back.mutate()}
      >
        Take back
      </button>
      {back.isError ? <Fault error={back.error} /> : null}
    </li>
  );
}

export function PendingLimits({ pending }: { pending: readonly Loosening[] }) {
  if (pending.length === 0)
    return (
      <Blank title="Nothing waits">What tightens holds at once; what loosens waits ten minutes here.</Blank>
    );
  return (
    <ul className="pending-limits">
      {pending.map((one) => (
        <Row key={one.limit} one={one} />
      ))}
    </ul>
  );
}

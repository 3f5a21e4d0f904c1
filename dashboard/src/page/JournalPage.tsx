// The user's own entries of the journal, newest first; one entry with before, after and its place in the chain; the
// check that nothing was altered.

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { get, write } from "../api/client.ts";
import { key, rows, useJournal } from "../api/query.ts";
import type { JournalEntry, Verified } from "../api/schema.ts";
import { Icon } from "../component/Icon.tsx";
import { More } from "../component/More.tsx";
import { Blank, Fault, Loaded } from "../component/State.tsx";
import { type Column, Table } from "../component/Table.tsx";
import { Tag } from "../component/Verdict.tsx";
import { differences } from "../format/difference.ts";
import { clock, fullTime } from "../format/time.ts";
import { plain } from "../format/word.ts";

const KINDS = [
  "signal.decision",
  "approval.requested",
  "approval.approved",
  "approval.declined",
  "approval.expired",
  "intent.created",
  "order.queued",
  "order.sent",
  "order.accepted",
  "order.rejected",
  "order.denied",
  "order.unknown",
  "order.cancelled",
  "order.expired",
  "order.replaced",
  "fill.booked",
  "position.opened",
  "position.changed",
  "position.closed",
  "protection.placed",
  "protection.moved",
  "cash.changed",
  "risk.denied",
  "risk.reduced",
  "risk.limit_changed",
  "kill.set",
  "kill.lifted",
  "pause.set",
  "pause.lifted",
  "login.ok",
];

function OutcomeTag({ entry }: { entry: JournalEntry }) {
  if (entry.result === "ok") return <span className="dim">ok</span>;
  return <Tag word={entry.result} tone="bad" />;
}

/** The whole chain, part after part: each answer says where the next part begins. */
async function verifyAll(): Promise<Verified> {
  let part = await write<Verified>("POST", "/journal/verify", {});
  let entries = part.entries;
  while (part.ok && part.next_seq !== null) {
    const next = await write<Verified>("POST", "/journal/verify", { from_seq: part.next_seq });
    if (next.entries === 0 && next.ok) break;
    part = next;
    entries += next.entries;
  }
  return { ...part, from_seq: 0, entries };
}

function Chain() {
  const verify = useMutation({ mutationFn: verifyAll });
  const answer = verify.data;
  return (
    <section className="panel chain" aria-label="Chain">
      <span className={`chain-mark ${answer ? (answer.ok ? "good" : "bad") : ""}`}>
        <Icon name={answer ? (answer.ok ? "check" : "warn") : "journal"} />
      </span>
      <div className="chain-words" role="status">
        {answer ? (
          answer.ok ? (
            <>
              <strong>The journal verifies.</strong> {answer.entries.toLocaleString("en-US")} entries from{" "}
              {answer.from_seq}, each bound to the one before it.
              {answer.head_hash ? <div className="mono hash">{answer.head_hash}</div> : null}
            </>
          ) : (
            <>
              <strong className="down">Entry {answer.bad_seq} does not verify.</strong> {answer.fault}
            </>
          )
        ) : (
          <>
            <strong>Every entry carries the hash of the one before it.</strong> An edit, a deletion or an
            insertion anywhere breaks the chain and is named.
          </>
        )}
        {verify.isError ? <Fault error={verify.error} /> : null}
      </div>
      <button
        type="button"
        className="button primary"
        disabled={verify.isPending}
        onClick={() => verify.mutate()}
      >
        {verify.isPending ? "Verifying" : "Verify"}
      </button>
    </section>
  );
}

function Shape({ entry }: { entry: JournalEntry }) {
  const lines = differences(entry.before, entry.after);
  if (lines.length === 0) return <p className="dim">This kind of entry carries no values.</p>;
  const both = entry.before !== null && entry.before !== undefined;
  return (
    <table className="shape">
      <thead>
        <tr>
          <th scope="col">Field</th>
          {both ? <th scope="col">Before</th> : null}
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.field} className={both && line.before !== line.after ? "changed" : undefined}>
            <th scope="row">{line.field}</th>
            {both ? <td className="mono">{line.before}</td> : null}
            <td className="mono">{line.after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Links({ entry }: { entry: JournalEntry }) {
  const { signal, order } = entry.links;
  if (!signal && !order) return null;
  return (
    <p className="links">
      {signal ? <Link to={`/signals/${signal}`}>Signal</Link> : null}
      {order ? <Link to={`/orders/${order}`}>Order</Link> : null}
    </p>
  );
}

function Detail({ entry }: { entry: JournalEntry }) {
  const facts: [string, string][] = [
    ["place", String(entry.seq)],
    ["at", fullTime(entry.at)],
    ["by", `${entry.actor.type} ${entry.actor.id}`],
    ["on", `${entry.object.type} ${entry.object.id}`],
    ["result", entry.result + (entry.reason ? `, ${plain(entry.reason)}` : "")],
    ["entry", entry.id],
    ["request", entry.request_id ?? ""],
  ];
  return (
    <article className="detail">
      <header>
        <Link to="/journal" className="button plain icon back" aria-label="Back to the list">
          <Icon name="back" />
        </Link>
        <h2>{entry.kind}</h2>
        {entry.result === "ok" ? null : <Tag word={entry.result} tone="bad" />}
      </header>
      <dl className="facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <Links entry={entry} />
      <h3>Values</h3>
      <Shape entry={entry} />
      <h3>In the chain</h3>
      <dl className="hashes">
        <dt>hash of the entry before</dt>
        <dd className="mono hash">{entry.prev_hash}</dd>
        <dt>own hash</dt>
        <dd className="mono hash">{entry.hash}</dd>
      </dl>
    </article>
  );
}

function Chosen({ id }: { id: string }) {
  const entry = useQuery({
    queryKey: [...key.journal, "entry", id],
    queryFn: () => get<JournalEntry>(`/journal/${id}`),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Loaded query={entry} lines={8}>
      {(data) => <Detail entry={data} />}
    </Loaded>
  );
}

/** Parts of the system and venues go by their name; people and providers by what they are, their id is in the detail. */
function by(entry: JournalEntry): string {
  const { type, id } = entry.actor;
  return type === "system" || type === "broker" ? `${type} ${id}` : type;
}

function columns(): Column<JournalEntry>[] {
  return [
    { key: "seq", title: "Place", phone: "off", cell: (e) => <span className="dim">{e.seq}</span> },
    { key: "at", title: "Time", cell: (e) => <span className="nowrap">{clock(e.at, Date.now())}</span> },
    {
      key: "kind",
      title: "Kind",
      phone: "head",
      cell: (e) => (
        <Link to={`/journal/${e.id}`} className="symbol">
          {e.kind}
        </Link>
      ),
    },
    { key: "symbol", title: "Instrument", cell: (e) => e.symbol ?? "" },
    {
      key: "by",
      title: "By",
      cell: by,
    },
    { key: "result", title: "Result", cell: (e) => <OutcomeTag entry={e} /> },
    { key: "reason", title: "Why", phone: "wide", cell: (e) => (e.reason ? plain(e.reason) : "") },
    {
      key: "hash",
      title: "Hash",
      phone: "off",
      cell: (e) => <span className="mono dim">{e.hash.slice(0, 12)}</span>,
    },
  ];
}

export default function JournalPage() {
  const { id } = useParams();
  const [kind, setKind] = useState("");
  const journal = useJournal(kind);
  const shown = rows(journal.data);
  const all = columns();
  const fitting = id ? all.filter((c) => !["reason", "hash", "by"].includes(c.key)) : all;
  return (
    <div className={`split orders journal ${id ? "has-choice" : ""}`}>
      <Chain />
      <section className="panel split-list" aria-label="Entries">
        <header>
          <h1>Journal</h1>
          <span className="note">your own entries, newest first</span>
          <label className="tools">
            <span className="visually-hidden">Kind of entry</span>
            <select className="input" value={kind} onChange={(event) => setKind(event.target.value)}>
              <option value="">Every kind</option>
              {KINDS.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        </header>
        <Loaded query={journal} lines={12}>
          {() =>
            shown.length > 0 ? (
              <div className="scroll-x">
                <Table
                  label="Journal entries"
                  columns={fitting}
                  rows={shown}
                  id={(e) => e.id}
                  chosen={id ?? null}
                />
              </div>
            ) : (
              <Blank title="No entry of this kind">
                Everything that happens to your account is written here.
              </Blank>
            )
          }
        </Loaded>
        <More query={journal} />
      </section>
      {id ? (
        <section className="panel split-detail" aria-label="Entry">
          <Chosen id={id} />
        </section>
      ) : null}
    </div>
  );
}

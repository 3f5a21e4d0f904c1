// What was worth a word, newest first, each with the way to its order or signal; and what is told in private.

import { useEffect, useState } from "react";
import { Link } from "react-router";
import { rows, useMe, useNoticeSettings, useNotices } from "../api/query.ts";
import type { NoticeLine } from "../api/schema.ts";
import { More } from "../component/More.tsx";
import { NoticeSettings } from "../component/NoticeSettings.tsx";
import { Blank, Fault, Loaded, Skeleton } from "../component/State.tsx";
import { Tag } from "../component/Verdict.tsx";
import { KINDS, type Kind, look, noticeTone, useSeen } from "../format/notice.ts";
import { clock, fullTime } from "../format/time.ts";

function Row({ line, fresh }: { line: NoticeLine; fresh: boolean }) {
  return (
    <li className={`notice ${fresh ? "new" : ""}`} data-notice={line.seq} data-kind={line.kind}>
      <span className="feed-head">
        <Tag word={line.title} tone={noticeTone(line)} />
        {fresh ? <span className="new-mark">new</span> : null}
        <time dateTime={line.at} title={fullTime(line.at)}>
          {clock(line.at, Date.now())}
        </time>
      </span>
      <span className="notice-text">{line.text}</span>
      {line.order_id || line.signal_id ? (
        <span className="links">
          {line.order_id ? <Link to={`/orders/${line.order_id}`}>Order</Link> : null}
          {line.signal_id ? <Link to={`/signals/${line.signal_id}`}>Signal</Link> : null}
        </span>
      ) : null}
    </li>
  );
}

function Filter({ kind, choose }: { kind: Kind | null; choose: (kind: Kind | null) => void }) {
  return (
    <div className="segmented">
      <button type="button" aria-pressed={kind === null} onClick={() => choose(null)}>
        All
      </button>
      {KINDS.map((one) => (
        <button
          key={one.kind}
          type="button"
          aria-pressed={kind === one.kind}
          onClick={() => choose(one.kind)}
        >
          {one.name}
        </button>
      ))}
    </div>
  );
}

export default function NoticesPage() {
  const user = useMe().data?.user.id ?? "";
  const notices = useNotices();
  const settings = useNoticeSettings();
  const seen = useSeen(user);
  // What was new when the page was opened stays marked while one reads.
  const [before] = useState(seen);
  const [kind, setKind] = useState<Kind | null>(null);
  const all = rows(notices.data);
  const newest = all[0]?.seq ?? 0;
  useEffect(() => {
    if (user && newest > 0) look(user, newest);
  }, [user, newest]);
  const shown = kind ? all.filter((line) => line.kind === kind) : all;
  return (
    <div className="split notices">
      <section className="panel split-list" aria-label="Notices">
        <header>
          <h1>Notices</h1>
          <Filter kind={kind} choose={setKind} />
        </header>
        {notices.isError ? <Fault error={notices.error} /> : null}
        {notices.isPending ? <Skeleton lines={8} /> : null}
        <ul>
          {shown.map((line) => (
            <Row key={line.seq} line={line} fresh={line.seq > before} />
          ))}
        </ul>
        {notices.data && shown.length === 0 ? (
          <Blank title={kind ? "None of this kind" : "Nothing to tell yet"}>
            Fills, refusals, limits and outages of your account stand here.
          </Blank>
        ) : null}
        <More query={notices} />
      </section>
      <section className="panel" aria-label="What is told in private">
        <header>
          <h2>What is told in private</h2>
        </header>
        <Loaded query={settings} lines={6}>
          {(data) => <NoticeSettings key={data.version} settings={data} />}
        </Loaded>
      </section>
    </div>
  );
}

// How the messages of the providers one manages are read: a draft of what is taught, tried on a pasted message and on the
// last ones, saved as a version. A draft outlives a look at another page; it is lost with the window.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Link, useLocation, useParams } from "react-router";
import { write } from "../api/client.ts";
import { key, useLesson, useManaged } from "../api/query.ts";
import type { Lesson, Provider } from "../api/schema.ts";
import { useDelayed } from "../component/delayed.ts";
import { Icon } from "../component/Icon.tsx";
import { LessonForm } from "../component/LessonForm.tsx";
import { LessonHistory, teacher } from "../component/LessonHistory.tsx";
import { useSay } from "../component/Notice.tsx";
import { Blank, Fault, Loaded, Skeleton } from "../component/State.tsx";
import { LastMessages, Tester, useDraftReading } from "../component/Tester.tsx";
import { Tag } from "../component/Verdict.tsx";
import { isRecord, text as textOf } from "../feed/envelope.ts";
import {
  bodyOf,
  type Draft,
  differs,
  draftOf,
  faultsOf,
  overtaken,
  type Placed,
  placed,
} from "../format/profile.ts";
import { fullTime } from "../format/time.ts";

/** The server is asked once the typing has paused. */
const READ_AFTER_MS = 350;

interface Held {
  draft: Draft;
  /** The version the draft changes. */
  base: Lesson;
  note: string;
}

/** Drafts that were left unsaved, by provider. */
const kept = new Map<string, Held>();

const clean = (lesson: Lesson): Held => ({ draft: draftOf(lesson), base: lesson, note: "" });

/** The draft of a provider; an untouched one follows what is saved elsewhere. */
function useHeld(provider: string, lesson: Lesson) {
  const [held, setHeld] = useState<Held>(() => kept.get(provider) ?? clean(lesson));
  const dirty = useMemo(() => differs(held.draft, held.base), [held]);
  const behind = lesson.version > held.base.version;
  useEffect(() => {
    if (behind && !dirty) setHeld(clean(lesson));
  }, [behind, dirty, lesson]);
  useEffect(() => {
    if (dirty) kept.set(provider, held);
    else kept.delete(provider);
  }, [provider, held, dirty]);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);
  return { held, setHeld, dirty, behind: behind && dirty };
}

function Meanwhile({ lesson, take, keep }: { lesson: Lesson; take: () => void; keep: () => void }) {
  return (
    <div className="fault meanwhile" role="alert">
      <p>
        <strong>
          Version {lesson.version} was saved by {teacher(lesson)} on {fullTime(lesson.created_at ?? "")}
        </strong>
        {lesson.note ? ` (${lesson.note})` : ""}, while you were changing the one before it.
      </p>
      <p className="tools">
        <button type="button" className="button small" onClick={take}>
          Load version {lesson.version}, drop my changes
        </button>
        <button type="button" className="button small" onClick={keep}>
          Keep my changes, to replace it
        </button>
      </p>
    </div>
  );
}

interface SaveProps {
  held: Held;
  dirty: boolean;
  faults: Placed;
  pending: boolean;
  setNote: (note: string) => void;
  discard: () => void;
  save: () => void;
}

function SaveBar({ held, dirty, faults, pending, setNote, discard, save }: SaveProps) {
  const [count, twice] = [faults.at.size + faults.rest.length, placed(held.draft, []).at.size > 0];
  return (
    <form
      className="save-bar"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <input
        className="input"
        name="note"
        aria-label="What the change is for (optional)"
        aria-invalid={faults.at.has("note")}
        placeholder="What the change is for (optional)"
        maxLength={200}
        autoComplete="off"
        value={held.note}
        onChange={(event) => setNote(event.target.value)}
      />
      <button type="button" className="button" disabled={!dirty || pending} onClick={discard}>
        Discard
      </button>
      <button type="submit" className="button primary" disabled={!dirty || pending || twice}>
        Save
      </button>
      <p className="told" role="status">
        {count > 0 ? `${count === 1 ? "One field needs" : `${count} fields need`} a change. ` : ""}
        {[faults.at.get("note"), ...faults.rest].filter(Boolean).join("; ")}
      </p>
    </form>
  );
}

function Editor({ provider, lesson }: { provider: Provider; lesson: Lesson }) {
  const client = useQueryClient();
  const say = useSay();
  const { state } = useLocation();
  const { held, setHeld, dirty, behind } = useHeld(provider.id, lesson);
  const [text, setText] = useState(() => (isRecord(state) ? (textOf(state, "text") ?? "") : ""));
  const body = useMemo(() => bodyOf(held.draft), [held.draft]);
  const now = useMemo(() => ({ text, body }), [text, body]);
  const asked = useDelayed(now, READ_AFTER_MS);
  const reading = useDraftReading(provider.id, asked.text, asked.body);
  const saved = (fresh: Lesson) => {
    client.setQueryData([...key.lesson, provider.id], fresh);
    void client.invalidateQueries({ queryKey: [...key.lessons, provider.id] });
    setHeld(clean(fresh));
    say(`Version ${fresh.version} of ${provider.name} is read with from the next message on.`, "good");
  };
  const save = useMutation({
    mutationFn: () =>
      write<Lesson>(
        "PUT",
        `/providers/${provider.id}/profile`,
        { profile: body, note: held.note.trim() },
        undefined,
        held.base.version,
      ),
    onSuccess: saved,
    onError: (error) => {
      if (overtaken(error)) void client.invalidateQueries({ queryKey: [...key.lesson, provider.id] });
    },
  });
  const change = (part: Partial<Draft>) => {
    save.reset();
    setHeld((before) => ({ ...before, draft: { ...before.draft, ...part } }));
  };
  const answered = save.isError ? save.error : text.trim() !== "" ? reading.error : null;
  const faults = placed(held.draft, faultsOf(answered));
  const other = save.isError && faultsOf(save.error).length === 0 && !overtaken(save.error);
  return (
    <article className="detail lesson">
      <header>
        <Link to="/reading" className="button plain icon back" aria-label="Back to the list">
          <Icon name="back" />
        </Link>
        <h2>{provider.name}</h2>
        <span className="base">
          <Tag word={held.base.version > 0 ? `version ${held.base.version}` : "nothing taught yet"} tone="" />
        </span>
        <Tag word={dirty ? "not saved" : "saved"} tone={dirty ? "warn" : "good"} />
        <SaveBar
          held={held}
          dirty={dirty}
          faults={faults}
          pending={save.isPending}
          setNote={(note) => setHeld((before) => ({ ...before, note }))}
          discard={() => {
            save.reset();
            setHeld(clean(lesson));
          }}
          save={() => save.mutate()}
        />
      </header>
      {behind ? (
        <Meanwhile
          lesson={lesson}
          take={() => {
            save.reset();
            setHeld(clean(lesson));
          }}
          keep={() => {
            save.reset();
            setHeld((before) => ({ ...before, base: lesson }));
          }}
        />
      ) : null}
      {other ? <Fault error={save.error} /> : null}
      <div className="lesson-sides">
        <div>
          <LessonForm draft={held.draft} faults={faults} change={change} />
        </div>
        <div className="lesson-try">
          <h3>Try a message</h3>
          <Tester text={text} setText={setText} reading={reading} waiting={asked !== now} />
        </div>
      </div>
      <h3>The last messages</h3>
      <LastMessages
        provider={provider.id}
        profile={body}
        take={(message) => {
          setText(message);
          document.querySelector<HTMLTextAreaElement>(".tester textarea")?.focus();
        }}
      />
      <h3>Versions</h3>
      <LessonHistory provider={provider.id} newest={lesson.version} dirty={dirty} saved={saved} />
    </article>
  );
}

function Chosen({ provider }: { provider: Provider }) {
  const lesson = useLesson(provider.id);
  return (
    <Loaded query={lesson} lines={8}>
      {(shown) => <Editor provider={provider} lesson={shown} />}
    </Loaded>
  );
}

export default function ReadingPage() {
  const { id } = useParams();
  const { items, loading } = useManaged();
  const chosen = items.find((one) => one.id === id) ?? (id ? undefined : items[0]);
  return (
    <div className={`split reading ${id ? "has-choice" : ""}`}>
      <section className="panel split-list" aria-label="Providers">
        <header>
          <h1>Reading</h1>
        </header>
        {loading ? <Skeleton lines={6} /> : null}
        {items.length > 0 ? (
          <ul>
            {items.map((one) => (
              <li key={one.id}>
                <Link
                  to={`/reading/${one.id}`}
                  className={`feed-row ${one.id === chosen?.id ? "chosen" : ""}`}
                  aria-current={one.id === chosen?.id}
                >
                  <span className="provider">{one.name}</span>
                  <span className="feed-text dim">{one.about}</span>
                </Link>
              </li>
            ))}
          </ul>
        ) : null}
        {!loading && items.length === 0 ? (
          <Blank title="No provider to manage">
            How messages are read is taught by a provider and by admins of its community.
          </Blank>
        ) : null}
      </section>
      <section className="panel split-detail" aria-label="What is taught">
        {chosen ? (
          <Chosen key={chosen.id} provider={chosen} />
        ) : (
          <Blank title={id && !loading ? "This provider is not yours to manage" : "Choose a provider"}>
            Its formats and words, a message to try, and every version.
          </Blank>
        )}
      </section>
    </div>
  );
}

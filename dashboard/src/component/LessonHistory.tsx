// The versions of what a provider taught, with who taught them and when. An old one comes back as a new version.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { write } from "../api/client.ts";
import { rows, useLessons } from "../api/query.ts";
import type { Lesson } from "../api/schema.ts";
import { bodyOf, draftOf } from "../format/profile.ts";
import { fullTime } from "../format/time.ts";
import { plain } from "../format/word.ts";
import { Dialog } from "./Dialog.tsx";
import { More } from "./More.tsx";
import { Fault, Skeleton } from "./State.tsx";
import { Tag } from "./Verdict.tsx";

/** Who taught a version, in the reader's eyes. */
export function teacher(lesson: Lesson): string {
  return lesson.by_you ? "you" : lesson.by || "somebody who left";
}

/** Hands a version to the browser as a file that `ordercast parse` and `replay` take with `--profile`. */
function download(lesson: Lesson): void {
  const text = `${JSON.stringify(bodyOf(draftOf(lesson)), null, 2)}\n`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `profile-${lesson.version}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function Content({ lesson }: { lesson: Lesson }) {
  const words = [...Object.entries(lesson.verbs), ...Object.entries(lesson.labels)];
  const open: [string, string | null][] = [
    ["a bare “sell”", lesson.sell_means],
    ["usual asset", lesson.default_asset],
    ["usual expiry", lesson.default_expiry],
  ];
  const said = open.filter(([, code]) => code !== null);
  if (lesson.templates.length + words.length + said.length === 0)
    return <p className="dim">Nothing is taught.</p>;
  return (
    <dl className="taught">
      {lesson.templates.map((one) => (
        <div key={one.name}>
          <dt>{one.name}</dt>
          <dd className="mono">{one.pattern}</dd>
        </div>
      ))}
      {words.map(([own, known]) => (
        <div key={own}>
          <dt>{own}</dt>
          <dd>means {known}</dd>
        </div>
      ))}
      {said.map(([name, code]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{plain(code ?? "")}</dd>
        </div>
      ))}
    </dl>
  );
}

interface RestoreProps {
  lesson: Lesson;
  newest: number;
  dirty: boolean;
  close: () => void;
  saved: (lesson: Lesson) => void;
}

function RestoreDialog({ lesson, newest, dirty, close, saved }: RestoreProps) {
  const restore = useMutation({
    mutationFn: () =>
      write<Lesson>(
        "PUT",
        `/providers/${lesson.provider_id}/profile`,
        { profile: bodyOf(draftOf(lesson)), note: `Back to version ${lesson.version}` },
        undefined,
        newest,
      ),
    onSuccess: (fresh) => {
      saved(fresh);
      close();
    },
  });
  return (
    <Dialog
      title={`Restore version ${lesson.version}?`}
      wide
      close={close}
      foot={
        <>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            disabled={restore.isPending}
            onClick={() => restore.mutate()}
          >
            Restore
          </button>
        </>
      }
    >
      <p>
        It is saved as version {newest + 1}, and the next message is read with it.
        {dirty ? " What you changed and did not save is lost." : ""}
      </p>
      <Content lesson={lesson} />
      {restore.isError ? <Fault error={restore.error} /> : null}
    </Dialog>
  );
}

interface HistoryProps {
  provider: string;
  /** Version in force. */
  newest: number;
  dirty: boolean;
  saved: (lesson: Lesson) => void;
}

export function LessonHistory({ provider, newest, dirty, saved }: HistoryProps) {
  const versions = useLessons(provider);
  const [asked, setAsked] = useState<Lesson | null>(null);
  const all = rows(versions.data);
  if (!versions.data) return versions.isError ? <Fault error={versions.error} /> : <Skeleton lines={3} />;
  if (all.length === 0) return <p className="dim">No version yet: nothing was taught.</p>;
  return (
    <>
      <ol className="versions" aria-label="Versions">
        {all.map((one) => (
          <li key={one.version} data-version={one.version}>
            <span className="feed-head">
              <strong>Version {one.version}</strong>
              {one.version === newest ? <Tag word="in force" tone="good" /> : null}
              <time dateTime={one.created_at ?? ""}>{fullTime(one.created_at ?? "")}</time>
            </span>
            <span className="version-line">
              <span>
                by {teacher(one)}
                {one.note ? <span className="dim">: {one.note}</span> : null}
              </span>
              <span className="tools">
                <button
                  type="button"
                  className="button small"
                  aria-label={`Download version ${one.version}`}
                  onClick={() => download(one)}
                >
                  Download
                </button>
                {one.version === newest ? null : (
                  <button
                    type="button"
                    className="button small"
                    aria-label={`Restore version ${one.version}`}
                    onClick={() => setAsked(one)}
                  >
                    Restore
                  </button>
                )}
              </span>
            </span>
            <details>
              <summary>What it taught</summary>
              <Content lesson={one} />
            </details>
          </li>
        ))}
      </ol>
      <More query={versions} />
      {asked ? (
        <RestoreDialog
          lesson={asked}
          newest={newest}
          dirty={dirty}
          close={() => setAsked(null)}
          saved={saved}
        />
      ) : null}
    </>
  );
}

// Decides how a second factor is asked for: a refused action waits, the dialog takes a code, the action is repeated.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { STEP_UP, setAskFactor, write } from "../api/client.ts";
import { key, useDemoCode } from "../api/query.ts";
import { Dialog } from "../component/Dialog.tsx";
import { Fault } from "../component/State.tsx";
import { spaced } from "../format/factor.ts";

interface Wish {
  enrolled: boolean;
  answer: (shown: boolean) => void;
}

/** What the demo's authenticator shows, said plainly; nothing outside the demo. */
export function DemoCode({ demo }: { demo: boolean }) {
  const code = useDemoCode(demo);
  if (!demo || !code.data) return null;
  return (
    <p className="why" role="status">
      This is the demo: your authenticator would show{" "}
      <strong className="mono">{spaced(code.data.code)}</strong>
    </p>
  );
}

function CodeDialog({ demo, answer }: { demo: boolean; answer: Wish["answer"] }) {
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState("");
  const show = useMutation({
    mutationFn: () => write("POST", STEP_UP, { code }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: key.factor });
      answer(true);
    },
    onError: () => {
      void client.invalidateQueries({ queryKey: key.demoCode });
      field.current?.select();
    },
  });
  const ready = code.trim() !== "" && !show.isPending;
  const send = () => {
    if (ready) show.mutate();
  };
  return (
    <Dialog
      title="A second factor is needed"
      close={() => answer(false)}
      foot={
        <>
          <button type="button" className="button" onClick={() => answer(false)}>
            Cancel
          </button>
          <button type="button" className="button primary" disabled={!ready} onClick={send}>
            Go on
          </button>
        </>
      }
    >
      <p>What loosens asks who is there. For ten minutes after it you are not asked again here.</p>
      <DemoCode demo={demo} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <label className="field typed">
          <span>Code of your authenticator, or a recovery code</span>
          <input
            ref={field}
            className="input mono"
            name="code"
            value={code}
            maxLength={64}
            autoComplete="one-time-code"
            spellCheck={false}
            onChange={(event) => setCode(event.target.value)}
          />
        </label>
      </form>
      {show.isError ? <Fault error={show.error} /> : null}
    </Dialog>
  );
}

function EnrolDialog({ answer }: { answer: Wish["answer"] }) {
  return (
    <Dialog
      title="Set up an authenticator first"
      close={() => answer(false)}
      foot={
        <button type="button" className="button" onClick={() => answer(false)}>
          Cancel
        </button>
      }
    >
      <p>What loosens asks for a second factor, and your account has none yet. Nothing was changed.</p>
      <p className="links">
        <Link to="/settings" onClick={() => answer(false)}>
          Set one up in the settings
        </Link>
      </p>
    </Dialog>
  );
}

/** Stands over every page and answers for whatever is refused for want of a second factor. */
export function StepUp({ demo }: { demo: boolean }) {
  const [wishes, setWishes] = useState<Wish[]>([]);
  useEffect(() => {
    setAskFactor((enrolled) => new Promise((answer) => setWishes((now) => [...now, { enrolled, answer }])));
    return () => setAskFactor(null);
  }, []);
  const [first] = wishes;
  if (!first) return null;
  // One code serves all that wait.
  const answer = (shown: boolean) => {
    setWishes([]);
    for (const wish of wishes) wish.answer(shown);
  };
  return first.enrolled ? <CodeDialog demo={demo} answer={answer} /> : <EnrolDialog answer={answer} />;
}

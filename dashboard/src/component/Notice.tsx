// Decides what is said aloud: fills, refusals and locks, in a live region for readers and as a card for everybody.

import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";

type Tone = "plain" | "good" | "bad";
interface Notice {
  id: number;
  tone: Tone;
  text: string;
  quiet: boolean;
}
/** `quiet`: said aloud, but shown as a card only where the page does not show it anyway. */
type Say = (text: string, tone?: Tone, quiet?: boolean) => void;

const SHOWN_MS = 6_000;
const SHOWN_MAX = 3;
const Context = createContext<Say>(() => undefined);

export function useSay(): Say {
  return useContext(Context);
}

export function NoticeBoard({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const last = useRef(0);
  const say = useCallback<Say>((text, tone = "plain", quiet = false) => {
    last.current += 1;
    const id = last.current;
    setNotices((now) => [...now.slice(1 - SHOWN_MAX), { id, tone, text, quiet }]);
    setTimeout(() => setNotices((now) => now.filter((n) => n.id !== id)), SHOWN_MS);
  }, []);
  const urgent = useMemo(() => notices.filter((n) => n.tone === "bad"), [notices]);
  const calm = useMemo(() => notices.filter((n) => n.tone !== "bad"), [notices]);
  return (
    <Context.Provider value={say}>
      {children}
      <div className="toasts">
        <div aria-live="assertive">{urgent.map(card)}</div>
        <div aria-live="polite">{calm.map(card)}</div>
      </div>
    </Context.Provider>
  );
}

function card(notice: Notice) {
  return (
    <div key={notice.id} className={`toast ${notice.tone}${notice.quiet ? " quiet" : ""}`}>
      {notice.text}
    </div>
  );
}

// Decides how a decision or an order's state looks: a word, a tone and a mark.

import { orderState, type Tone, verdict } from "../format/word.ts";
import { Icon, type IconName } from "./Icon.tsx";

const MARKS: Record<Tone, IconName | null> = {
  good: "check",
  bad: "cross",
  work: "clock",
  warn: "cut",
  ask: "shield",
  "": "dash",
};

export function Tag({ word, tone }: { word: string; tone: Tone }) {
  const mark = MARKS[tone];
  return (
    <span className={`tag ${tone}`}>
      {mark ? <Icon name={mark} /> : null}
      {word}
    </span>
  );
}

export function VerdictTag({ status }: { status: string }) {
  const [word, tone] = verdict(status);
  return <Tag word={word} tone={tone} />;
}

export function StateTag({ state }: { state: string }) {
  const [word, tone] = orderState(state);
  return <Tag word={word} tone={tone} />;
}

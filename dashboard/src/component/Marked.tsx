// Decides how a message shows what was read from it: each piece that became a field is marked and named.

import { type ByteSpan, cut } from "../format/span.ts";

/** Fields share a few tones, so that the eye groups them: what, which way, where, how much. */
export function tone(field: string): string {
  const name = field.replace(/\[\d+\]|_?\d+$/g, "");
  if (/symbol|underlying|asset|instrument/.test(name)) return "what";
  if (/strike|expiry|right|option/.test(name)) return "contract";
  if (/stop|trail/.test(name)) return "stop";
  if (/target|take/.test(name)) return "target";
  if (/entry|price|limit|zone|ladder|kind/.test(name)) return "entry";
  if (/action|side/.test(name)) return "act";
  return "size";
}

export function Marked({ text, spans }: { text: string; spans: readonly ByteSpan[] }) {
  let offset = 0;
  return (
    <p className="marked">
      {cut(text, spans).map((piece) => {
        const key = offset;
        offset += piece.text.length;
        const [first] = piece.marks;
        if (!first) return <span key={key}>{piece.text}</span>;
        const names = [...new Set(piece.marks.map((m) => m.field))].join(", ");
        return (
          <ruby key={key} className={`mark-${tone(first.field)}`}>
            <mark>{piece.text}</mark>
            <rt>{names.replaceAll("_", " ")}</rt>
          </ruby>
        );
      })}
    </p>
  );
}

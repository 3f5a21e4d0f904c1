// Decides which characters of a message carry which field. The server counts bytes of UTF-8; the browser counts
// UTF-16 units, so offsets are translated before anything is cut.

export interface ByteSpan {
  instruction: number;
  field: string;
  start: number;
  end: number;
}

export interface Piece {
  text: string;
  /** Fields read from this piece; empty for plain text. */
  marks: { instruction: number; field: string }[];
}

/** Index in UTF-16 units of every byte offset asked for. An offset inside a character counts as that character's start. */
function unitOffsets(text: string, bytes: number[]): Map<number, number> {
  const wanted = [...new Set(bytes)].sort((a, b) => a - b);
  const found = new Map<number, number>();
  let byte = 0;
  let unit = 0;
  let next = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const width = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    while (next < wanted.length && (wanted[next] ?? 0) < byte + width) {
      found.set(wanted[next] ?? 0, unit);
      next += 1;
    }
    byte += width;
    unit += character.length;
  }
  for (; next < wanted.length; next += 1) found.set(wanted[next] ?? 0, text.length);
  return found;
}

/** Cuts `text` at the borders of the spans; pieces in order, together the whole text. */
export function cut(text: string, spans: readonly ByteSpan[]): Piece[] {
  const offsets = unitOffsets(
    text,
    spans.flatMap((s) => [s.start, s.end]),
  );
  const ranges = spans
    .map((s) => ({ ...s, from: offsets.get(s.start) ?? 0, to: offsets.get(s.end) ?? 0 }))
    .filter((s) => s.to > s.from);
  const borders = [...new Set([0, text.length, ...ranges.flatMap((r) => [r.from, r.to])])].sort(
    (a, b) => a - b,
  );
  const pieces: Piece[] = [];
  for (let i = 0; i + 1 < borders.length; i += 1) {
    const [from = 0, to = 0] = [borders[i], borders[i + 1]];
    const marks = ranges
      .filter((r) => r.from <= from && r.to >= to)
      .map(({ instruction, field }) => ({ instruction, field }));
    pieces.push({ text: text.slice(from, to), marks });
  }
  return pieces;
}

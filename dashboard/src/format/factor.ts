// Decides how codes are written for people, and what file recovery codes are kept in.

/** `123456` as `123 456`. */
export function spaced(code: string): string {
  return code.length === 6 ? `${code.slice(0, 3)} ${code.slice(3)}` : code;
}

/** `ABCDEFGH...` in groups of four, for typing. */
export function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}

/** The text file of a set of recovery codes. */
export function codesFile(name: string, codes: readonly string[], at: Date): string {
  const head = `Ordercast recovery codes of ${name}, made ${at.toISOString().slice(0, 10)}. Each works once.`;
  return `${head}\n\n${codes.join("\n")}\n`;
}

// Words for what a venue's catalogue says.

/** Code of the venue that comes with Ordercast. */
export const BUILT_IN = "paper";

export const CLASS_NAMES: Record<string, string> = {
  equity: "shares",
  option: "options",
  crypto: "coins",
};

/** `secret_key` as a label. */
export function fieldName(name: string): string {
  const words = name
    .replaceAll("_", " ")
    .replace(/\bid\b/, "ID")
    .replace(/\bapi\b/, "API");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const HINTS: Record<string, string> = {
  "binance secret_key": "the secret of an HMAC key, or the Ed25519 private key (BEGIN PRIVATE KEY)",
};

/** What a field of a venue takes, where its name says too little. */
export function fieldHint(broker: string, name: string): string {
  return HINTS[`${broker} ${name}`] ?? "";
}

/** How a connection is doing: a word, and whether that is good. */
export function healthWord(health: string): [string, "good" | "warn" | "bad"] {
  switch (health) {
    case "ok":
      return ["works", "good"];
    case "degraded":
      return ["works with trouble", "warn"];
    case "down":
      return ["does not answer", "bad"];
    case "unauthorised":
      return ["refuses the key", "bad"];
    default:
      return ["switched off", "warn"];
  }
}

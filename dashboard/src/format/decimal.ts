// Decides how exact decimals are shown and added up. Money arrives as text and never becomes a float on its way to
// the screen; `ratio` and `approximate` serve lengths of bars and curves only.

interface Parts {
  negative: boolean;
  /** All digits as one integer. */
  units: bigint;
  /** Digits behind the point. */
  scale: number;
}

function parse(text: string): Parts | null {
  const match = /^([+-])?(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const fraction = match[3] ?? "";
  const units = BigInt((match[2] ?? "0") + fraction);
  return { negative: match[1] === "-" && units !== 0n, units, scale: fraction.length };
}

function write({ negative, units, scale }: Parts): string {
  const digits = units.toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale > 0 ? digits.slice(digits.length - scale) : "";
  return `${negative && units !== 0n ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}

function signed(parts: Parts): bigint {
  return parts.negative ? -parts.units : parts.units;
}

function align(a: Parts, b: Parts): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [signed(a) * 10n ** BigInt(scale - a.scale), signed(b) * 10n ** BigInt(scale - b.scale), scale];
}

function fromSigned(value: bigint, scale: number): string {
  return trim(write({ negative: value < 0n, units: value < 0n ? -value : value, scale }));
}

/** Drops zeros at the end of the fraction: `2.500` becomes `2.5`. */
export function trim(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Rounds half to even at `places`, as displayed money must. */
export function round(text: string, places: number): string {
  const parts = parse(text);
  if (!parts) return text;
  if (parts.scale <= places) {
    return write({ ...parts, units: parts.units * 10n ** BigInt(places - parts.scale), scale: places });
  }
  const step = 10n ** BigInt(parts.scale - places);
  const quotient = parts.units / step;
  const rest = (parts.units % step) * 2n;
  const up = rest > step || (rest === step && quotient % 2n === 1n);
  return write({ negative: parts.negative, units: up ? quotient + 1n : quotient, scale: places });
}

export function add(a: string, b: string): string {
  const [x, y] = [parse(a), parse(b)];
  if (!x || !y) return a;
  const [left, right, scale] = align(x, y);
  return fromSigned(left + right, scale);
}

export function subtract(a: string, b: string): string {
  const [x, y] = [parse(a), parse(b)];
  if (!x || !y) return a;
  const [left, right, scale] = align(x, y);
  return fromSigned(left - right, scale);
}

export function multiply(a: string, b: string): string {
  const [x, y] = [parse(a), parse(b)];
  if (!x || !y) return a;
  return fromSigned(signed(x) * signed(y), x.scale + y.scale);
}

/** `a` in per cent of `b`, rounded half to even at `places`; none when `b` is zero or either is no number. */
export function percentOf(a: string, b: string, places: number): string | null {
  const [x, y] = [parse(a), parse(b)];
  if (!x || !y || y.units === 0n) return null;
  const [left, right] = align(x, y);
  const extra = 10n ** BigInt(places + 3);
  return round(fromSigned((left * 100n * extra) / right, places + 3), places);
}

/** -1, 0 or 1. Texts that are no numbers count as equal. */
export function compare(a: string, b: string): -1 | 0 | 1 {
  const [x, y] = [parse(a), parse(b)];
  if (!x || !y) return 0;
  const [left, right] = align(x, y);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The sign of a number: -1, 0 or 1. */
export function sign(text: string): -1 | 0 | 1 {
  return compare(text, "0");
}

export function isDecimal(text: string): boolean {
  return parse(text) !== null;
}

export interface DecimalFormat {
  /** Exactly this many places. */
  places?: number;
  /** At least and at most this many places, when `places` is not given. */
  least?: number;
  most?: number;
  /** Writes a plus before what is above zero. */
  plus?: boolean;
}

/** Groups thousands and sets the places; a proper minus sign. What is no number is shown as it came. */
export function decimal(text: string, format: DecimalFormat = {}): string {
  if (!parse(text)) return text;
  const { places, least = 0, most = 12 } = format;
  let shown = places === undefined ? trim(text.trim().replace(/^\+/, "")) : round(text, places);
  if (places === undefined) {
    const scale = shown.split(".")[1]?.length ?? 0;
    if (scale > most) shown = trim(round(shown, most));
    const left = shown.split(".")[1]?.length ?? 0;
    if (left < least) shown = round(shown, least);
  }
  const negative = shown.startsWith("-");
  const [whole = "0", fraction] = (negative ? shown.slice(1) : shown).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const mark = negative ? "\u2212" : format.plus && sign(shown) > 0 ? "+" : "";
  return `${mark}${grouped}${fraction ? `.${fraction}` : ""}`;
}

/** An amount of money, two places. */
export function money(text: string, plus = false): string {
  return decimal(text, { places: 2, plus });
}

/** A price: two places at least, more where the instrument has them; an average of fills is cut to what a tick could be. */
export function price(text: string): string {
  const small = compare(text, "1") < 0 && compare(text, "-1") > 0;
  return decimal(text, { least: 2, most: small ? 8 : 4 });
}

/** A quantity: no zeros behind the point. */
export function quantity(text: string): string {
  return decimal(text, { most: 8 });
}

/** For lengths on the screen only: how much of `whole` `part` is, 0 to 1. */
export function ratio(part: string, whole: string): number {
  const share = approximate(part) / approximate(whole);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}

/** For curves only. */
export function approximate(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : 0;
}

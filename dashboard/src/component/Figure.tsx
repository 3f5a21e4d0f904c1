// Decides how figures look: gains carry a sign and an arrow, so that colour is never the only mark.

import { decimal, money, sign } from "../format/decimal.ts";

const ARROW = { [-1]: "\u25bc", 0: "", 1: "\u25b2" } as const;
const TONE = { [-1]: "down", 0: "", 1: "up" } as const;

/** Profit or loss: sign, arrow, colour. */
export function Gain({
  value,
  percent = false,
  arrow = true,
}: {
  value: string;
  percent?: boolean;
  arrow?: boolean;
}) {
  const way = sign(value);
  return (
    <span className={`gain ${TONE[way]}`}>
      {arrow ? (
        <span className="arrow" aria-hidden="true">
          {ARROW[way]}
        </span>
      ) : null}
      {percent ? `${decimal(value, { places: 2, plus: true })}%` : money(value, true)}
    </span>
  );
}

/** Buy or sell, long or short. */
export function Side({ side }: { side: string }) {
  const good = side === "buy" || side === "long";
  return <span className={`side ${good ? "up" : "down"}`}>{side}</span>;
}

// What is held, at the newest price, and how it is protected.

import type { Position } from "../api/schema.ts";
import { compare, price, quantity } from "../format/decimal.ts";
import { Gain, Side } from "./Figure.tsx";
import { Icon } from "./Icon.tsx";
import { type Column, Table } from "./Table.tsx";

/** Sum of what is covered by a stop against what is held. */
function Protection({ position }: { position: Position }) {
  const covered = position.lots.filter((lot) => lot.stop_price);
  const whole =
    position.lots.length > 0 &&
    position.lots.every((l) => l.stop_price && compare(l.covered, l.quantity) >= 0);
  if (!position.managed) return <span className="tag">external</span>;
  const jumped = position.lots.some((l) => l.unwatched === "price_jump");
  if (jumped || position.lots.some((l) => l.unwatched === "no_quote")) {
    return (
      <span
        className="tag warn"
        title={
          jumped
            ? "The price jumped without a trade: nothing is sent until the price is back or you resume"
            : "There is no fresh quote: nothing is sent until there is one"
        }
      >
        <Icon name="warn" />
        not watched
      </span>
    );
  }
  if (whole && position.lots.some((l) => l.protection === "emulated")) {
    return (
      <span
        className="tag"
        title="Stop and targets are watched by Ordercast: works only while Ordercast runs"
      >
        <Icon name="shield" />
        emulated: only while Ordercast runs
      </span>
    );
  }
  if (whole) {
    return (
      <span className="tag good" title="Stop and targets are held by the broker">
        <Icon name="shield" />
        native
      </span>
    );
  }
  return (
    <span className="tag warn">
      <Icon name="warn" />
      {covered.length > 0 ? "partly" : "no stop"}
    </span>
  );
}

/** Levels of all lots, each once. */
function levels(position: Position, of: (lot: Position["lots"][number]) => readonly string[]): string {
  return [...new Set(position.lots.flatMap(of))].map(price).join(", ");
}

const COLUMNS: Column<Position>[] = [
  {
    key: "symbol",
    title: "Instrument",
    phone: "head",
    cell: (p) => <span className="symbol">{p.symbol}</span>,
  },
  { key: "side", title: "Side", phone: "bare", cell: (p) => <Side side={p.side} /> },
  { key: "quantity", title: "Held", numeric: true, cell: (p) => quantity(p.quantity) },
  { key: "entry", title: "Entry", numeric: true, cell: (p) => price(p.average_price) },
  { key: "mark", title: "Mark", numeric: true, cell: (p) => (p.mark ? price(p.mark) : "no quote") },
  {
    key: "result",
    title: "Result",
    phone: "aside",
    numeric: true,
    cell: (p) => (p.unrealised ? <Gain value={p.unrealised} /> : ""),
  },
  {
    key: "percent",
    title: "%",
    numeric: true,
    cell: (p) => (p.unrealised_pct ? <Gain value={p.unrealised_pct} percent arrow={false} /> : ""),
  },
  {
    key: "stop",
    title: "Stop",
    numeric: true,
    cell: (p) => levels(p, (lot) => (lot.stop_price ? [lot.stop_price] : [])),
  },
  { key: "targets", title: "Targets", numeric: true, cell: (p) => levels(p, (lot) => lot.target_prices) },
  { key: "protection", title: "Protection", phone: "bare", cell: (p) => <Protection position={p} /> },
];

export function PositionTable({ positions }: { positions: readonly Position[] }) {
  return <Table label="Open positions" columns={COLUMNS} rows={positions} id={(p) => p.id} />;
}

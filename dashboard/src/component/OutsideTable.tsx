// Working orders that were placed at a broker by hand: shown and counted, with nothing to press.

import type { Connection, OutsideOrder } from "../api/schema.ts";
import { money, price, quantity, sign } from "../format/decimal.ts";
import { clock } from "../format/time.ts";
import { plain } from "../format/word.ts";
import { Side } from "./Figure.tsx";
import { type Column, Table } from "./Table.tsx";

/** How much of it is filled, or for how much money it is. */
export function outsideSize(order: OutsideOrder): string {
  if (order.quantity === null) return order.amount === null ? "" : money(order.amount);
  return sign(order.filled) === 0
    ? quantity(order.quantity)
    : `${quantity(order.filled)} / ${quantity(order.quantity)}`;
}

/** The price it waits for. */
export function outsidePrice(order: OutsideOrder): string {
  if (order.limit_price && order.stop_price)
    return `${price(order.stop_price)} / ${price(order.limit_price)}`;
  const waits = order.limit_price ?? order.stop_price;
  if (waits) return price(waits);
  return order.order_type === "trailing" ? "trails" : "market";
}

interface OutsideTableProps {
  orders: readonly OutsideOrder[];
  connections: readonly Connection[];
}

export function OutsideTable({ orders, connections }: OutsideTableProps) {
  const label = (id: string) => connections.find((c) => c.id === id)?.label ?? "";
  const columns: Column<OutsideOrder>[] = [
    {
      key: "symbol",
      title: "Instrument",
      phone: "head",
      cell: (o) => <span className="symbol">{o.symbol}</span>,
    },
    {
      key: "state",
      title: "State",
      phone: "aside",
      cell: () => <span className="tag">placed at the broker</span>,
    },
    { key: "side", title: "Side", cell: (o) => <Side side={o.side} /> },
    { key: "size", title: "Size", numeric: true, cell: outsideSize },
    { key: "type", title: "Type", phone: "off", cell: (o) => plain(o.order_type ?? "") },
    { key: "price", title: "Price", numeric: true, cell: outsidePrice },
    {
      key: "counted",
      title: "Counts as used",
      numeric: true,
      cell: (o) => (sign(o.counted) === 0 ? "" : money(o.counted)),
    },
    { key: "connection", title: "Account", cell: (o) => label(o.connection_id) },
    {
      key: "since",
      title: "Seen",
      cell: (o) => <time dateTime={o.since}>{clock(o.since, Date.now())}</time>,
    },
  ];
  return (
    <Table
      label="Orders placed at the broker"
      columns={columns}
      rows={orders}
      id={(o) => `${o.connection_id} ${o.broker_order_id}`}
    />
  );
}

// Orders in rows, with the one thing that can still be done to each: cancel it.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { write } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import { key } from "../api/query.ts";
import type { Order } from "../api/schema.ts";
import { price, quantity } from "../format/decimal.ts";
import { clock } from "../format/time.ts";
import { leg, plain } from "../format/word.ts";
import { Side } from "./Figure.tsx";
import { useSay } from "./Notice.tsx";
import { type Column, Table } from "./Table.tsx";
import { StateTag } from "./Verdict.tsx";

export function CancelButton({ order }: { order: Order }) {
  const client = useQueryClient();
  const say = useSay();
  const cancel = useMutation({
    mutationFn: () => write("POST", `/orders/${order.id}/cancel`, {}),
    onSuccess: () => say(`Cancel asked for ${order.symbol}.`, "good"),
    onError: (fault) => say(fault instanceof Problem ? fault.message : "The cancel was not sent.", "bad"),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: key.orders });
      void client.invalidateQueries({ queryKey: [...key.order, order.id] });
    },
  });
  // Protection is not cancelled by hand: the position is closed instead.
  if (order.is_final || order.leg === "stop" || order.leg === "target") return null;
  const asked = order.cancel_requested || cancel.isPending || cancel.isSuccess;
  return (
    <button type="button" className="button small" disabled={asked} onClick={() => cancel.mutate()}>
      {asked ? "Cancelling" : "Cancel"}
    </button>
  );
}

/** The price that matters now: what it filled at, else what it waits for. */
export function orderPrice(order: Order): string {
  if (order.average_price) return price(order.average_price);
  if (order.limit_price && order.stop_price)
    return `${price(order.stop_price)} / ${price(order.limit_price)}`;
  const waits = order.limit_price ?? order.stop_price;
  return waits ? price(waits) : "market";
}

interface OrderTableProps {
  label: string;
  orders: readonly Order[];
  chosen?: string | null;
  brief?: boolean;
}

export function OrderTable({ label, orders, chosen = null, brief = false }: OrderTableProps) {
  const columns: Column<Order>[] = [
    {
      key: "symbol",
      title: "Instrument",
      phone: "head",
      cell: (o) => (
        <Link to={`/orders/${o.id}`} className="symbol">
          {o.symbol}
        </Link>
      ),
    },
    { key: "state", title: "State", phone: "aside", cell: (o) => <StateTag state={o.state} /> },
    { key: "leg", title: "Leg", cell: (o) => leg(o.leg, o.leg_number) },
    { key: "side", title: "Side", cell: (o) => <Side side={o.side} /> },
    {
      key: "filled",
      title: "Filled",
      numeric: true,
      cell: (o) =>
        o.filled === o.quantity ? quantity(o.filled) : `${quantity(o.filled)} / ${quantity(o.quantity)}`,
    },
    { key: "type", title: "Type", phone: "off", cell: (o) => plain(o.order_type) },
    { key: "price", title: "Price", numeric: true, cell: orderPrice },
    {
      key: "at",
      title: "Time",
      cell: (o) => <span className="nowrap">{clock(o.created_at, Date.now())}</span>,
    },
    {
      key: "reason",
      title: "Why",
      phone: "wide",
      cell: (o) => (o.message ? <span className="why">{o.message}</span> : null),
    },
    { key: "act", title: "", phone: "bare", numeric: true, cell: (o) => <CancelButton order={o} /> },
  ];
  const shown = brief ? columns.filter((c) => c.key !== "reason" && c.key !== "at") : columns;
  return <Table label={label} columns={shown} rows={orders} id={(o) => o.id} chosen={chosen} />;
}

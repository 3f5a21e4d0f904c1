import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Problem } from "../api/problem.ts";
import type { Decision, Order, OutsideOrder, Stages } from "../api/schema.ts";
import { Choices } from "./ApprovalCards.tsx";
import { steps } from "./EquityChart.tsx";
import { Gain } from "./Figure.tsx";
import { Marked } from "./Marked.tsx";
import { OutsideTable } from "./OutsideTable.tsx";
import { standing } from "./SignalCard.tsx";
import { reached } from "./StageBar.tsx";
import { Fault } from "./State.tsx";
import { Table } from "./Table.tsx";
import { StateTag, VerdictTag } from "./Verdict.tsx";

test("a gain carries sign and arrow besides its colour", () => {
  expect(renderToStaticMarkup(<Gain value="-12.5" />)).toContain("\u25bc");
  expect(renderToStaticMarkup(<Gain value="-12.5" />)).toContain("\u221212.50");
  expect(renderToStaticMarkup(<Gain value="3" percent />)).toContain("+3.00%");
});

test("marked words are named by their field", () => {
  const html = renderToStaticMarkup(
    <Marked text="🚀 BTO AAPL" spans={[{ instruction: 0, field: "stop_price", start: 5, end: 8 }]} />,
  );
  expect(html).toContain('<ruby class="mark-stop"><mark>BTO</mark><rt>stop price</rt></ruby>');
});

test("text of a message never becomes markup", () => {
  const html = renderToStaticMarkup(<Marked text="<img src=x onerror=alert(1)>" spans={[]} />);
  expect(html).not.toContain("<img");
});

test("a fault shows its request and every rule with its numbers", () => {
  const fault = new Problem(422, "risk_denied", "Refused", "req_7", [
    { code: "RK-17", message: "10% of 10,000.00" },
  ]);
  const html = renderToStaticMarkup(<Fault error={fault} />);
  expect(html).toContain("req_7");
  expect(html).toContain("RK-17");
  expect(html).toContain('role="alert"');
});

test("a card that asks which one has a button for each, and none that says yes to all", () => {
  const options = [
    { number: 1, label: "AAPL opened 15:04, 4 held at 180", signal_id: "sig_1" },
    { number: 2, label: "AAPL opened 15:01, 4 held at 179", signal_id: null },
  ];
  const html = renderToStaticMarkup(<Choices options={options} busy={false} choose={() => {}} />);
  expect(html.match(/<button/g)).toHaveLength(2);
  expect(html).toContain("4 held at 179");
  expect(html.match(/data-answer="approve"/g)).toHaveLength(1);
  expect(renderToStaticMarkup(<Choices options={[]} busy={false} choose={() => {}} />)).toBe("");
});

test("an order placed at the broker by hand has nothing to press", () => {
  const order: OutsideOrder = {
    broker_order_id: "v-1",
    connection_id: "con_1",
    symbol: "SPY",
    asset: "equity",
    side: "buy",
    quantity: "10",
    amount: null,
    filled: "4",
    order_type: "limit",
    limit_price: "180",
    stop_price: null,
    counted: "1080",
    words: "buy 10 SPY limit 180.00",
    since: "2026-11-24T15:00:00.000000Z",
  };
  const html = renderToStaticMarkup(<OutsideTable orders={[order]} connections={[]} />);
  expect(html).toContain("placed at the broker");
  expect(html).toContain("4 / 10");
  expect(html).toContain("1,080.00");
  expect(html).not.toContain("<button");
});

test("each cell names its column, for the cards of a phone", () => {
  const html = renderToStaticMarkup(
    <Table
      label="Things"
      columns={[{ key: "a", title: "Price", cell: (row: string) => row, numeric: true }]}
      rows={["1"]}
      id={(row) => row}
    />,
  );
  expect(html).toContain('data-label="Price"');
});

test("no part of the page carries an inline style, which the content policy would refuse", () => {
  const html = renderToStaticMarkup(
    <>
      <StateTag state="unknown" />
      <VerdictTag status="awaiting_approval" />
      <Gain value="1" />
    </>,
  );
  expect(html).not.toContain("style=");
  expect(html).toContain("checking with the broker");
  expect(html).toContain("waiting for you");
});

test("stages tell the time since the one before, to the microsecond", () => {
  const none = { posted: null, received: null, parsed: null, decided: null, durable: null } as const;
  const stages: Stages = {
    ...none,
    sent: "2026-11-23T10:00:00.000100Z",
    acknowledged: "2026-11-23T10:00:00.004300Z",
    filled: null,
  };
  expect(reached(stages).map((s) => [s.name, s.since])).toEqual([
    ["sent", null],
    ["acknowledged", 4200],
  ]);
});

test("lines of the curve stand at round values", () => {
  expect(steps(9_987, 10_213, 4)).toEqual([10_000, 10_100, 10_200]);
  expect(steps(5, 5, 4)).toEqual([5]);
});

test.each([
  ["queued", "queued", "queued"],
  ["queued", "filled", "placed"],
  ["queued", "rejected", "placed"],
  ["reduced", "filled", "reduced"],
])("a %s decision with a %s order is told as %s", (status, state, told) => {
  const decision = { status, orders: ["ord_1"] } as unknown as Decision;
  expect(standing(decision, [{ id: "ord_1", state } as Order])).toBe(told);
});

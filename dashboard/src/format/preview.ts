// Decides how a preview, of a card or of the ticket, is put into lines. It comes as free JSON, so each field is looked at
// before it is shown.

import { isRecord, text } from "../feed/envelope.ts";
import { price, quantity } from "./decimal.ts";
import { plain } from "./word.ts";

function list(preview: unknown, field: string): Record<string, unknown>[] {
  if (!isRecord(preview)) return [];
  const value = preview[field];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** `buy 5 limit 180.00`, one line for each order. */
export function previewOrders(preview: unknown): string[] {
  return list(preview, "orders").flatMap((one): string[] => {
    const [side, size, kind, at] = [
      text(one, "side"),
      text(one, "quantity"),
      text(one, "type"),
      text(one, "price"),
    ];
    if (!side || !size) return [];
    return [`${side} ${quantity(size)} ${plain(kind ?? "")}${at ? ` ${price(at)}` : ""}`.trim()];
  });
}

/** Refusals, reductions and remarks, in this order. */
export function breachesOf(preview: unknown): {
  lines: { rule: string; message: string }[];
  reduced: boolean;
} {
  const lines = ["breaches", "reductions", "notes"].flatMap((field) =>
    list(preview, field).flatMap((one) => {
      const [rule, message] = [text(one, "rule"), text(one, "message")];
      return rule && message ? [{ rule, message }] : [];
    }),
  );
  return { lines, reduced: list(preview, "reductions").length > 0 };
}

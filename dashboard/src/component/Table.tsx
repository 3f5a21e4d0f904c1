// Decides how rows are laid out: a table on a wide screen, cards on a phone.

import type { ReactNode } from "react";

export interface Column<T> {
  key: string;
  title: string;
  cell: (row: T) => ReactNode;
  numeric?: boolean;
  /** On a phone: the card's heading, beside it, a whole line, without its label, or not at all. */
  phone?: "head" | "aside" | "wide" | "bare" | "off";
}

interface TableProps<T> {
  label: string;
  columns: Column<T>[];
  rows: readonly T[];
  id: (row: T) => string;
  chosen?: string | null;
  fresh?: (row: T) => boolean;
}

export function Table<T>({ label, columns, rows, id, chosen, fresh }: TableProps<T>) {
  return (
    <table className="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" className={column.numeric ? "num" : undefined}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const key = id(row);
          const marks = [key === chosen ? "chosen" : "", fresh?.(row) ? "fresh" : ""]
            .filter(Boolean)
            .join(" ");
          return (
            <tr key={key} className={marks || undefined}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-label={column.title}
                  className={`${column.numeric ? "num" : ""} ${column.phone ?? ""}`.trim() || undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

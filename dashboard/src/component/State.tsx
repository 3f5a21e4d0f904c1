// Decides how a view says that it is empty, loading, broken or old. A list that has data never blanks.

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Problem } from "../api/problem.ts";

export function Skeleton({ lines = 5 }: { lines?: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: lines }, (_, i) => i).map((line) => (
        <span key={line} />
      ))}
    </div>
  );
}

export function Blank({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="blank">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

export function Fault({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const problem = error instanceof Problem ? error : null;
  return (
    <div className="fault" role="alert">
      <p>{problem?.message ?? "Something went wrong in this page."}</p>
      {problem?.faults.map((fault) => (
        <p key={`${fault.field ?? ""}${fault.code ?? ""}${fault.message}`}>
          {fault.code ? <strong>{fault.code} </strong> : null}
          {fault.message}
        </p>
      ))}
      {problem?.requestId ? (
        <p className="dim">
          Request <span className="mono">{problem.requestId}</span>
        </p>
      ) : null}
      {retry ? (
        <button type="button" className="button small" onClick={retry}>
          Try again
        </button>
      ) : null}
    </div>
  );
}

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}

/** What a query has, with its trouble above it; old data stays in view. */
export function Loaded<T>({ query, lines, children }: LoadedProps<T>) {
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    return query.isError ? (
      <Fault error={query.error} retry={retry} />
    ) : (
      <Skeleton {...(lines ? { lines } : {})} />
    );
  }
  return (
    <>
      {query.isError && !(query.error instanceof Problem && query.error.status === 0) ? (
        <Fault error={query.error} retry={retry} />
      ) : null}
      {children(query.data)}
    </>
  );
}

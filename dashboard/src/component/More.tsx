// The next page of a list, asked for by hand.

import type { Pages } from "../api/query.ts";

export function More<T>({ query }: { query: Pages<T> }) {
  if (!query.hasNextPage) return null;
  return (
    <div className="more">
      <button
        type="button"
        className="button small"
        disabled={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        Show older
      </button>
    </div>
  );
}

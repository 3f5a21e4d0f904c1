// Joins the live connection to the page: one feed for as long as somebody is logged in.

import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { write } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import { key, LIVE_KEYS } from "../api/query.ts";
import { useSay } from "../component/Notice.tsx";
import { useNow } from "../component/now.ts";
import { Cache } from "./cache.ts";
import { changesOf } from "./change.ts";
import { type FeedState, initial, type Light, light } from "./reducer.ts";
import { Feed } from "./socket.ts";

interface FeedContext {
  state: FeedState;
  /** Asks for quotes of these symbols; gives the call that ends it. */
  watch: (symbols: readonly string[]) => () => void;
}

const Context = createContext<FeedContext>({ state: initial, watch: () => () => undefined });

export function FeedProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const say = useSay();
  const [state, setState] = useState(initial);
  const feed = useRef<Feed | null>(null);

  useEffect(() => {
    const cache = new Cache(client, (text, tone, route) => say(text, tone, route === "elsewhere"));
    const refreshAll = () => {
      for (const queryKey of LIVE_KEYS) void client.invalidateQueries({ queryKey });
    };
    const made = new Feed({
      token: async () => {
        try {
          return (await write<{ token: string }>("POST", "/auth/socket-token")).token;
        } catch (fault) {
          if (fault instanceof Problem && fault.status === 401)
            void client.invalidateQueries({ queryKey: key.me });
          throw fault;
        }
      },
      apply: (event) => cache.perform(changesOf(event)),
      // A snapshot holds less than the lists on the page, so the lists are asked for; what is shown stays until then.
      replace: refreshAll,
      refreshAll,
      changed: setState,
      ended: () => void client.invalidateQueries({ queryKey: key.me }),
    });
    feed.current = made;
    made.start();
    return () => {
      made.stop();
      cache.stop();
      feed.current = null;
    };
  }, [client, say]);

  const watch = useCallback((symbols: readonly string[]) => {
    feed.current?.watch(symbols);
    return () => feed.current?.unwatch(symbols);
  }, []);
  const value = useMemo(() => ({ state, watch }), [state, watch]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useFeed(): FeedContext {
  return useContext(Context);
}

/** The light and when anything was last heard. */
export function useLight(): { light: Light; heardAt: number | null; now: number } {
  const { state } = useContext(Context);
  const now = useNow();
  return { light: light(state, now), heardAt: state.heardAt, now };
}

/** Asks for quotes while the component is on the page. */
export function useWatch(symbols: readonly string[]): void {
  const { watch } = useFeed();
  const list = [...new Set(symbols)].sort().join("\n");
  useEffect(() => (list ? watch(list.split("\n")) : undefined), [list, watch]);
}

// Decides what is asked of the server, under which name it is remembered and how long it counts as fresh. The live
// feed keeps it fresh in between; the intervals are the net under the feed.

import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQueries,
  useQuery,
} from "@tanstack/react-query";
import { get } from "./client.ts";
import type {
  Approval,
  Broker,
  Community,
  Connection,
  Delivery,
  DemoCode,
  EquityPoint,
  Factor,
  Hook,
  JournalEntry,
  Lesson,
  LockedMember,
  Me,
  NoticeLine,
  NoticeSettings,
  Order,
  OutsideOrder,
  Page,
  Portfolio,
  Position,
  Provider,
  RiskStatus,
  Signal,
  SignalDetail,
  Timeline,
  UserLimits,
} from "./schema.ts";

/** Rows of a page of a list; of orders more, because each signal leads to several. */
const ROWS = 50;
const ORDER_ROWS = 120;

export const key = {
  me: ["me"],
  portfolio: ["portfolio"],
  curve: ["curve"],
  positions: ["positions"],
  orders: ["orders"],
  order: ["order"],
  outside: ["outside"],
  signals: ["signals"],
  signal: ["signal"],
  approvals: ["approvals"],
  risk: ["risk"],
  limits: ["limits"],
  communities: ["communities"],
  locks: ["locks"],
  factor: ["factor"],
  demoCode: ["demoCode"],
  journal: ["journal"],
  providers: ["providers"],
  connections: ["connections"],
  brokers: ["brokers"],
  hooks: ["hooks"],
  deliveries: ["deliveries"],
  lesson: ["lesson"],
  lessons: ["lessons"],
  notices: ["notices"],
  noticeSettings: ["noticeSettings"],
} as const;

/** Everything but who is logged in: what a resync makes old. */
export const LIVE_KEYS: readonly (readonly string[])[] = Object.values(key).filter((k) => k !== key.me);

export const useMe = () => useQuery({ queryKey: key.me, queryFn: () => get<Me>("/auth/me"), retry: false });

export const usePortfolio = () =>
  useQuery({ queryKey: key.portfolio, queryFn: () => get<Portfolio>("/portfolio"), refetchInterval: 15_000 });

export const useCurve = (range: string) =>
  useQuery({
    queryKey: [...key.curve, range],
    queryFn: () =>
      get<{ items: EquityPoint[] }>(`/portfolio/history?range=${range}`).then((list) => list.items),
    refetchInterval: 20_000,
  });

export const usePositions = () =>
  useQuery({
    queryKey: [...key.positions, "open"],
    queryFn: () => get<Page<Position>>("/positions?status=open&limit=200").then((page) => page.items),
    refetchInterval: 10_000,
  });

export const useRisk = () =>
  useQuery({ queryKey: key.risk, queryFn: () => get<RiskStatus>("/risk/status"), refetchInterval: 15_000 });

/** The own limits, and what waits to be looser. */
export const useCommunities = () =>
  useQuery({
    queryKey: key.communities,
    queryFn: () => get<{ items: Community[] }>("/communities").then((list) => list.items),
    refetchInterval: 30_000,
  });

/** Members whom the staff of a community is to unlock; for its admins. */
export const useLocks = (community: string) =>
  useQuery({
    queryKey: [...key.locks, community],
    queryFn: () =>
      get<{ items: LockedMember[] }>(`/communities/${community}/locks`).then((list) => list.items),
    refetchInterval: 10_000,
  });

export const useLimits = () =>
  useQuery({ queryKey: key.limits, queryFn: () => get<UserLimits>("/risk/limits"), refetchInterval: 10_000 });

/** What stands of the own second factor. */
export const useFactor = () =>
  useQuery({ queryKey: key.factor, queryFn: () => get<Factor>("/auth/totp"), refetchInterval: 30_000 });

/** What the demo's authenticator shows; asked in the demo only. */
export const useDemoCode = (demo: boolean) =>
  useQuery({
    queryKey: key.demoCode,
    queryFn: () => get<DemoCode>("/auth/demo/code"),
    enabled: demo,
    refetchInterval: 3_000,
    retry: false,
    staleTime: 0,
  });

export const useApprovals = () =>
  useQuery({
    queryKey: key.approvals,
    queryFn: () => get<{ items: Approval[] }>("/approvals?limit=200").then((list) => list.items),
    refetchInterval: 20_000,
  });

export const useProviders = () =>
  useQuery({
    queryKey: key.providers,
    queryFn: () => get<{ items: Provider[] }>("/providers?limit=200").then((list) => list.items),
    staleTime: 300_000,
  });

/** The venues that are enabled, with what they can do. */
export const useBrokers = () =>
  useQuery({
    queryKey: key.brokers,
    queryFn: () => get<{ items: Broker[] }>("/brokers?limit=200").then((list) => list.items),
    staleTime: 600_000,
  });

export const useConnections = () =>
  useQuery({
    queryKey: key.connections,
    queryFn: () => get<{ items: Connection[] }>("/connections?limit=200").then((list) => list.items),
    staleTime: 60_000,
  });

/** The providers whose reading and posting one may change. */
export function useManaged(): { items: Provider[]; loading: boolean } {
  const all = useProviders();
  return { items: (all.data ?? []).filter((one) => one.manages), loading: all.data === undefined };
}

/** What a provider taught, as it stands. */
export const useLesson = (id: string) =>
  useQuery({
    queryKey: [...key.lesson, id],
    queryFn: () => get<Lesson>(`/providers/${id}/profile`),
    refetchInterval: 30_000,
  });

/** What a provider taught over time, newest first. */
export const useLessons = (id: string): Pages<Lesson> =>
  usePages<Lesson>([...key.lessons, id], `/providers/${id}/profile/versions`, false, 20);

/** The webhooks of several providers. */
export const useHooks = (providers: readonly string[]) =>
  useQueries({
    queries: providers.map((id) => ({
      queryKey: [...key.hooks, id],
      queryFn: () => get<{ items: Hook[] }>(`/providers/${id}/hooks?limit=200`).then((list) => list.items),
      staleTime: 60_000,
    })),
    combine: (answers) => ({
      items: answers.flatMap((answer) => answer.data ?? []),
      loading: answers.some((answer) => answer.isPending),
      error: answers.find((answer) => answer.isError)?.error ?? null,
    }),
  });

export const useDeliveries = (id: string) =>
  useQuery({
    queryKey: [...key.deliveries, id],
    queryFn: () => get<{ items: Delivery[] }>(`/hooks/${id}/deliveries?limit=200`).then((list) => list.items),
    refetchInterval: 5_000,
  });

function usePages<T>(name: readonly unknown[], path: string, every: number | false = false, size = ROWS) {
  return useInfiniteQuery({
    queryKey: name,
    queryFn: ({ pageParam }) => {
      const cursor = pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : "";
      return get<Page<T>>(`${path}${path.includes("?") ? "&" : "?"}limit=${size}${cursor}`);
    },
    initialPageParam: "",
    getNextPageParam: (last: Page<T>) => last.next_cursor ?? undefined,
    refetchInterval: every,
  });
}

export type Pages<T> = UseInfiniteQueryResult<InfiniteData<Page<T>>>;

/** All rows of the pages read so far. */
export function rows<T>(data: InfiniteData<Page<T>> | undefined): T[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

export const useSignals = (): Pages<Signal> => usePages<Signal>([...key.signals], "/signals", 15_000);

export const useOrders = (state: string | null): Pages<Order> =>
  usePages<Order>(
    [...key.orders, state ?? "all"],
    state ? `/orders?state=${state}` : "/orders",
    false,
    ORDER_ROWS,
  );

/** Working orders that were placed at a broker by hand. */
export const useOutside = () =>
  useQuery({
    queryKey: key.outside,
    queryFn: () => get<{ items: OutsideOrder[] }>("/orders/outside").then((list) => list.items),
    refetchInterval: 30_000,
  });

/** Orders the venue holds: protection may be older than the newest page of all orders. */
export const useSubmitted = () =>
  useQuery({
    queryKey: [...key.orders, "working"],
    queryFn: () => get<Page<Order>>("/orders?state=submitted&limit=200"),
  });

export const useJournal = (kind: string): Pages<JournalEntry> =>
  usePages<JournalEntry>(
    [...key.journal, kind],
    kind ? `/journal?kind=${encodeURIComponent(kind)}` : "/journal",
  );

/** What was worth a word, newest first; the bell and the page share it. */
export const useNotices = (): Pages<NoticeLine> =>
  usePages<NoticeLine>([...key.notices], "/me/notices", 15_000);

export const useNoticeSettings = () =>
  useQuery({
    queryKey: key.noticeSettings,
    queryFn: () => get<NoticeSettings>("/me/notifications"),
    staleTime: 60_000,
  });

export const useSignal = (id: string) =>
  useQuery({ queryKey: [...key.signal, id], queryFn: () => get<SignalDetail>(`/signals/${id}`) });

export const useTimeline = (id: string) =>
  useQuery({ queryKey: [...key.order, id], queryFn: () => get<Timeline>(`/orders/${id}/timeline`) });

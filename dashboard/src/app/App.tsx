// Decides what is shown to whom: nothing until we know who asks, the way in for strangers, the pages for the rest.

import { QueryCache, QueryClient, QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef } from "react";
import { BrowserRouter, Route, Routes } from "react-router";
import { forgetCsrf } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import { key, useMe } from "../api/query.ts";
import { NoticeBoard } from "../component/Notice.tsx";
import { Blank, Fault, Skeleton } from "../component/State.tsx";
import { FeedProvider } from "../feed/FeedProvider.tsx";
import { LivePage } from "../page/LivePage.tsx";
import { Login } from "./Login.tsx";
import { Shell } from "./Shell.tsx";

const SignalsPage = lazy(() => import("../page/SignalsPage.tsx"));
const OrdersPage = lazy(() => import("../page/OrdersPage.tsx"));
const ReadingPage = lazy(() => import("../page/ReadingPage.tsx"));
const WebhooksPage = lazy(() => import("../page/WebhooksPage.tsx"));
const NoticesPage = lazy(() => import("../page/NoticesPage.tsx"));
const RiskPage = lazy(() => import("../page/RiskPage.tsx"));
const SettingsPage = lazy(() => import("../page/SettingsPage.tsx"));
const BrokersPage = lazy(() => import("../page/BrokersPage.tsx"));
const JournalPage = lazy(() => import("../page/JournalPage.tsx"));

/** A refusal is an answer; only silence and trouble at the server are tried again. */
function worthRetrying(count: number, fault: unknown): boolean {
  return (
    count < 3 &&
    fault instanceof Problem &&
    (fault.status === 0 || fault.status >= 500 || fault.status === 429)
  );
}

function makeClient(): QueryClient {
  // Any refusal for want of a login makes the page ask again who is there.
  const queryCache = new QueryCache({
    onError: (fault, query) => {
      const ended = fault instanceof Problem && fault.status === 401 && query.queryKey[0] !== key.me[0];
      if (ended) void client.invalidateQueries({ queryKey: key.me });
    },
  });
  const client = new QueryClient({
    queryCache,
    defaultOptions: { queries: { retry: worthRetrying, staleTime: 2_000, networkMode: "always" } },
  });
  return client;
}

function Gate() {
  const me = useMe();
  const client = useQueryClient();
  const known = useRef(false);
  const stranger = me.error instanceof Problem && me.error.status === 401;
  if (me.data && !stranger) known.current = true;
  // While the server is away the question is asked again, so that a page opened too early still comes up.
  const away = me.isError && !stranger && !me.data;
  useEffect(() => {
    if (!away) return;
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: key.me }), 3_000);
    return () => clearInterval(timer);
  }, [away, client]);
  useEffect(() => {
    if (stranger) forgetCsrf();
  }, [stranger]);
  if (stranger) return <Login expired={known.current} />;
  if (!me.data)
    return me.isError ? <Fault error={me.error} retry={() => void me.refetch()} /> : <Skeleton lines={4} />;
  return (
    <FeedProvider>
      <Shell me={me.data}>
        <Suspense fallback={<Skeleton lines={10} />}>
          <Routes>
            <Route path="/" element={<LivePage />} />
            <Route path="/signals" element={<SignalsPage />} />
            <Route path="/signals/:id" element={<SignalsPage />} />
            <Route path="/orders" element={<OrdersPage />} />
            <Route path="/orders/:id" element={<OrdersPage />} />
            <Route path="/reading" element={<ReadingPage />} />
            <Route path="/reading/:id" element={<ReadingPage />} />
            <Route path="/webhooks" element={<WebhooksPage />} />
            <Route path="/webhooks/:id" element={<WebhooksPage />} />
            <Route path="/notices" element={<NoticesPage />} />
            <Route path="/brokers" element={<BrokersPage />} />
            <Route path="/risk" element={<RiskPage />} />
            <Route path="/settings" element={<SettingsPage />} />
            <Route path="/journal" element={<JournalPage />} />
            <Route path="/journal/:id" element={<JournalPage />} />
            <Route
              path="*"
              element={<Blank title="There is no such page">Try one of the pages above.</Blank>}
            />
          </Routes>
        </Suspense>
      </Shell>
    </FeedProvider>
  );
}

export function App() {
  const client = useRef<QueryClient | null>(null);
  client.current ??= makeClient();
  return (
    <QueryClientProvider client={client.current}>
      <NoticeBoard>
        <BrowserRouter>
          <Gate />
        </BrowserRouter>
      </NoticeBoard>
    </QueryClientProvider>
  );
}

// The user's limits: what is used of them, what waits to be looser, and the form that changes them.

import { Link } from "react-router";
import { useCommunities, useLimits, usePortfolio, useRisk } from "../api/query.ts";
import { CommunityLimits } from "../component/CommunityLimits.tsx";
import { LimitBars } from "../component/LimitBars.tsx";
import { LimitForm } from "../component/LimitForm.tsx";
import { PendingLimits } from "../component/PendingLimits.tsx";
import { Loaded } from "../component/State.tsx";

export default function RiskPage() {
  const limits = useLimits();
  const risk = useRisk();
  const communities = useCommunities();
  const portfolio = usePortfolio();
  return (
    <div className="split own-page">
      <section className="panel" aria-label="Your limits">
        <header>
          <h1>Risk</h1>
          <span className="note">tightening holds at once, loosening in ten minutes</span>
        </header>
        <Loaded query={limits} lines={12}>
          {(data) => <LimitForm key={data.version} limits={data} />}
        </Loaded>
      </section>
      <div className="stack">
        <section className="panel" aria-label="Waiting to be looser">
          <header>
            <h2>Waiting to be looser</h2>
          </header>
          <Loaded query={limits} lines={2}>
            {(data) => <PendingLimits pending={data.pending} />}
          </Loaded>
        </section>
        <section className="panel risk" aria-label="Used of your limits">
          <header>
            <h2>Used</h2>
            <Link to="/settings">Second factor</Link>
          </header>
          <Loaded query={risk} lines={6}>
            {(status) => (
              <LimitBars status={status} connection={portfolio.data?.accounts[0]?.connection_id} />
            )}
          </Loaded>
        </section>
        <section className="panel" aria-label="Limits of your communities">
          <header>
            <h2>Your communities</h2>
            <span className="note">the strictest limit applies</span>
          </header>
          <Loaded query={communities} lines={3}>
            {(data) => <CommunityLimits communities={data} />}
          </Loaded>
        </section>
      </div>
    </div>
  );
}

// The webhooks of the providers one manages, and one of them in full.

import { useState } from "react";
import { Link, useParams } from "react-router";
import { useHooks, useManaged } from "../api/query.ts";
import type { Hook, MadeHook } from "../api/schema.ts";
import { HookDetail } from "../component/HookDetail.tsx";
import { AddressDialog, NewHookDialog } from "../component/HookDialogs.tsx";
import { Icon } from "../component/Icon.tsx";
import { Blank, Fault, Skeleton } from "../component/State.tsx";
import { Tag } from "../component/Verdict.tsx";

function Row({ hook, provider, chosen }: { hook: Hook; provider: string; chosen: boolean }) {
  const active = hook.status === "active";
  return (
    <li>
      <Link
        to={`/webhooks/${hook.id}`}
        className={`feed-row ${chosen ? "chosen" : ""}`}
        aria-current={chosen}
      >
        <span className="feed-head">
          <span className="provider">{hook.name}</span>
        </span>
        <span className="feed-tags">
          <span>{provider}</span>
          <Tag word={active ? "active" : "switched off"} tone={active ? "good" : "warn"} />
        </span>
      </Link>
    </li>
  );
}

export default function WebhooksPage() {
  const { id } = useParams();
  const { items: managed, loading: asking } = useManaged();
  const hooks = useHooks(managed.map((p) => p.id));
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<MadeHook | null>(null);
  const chosen = hooks.items.find((h) => h.id === id) ?? (id ? undefined : hooks.items[0]);
  const name = (hook: Hook) => managed.find((p) => p.id === hook.provider_id)?.name ?? "";
  const loading = asking || hooks.loading;
  return (
    <div className={`split ${id ? "has-choice" : ""}`}>
      <section className="panel split-list" aria-label="Webhooks">
        <header>
          <h1>Webhooks</h1>
          {managed.length > 0 ? (
            <button type="button" className="button primary" onClick={() => setAdding(true)}>
              <Icon name="plus" />
              New webhook
            </button>
          ) : null}
        </header>
        {hooks.error ? <Fault error={hooks.error} /> : null}
        {loading ? <Skeleton lines={6} /> : null}
        {hooks.items.length > 0 ? (
          <ul>
            {hooks.items.map((hook) => (
              <Row key={hook.id} hook={hook} provider={name(hook)} chosen={hook.id === chosen?.id} />
            ))}
          </ul>
        ) : null}
        {!loading && hooks.items.length === 0 ? (
          <Blank title={managed.length > 0 ? "No webhook yet" : "No provider to manage"}>
            {managed.length > 0
              ? "A webhook is a secret address: TradingView and your own programs post signals to it."
              : "Webhooks are made by a provider and by admins of its community."}
          </Blank>
        ) : null}
      </section>
      <section className="panel split-detail" aria-label="Webhook">
        {chosen ? (
          <HookDetail key={chosen.id} hook={chosen} made={setMade} />
        ) : (
          <Blank title="Choose a webhook">Its switches, a body to try, and what was delivered.</Blank>
        )}
      </section>
      {adding ? (
        <NewHookDialog
          providers={managed}
          close={() => setAdding(false)}
          made={(answer) => {
            setAdding(false);
            setMade(answer);
          }}
        />
      ) : null}
      {made ? <AddressDialog made={made} close={() => setMade(null)} /> : null}
    </div>
  );
}

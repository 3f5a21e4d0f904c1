// The accounts one trades in: where, with which money, how they do, and which is the default for what.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { write } from "../api/client.ts";
import { key, useBrokers, useConnections, usePortfolio } from "../api/query.ts";
import type { Account, Broker, Connection } from "../api/schema.ts";
import { ConnectDialog } from "../component/ConnectDialog.tsx";
import { Icon } from "../component/Icon.tsx";
import { Blank, Fault, Loaded, Skeleton } from "../component/State.tsx";
import { Tag } from "../component/Verdict.tsx";
import { CLASS_NAMES, healthWord } from "../format/broker.ts";
import { money } from "../format/decimal.ts";

function Defaults({ connection, broker }: { connection: Connection; broker: Broker }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (classes: Connection["default_for"]) =>
      write<Connection>(
        "PATCH",
        `/connections/${connection.id}`,
        { default_for: classes },
        undefined,
        connection.version,
      ),
    onSettled: () => void client.invalidateQueries({ queryKey: key.connections }),
  });
  const toggle = (one: Connection["default_for"][number], on: boolean) => {
    const rest = connection.default_for.filter((c) => c !== one);
    save.mutate(on ? [...rest, one] : rest);
  };
  return (
    <fieldset className="broker-defaults" disabled={save.isPending}>
      <legend>Default for</legend>
      {broker.classes.map((one) => (
        <label key={one} className="tick">
          <input
            type="checkbox"
            checked={connection.default_for.includes(one)}
            onChange={(event) => toggle(one, event.target.checked)}
          />
          {CLASS_NAMES[one] ?? one}
        </label>
      ))}
      {save.isError ? <Fault error={save.error} /> : null}
    </fieldset>
  );
}

interface RowProps {
  connection: Connection;
  broker: Broker | undefined;
  account: Account | undefined;
}

function Row({ connection, broker, account }: RowProps) {
  const [word, tone] = healthWord(connection.health);
  const live = connection.mode === "live";
  return (
    <li className="broker-row">
      <div className="feed-head">
        <span className="provider">{connection.label}</span>
        <Tag word={live ? "live" : "paper"} tone={live ? "warn" : ""} />
        <Tag word={word} tone={tone} />
      </div>
      <p className="dim">
        {broker?.name ?? connection.broker}, account ending in {connection.account_last4}
        {account ? `, worth ${money(account.equity)} ${account.currency}` : ""}
      </p>
      {connection.health_reason ? <p className="down">{connection.health_reason}</p> : null}
      {broker ? <Defaults connection={connection} broker={broker} /> : null}
    </li>
  );
}

export default function BrokersPage() {
  const connections = useConnections();
  const brokers = useBrokers();
  const portfolio = usePortfolio();
  const [adding, setAdding] = useState(false);
  const account = (id: string) => portfolio.data?.accounts.find((a) => a.connection_id === id);
  return (
    <div className="split own-page">
      <section className="panel" aria-label="Brokers">
        <header>
          <h1>Brokers</h1>
          <button
            type="button"
            className="button primary"
            disabled={!brokers.data?.length}
            onClick={() => setAdding(true)}
          >
            <Icon name="plus" />
            Connect
          </button>
        </header>
        {brokers.isError ? <Fault error={brokers.error} /> : null}
        <Loaded query={connections} lines={4}>
          {(all) =>
            all.length === 0 ? (
              <Blank title="No account yet">
                Connect one with paper money first: nothing can be lost there.
              </Blank>
            ) : (
              <ul className="broker-list">
                {all.map((connection) => (
                  <Row
                    key={connection.id}
                    connection={connection}
                    broker={brokers.data?.find((b) => b.kind === connection.broker)}
                    account={account(connection.id)}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
        {brokers.isPending ? <Skeleton lines={1} /> : null}
      </section>
      {adding && brokers.data ? (
        <ConnectDialog
          brokers={brokers.data}
          first={!connections.data?.some((one) => one.mode === "live")}
          close={() => setAdding(false)}
        />
      ) : null}
    </div>
  );
}

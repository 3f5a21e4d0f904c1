// What somebody sees who is not logged in: where the way in is.

import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import type { Ways } from "../api/schema.ts";
import { Brand } from "./Brand.tsx";

/** Where Discord's page is reached, and which page of ours is opened afterwards. */
export function discordLogin(here: { pathname: string; search: string }): string {
  return `/api/v1/auth/discord?next=${encodeURIComponent(here.pathname + here.search)}`;
}

function Demo() {
  return (
    <>
      <p>
        The demo prints a one-time link when it starts. Open that link in this browser and you are logged in
        as a demo trader. Each link works once and for a few minutes; starting the demo again prints a new
        one.
      </p>
      <pre>cargo xtask demo</pre>
      <p>
        Everything in the demo is simulated: the market, the Discord server and the broker. No real orders are
        sent.
      </p>
    </>
  );
}

export function Login({ expired }: { expired: boolean }) {
  const ways = useQuery({ queryKey: ["ways"], queryFn: () => get<Ways>("/auth/ways"), staleTime: 60_000 });
  const { discord, demo } = ways.data ?? { discord: false, demo: false };
  return (
    <main className="login">
      <div className="login-card">
        <div className="brand">
          <Brand />
        </div>
        <h1>{expired ? "Your session has ended" : "You are not logged in"}</h1>
        {discord ? (
          <>
            <p>
              <a className="button primary" href={discordLogin(window.location)}>
                Log in with Discord
              </a>
            </p>
            <p>
              Ordercast asks Discord who you are and in which servers you are. It cannot write in your name,
              and never asks for a password.
            </p>
          </>
        ) : null}
        {demo ? <Demo /> : null}
        {ways.data && !discord && !demo ? (
          <p>
            Nobody can log in yet: whoever runs this deployment has to register it with Discord and set
            DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET.
          </p>
        ) : null}
      </div>
    </main>
  );
}

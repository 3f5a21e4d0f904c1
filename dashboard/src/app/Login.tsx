// What somebody sees who is not logged in: where the way in is.

import { Brand } from "./Brand.tsx";

export function Login({ expired }: { expired: boolean }) {
  return (
    <main className="login">
      <div className="login-card">
        <div className="brand">
          <Brand />
        </div>
        <h1>{expired ? "Your session has ended" : "You are not logged in"}</h1>
        <p>
          The demo prints a one-time link when it starts. Open that link in this browser and you are logged in
          as a demo trader. Each link works once and for a few minutes; starting the demo again prints a new
          one.
        </p>
        <pre>cargo xtask demo</pre>
        <p>
          Everything in the demo is simulated: the market, the Discord server and the broker. No real orders
          are sent.
        </p>
      </div>
    </main>
  );
}

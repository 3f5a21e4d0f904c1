// What a user sets about the own account: the second factor.

import { useFactor, useMe } from "../api/query.ts";
import { FactorSettings } from "../component/FactorSettings.tsx";
import { Loaded } from "../component/State.tsx";

export default function SettingsPage() {
  const factor = useFactor();
  const me = useMe();
  return (
    <div className="split own-page">
      <section className="panel" aria-label="Second factor">
        <header>
          <h1>Settings</h1>
          <span className="note">second factor</span>
        </header>
        <Loaded query={factor} lines={4}>
          {(data) => <FactorSettings factor={data} name={me.data?.user.name ?? ""} />}
        </Loaded>
      </section>
    </div>
  );
}

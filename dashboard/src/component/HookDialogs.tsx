// Decides how a webhook is made and how its address is handed over: shown once, copied with a button, then gone.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { write } from "../api/client.ts";
import { key } from "../api/query.ts";
import type { MadeHook, Provider } from "../api/schema.ts";
import { addressList, curlLine } from "../format/hook.ts";
import { Dialog } from "./Dialog.tsx";
import { useSay } from "./Notice.tsx";
import { Fault } from "./State.tsx";

function Copied({ label, value }: { label: string; value: string }) {
  const field = useRef<HTMLInputElement>(null);
  const say = useSay();
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      say(`${label} copied.`, "good");
    } catch {
      say(`${label} is selected; copy it with your keyboard.`);
    }
  };
  return (
    <div className="field copied">
      <label>
        <span className="field-label">{label}</span>
        <input ref={field} className="input mono" readOnly value={value} onFocus={(e) => e.target.select()} />
      </label>
      <button type="button" className="button" onClick={() => void copy()}>
        Copy
      </button>
    </div>
  );
}

export function AddressDialog({ made, close }: { made: MadeHook; close: () => void }) {
  return (
    <Dialog
      title="The address, shown this once"
      wide
      close={close}
      foot={
        <button type="button" className="button primary" onClick={close}>
          I have kept it
        </button>
      }
    >
      <p>
        Whoever has this address gives signals in the provider's name. It cannot be shown again; a lost one is
        rotated.
      </p>
      <Copied label="Address" value={made.url} />
      {made.signing_key ? (
        <>
          <Copied label="Signing key" value={made.signing_key} />
          <p className="dim">
            Send <code>X-Ordercast-Signature: t=&lt;unix seconds&gt;,v1=&lt;hex&gt;</code>, the HMAC-SHA256 of
            t, a point and the body under this key, not older than 300 s.
          </p>
        </>
      ) : (
        <Copied label="Try it" value={curlLine(made.url, made.hook.passphrase)} />
      )}
      {made.hook.overlap_until ? <p>The address before this one works for 24 hours more.</p> : null}
    </Dialog>
  );
}

interface NewProps {
  providers: readonly Provider[];
  close: () => void;
  made: (made: MadeHook) => void;
}

export function NewHookDialog({ providers, close, made }: NewProps) {
  const client = useQueryClient();
  const [provider, setProvider] = useState(providers[0]?.id ?? "");
  const [name, setName] = useState("");
  const [signed, setSigned] = useState(false);
  const [passphrase, setPassphrase] = useState("");
  const [addresses, setAddresses] = useState("");
  const create = useMutation({
    mutationFn: () =>
      write<MadeHook>("POST", `/providers/${provider}/hooks`, {
        name,
        signed,
        addresses: addressList(addresses),
        ...(passphrase ? { passphrase } : {}),
      }),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: key.hooks });
      made(answer);
    },
  });
  return (
    <Dialog
      title="New webhook"
      close={close}
      foot={
        <>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            disabled={!name.trim() || !provider || create.isPending}
            onClick={() => create.mutate()}
          >
            Make it
          </button>
        </>
      }
    >
      <div className="ticket-fields">
        <label className="field">
          <span>Name</span>
          <input className="input" value={name} maxLength={60} onChange={(e) => setName(e.target.value)} />
        </label>
        <label className="field">
          <span>Provider</span>
          <select className="input" value={provider} onChange={(e) => setProvider(e.target.value)}>
            {providers.map((p) => (
              <option key={p.id} value={p.id}>
                {p.name}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>Pass phrase in every body (optional)</span>
          <input
            className="input"
            value={passphrase}
            autoComplete="off"
            onChange={(e) => setPassphrase(e.target.value)}
          />
        </label>
        <label className="field">
          <span>Only from these addresses (optional)</span>
          <input
            className="input"
            value={addresses}
            placeholder="192.0.2.7, 198.51.100.0/24"
            onChange={(e) => setAddresses(e.target.value)}
          />
        </label>
      </div>
      <label className="tick">
        <input type="checkbox" checked={signed} onChange={(e) => setSigned(e.target.checked)} />
        Every delivery must be signed (TradingView cannot)
      </label>
      {create.isError ? <Fault error={create.error} /> : null}
    </Dialog>
  );
}

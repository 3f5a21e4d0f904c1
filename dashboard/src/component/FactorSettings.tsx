// How a second factor is set up, renewed and removed. A secret and recovery codes are shown once, while this is open.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { write } from "../api/client.ts";
import { key } from "../api/query.ts";
import type { Enrolled, Factor, FactorOffer, RecoveryCodes } from "../api/schema.ts";
import { codesFile, grouped } from "../format/factor.ts";
import { clock } from "../format/time.ts";
import { Dialog } from "./Dialog.tsx";
import { useSay } from "./Notice.tsx";
import { Fault } from "./State.tsx";

/** The picture an authenticator reads; always dark on light. */
function Picture({ qr }: { qr: FactorOffer["qr"] }) {
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${qr.size} ${qr.size}`}
      role="img"
      aria-label="QR code for your authenticator; the secret below says the same"
      shapeRendering="crispEdges"
    >
      <rect width="100%" height="100%" className="light" />
      <path d={qr.path} className="dark" />
    </svg>
  );
}

function OfferDialog({
  offer,
  close,
  done,
}: {
  offer: FactorOffer;
  close: () => void;
  done: (codes: string[]) => void;
}) {
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => write<Enrolled>("POST", "/auth/totp/confirm", { code }),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: key.factor });
      done(answer.recovery_codes);
    },
  });
  return (
    <Dialog
      title="Set up an authenticator"
      close={close}
      foot={
        <>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="submit"
            form="confirm-totp"
            className="button primary"
            disabled={!code.trim() || confirm.isPending}
          >
            Confirm
          </button>
        </>
      }
    >
      <p>
        Read this with your authenticator app, or type the secret into it. It is shown this once, and to be
        confirmed until {clock(offer.expires_at, Date.now())}.
      </p>
      <Picture qr={offer.qr} />
      <p>
        <span className="field-label">Secret</span>{" "}
        <code className="mono secret" data-secret={offer.secret}>
          {grouped(offer.secret)}
        </code>
      </p>
      <form
        id="confirm-totp"
        onSubmit={(event) => {
          event.preventDefault();
          if (code.trim() && !confirm.isPending) confirm.mutate();
        }}
      >
        <label className="field typed">
          <span>The six digits it shows now</span>
          <input
            className="input mono"
            name="code"
            value={code}
            inputMode="numeric"
            maxLength={16}
            autoComplete="one-time-code"
            onChange={(event) => setCode(event.target.value)}
          />
        </label>
      </form>
      {confirm.isError ? <Fault error={confirm.error} /> : null}
    </Dialog>
  );
}

function CodesDialog({ name, codes, close }: { name: string; codes: readonly string[]; close: () => void }) {
  const say = useSay();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(codes.join("\n"));
      say("Recovery codes copied.", "good");
    } catch {
      say("They could not be copied; download them or write them down.", "bad");
    }
  };
  const download = () => {
    const url = URL.createObjectURL(new Blob([codesFile(name, codes, new Date())], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "ordercast-recovery-codes.txt";
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Dialog
      title="Recovery codes, shown this once"
      close={close}
      foot={
        <>
          <button type="button" className="button" onClick={() => void copy()}>
            Copy
          </button>
          <button type="button" className="button" onClick={download}>
            Download
          </button>
          <button type="button" className="button primary" onClick={close}>
            I have kept them
          </button>
        </>
      }
    >
      <p>
        Each stands in for your authenticator once. Without it and without these nobody lets you in again.
      </p>
      <ul className="recovery-codes mono">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </Dialog>
  );
}

function RemoveDialog({ remove, close }: { remove: () => void; close: () => void }) {
  return (
    <Dialog
      title="Remove the authenticator?"
      close={close}
      foot={
        <>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button type="button" className="button primary" onClick={remove}>
            Remove it
          </button>
        </>
      }
    >
      <p>Its codes and your recovery codes are void at once. Nothing is loosened until another is set up.</p>
    </Dialog>
  );
}

function Standing({ factor }: { factor: Factor }): ReactNode {
  if (!factor.enrolled)
    return (
      <p>No authenticator is set up. Without one no limit is loosened, no kill lifted, nothing unlocked.</p>
    );
  return (
    <>
      <p>
        An authenticator is set up since {clock(factor.since ?? "", Date.now())}. {factor.recovery_codes_left}{" "}
        recovery codes are left.
      </p>
      {factor.stepped_up_until ? (
        <p>You are not asked again until {clock(factor.stepped_up_until, Date.now())}.</p>
      ) : null}
      {factor.locked_until ? (
        <p className="down">
          Too many codes were wrong: none is taken until {clock(factor.locked_until, Date.now())}.
        </p>
      ) : null}
    </>
  );
}

export function FactorSettings({ factor, name }: { factor: Factor; name: string }) {
  const client = useQueryClient();
  const say = useSay();
  const [offer, setOffer] = useState<FactorOffer | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [removing, setRemoving] = useState(false);
  const again = () => void client.invalidateQueries({ queryKey: key.factor });
  const begin = useMutation({
    mutationFn: () => write<FactorOffer>("POST", "/auth/totp"),
    onSuccess: setOffer,
  });
  const renew = useMutation({
    mutationFn: () => write<RecoveryCodes>("POST", "/auth/recovery-codes"),
    onSuccess: (answer) => {
      again();
      setCodes(answer.recovery_codes);
    },
  });
  const remove = useMutation({
    mutationFn: () => write("DELETE", "/auth/totp"),
    onSuccess: () => {
      again();
      say("The authenticator is removed.");
    },
  });
  const fault = begin.error ?? renew.error ?? remove.error;
  return (
    <div className="notice-settings factor">
      <Standing factor={factor} />
      {factor.enrolled ? (
        <p className="links">
          <button type="button" className="button" disabled={renew.isPending} onClick={() => renew.mutate()}>
            New recovery codes
          </button>
          <button
            type="button"
            className="button"
            disabled={remove.isPending}
            onClick={() => setRemoving(true)}
          >
            Remove
          </button>
        </p>
      ) : (
        <button
          type="button"
          className="button primary"
          disabled={begin.isPending}
          onClick={() => begin.mutate()}
        >
          Set up an authenticator
        </button>
      )}
      {fault ? <Fault error={fault} /> : null}
      {offer ? (
        <OfferDialog
          offer={offer}
          close={() => setOffer(null)}
          done={(made) => {
            setOffer(null);
            setCodes(made);
          }}
        />
      ) : null}
      {codes ? <CodesDialog name={name} codes={codes} close={() => setCodes(null)} /> : null}
      {removing ? (
        <RemoveDialog
          close={() => setRemoving(false)}
          remove={() => {
            setRemoving(false);
            remove.mutate();
          }}
        />
      ) : null}
    </div>
  );
}

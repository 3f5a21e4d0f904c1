// The keys of the page.

import { Link } from "react-router";
import { Dialog } from "../component/Dialog.tsx";

const KEYS: [string[], string][] = [
  [["g", "l"], "Live"],
  [["g", "s"], "Signals"],
  [["g", "o"], "Orders"],
  [["g", "j"], "Journal"],
  [["g", "t"], "Reading: what your providers taught"],
  [["g", "w"], "Webhooks"],
  [["g", "n"], "Notices"],
  [["g", "r"], "Risk: your limits"],
  [["g", "b"], "Brokers: your accounts"],
  [["g", "e"], "Settings: second factor"],
  [["a"], "Point at Approve of a card, Enter gives it"],
  [["d"], "Point at Decline of a card, Enter gives it"],
  [["Shift", "K"], "Kill dialog"],
  [["?"], "This help"],
  [["Esc"], "Close a dialog"],
];

export function Help({ owns, close }: { owns: boolean; close: () => void }) {
  return (
    <Dialog
      title="Keys"
      close={close}
      foot={
        <button type="button" className="button primary" onClick={close}>
          Close
        </button>
      }
    >
      <dl className="keys">
        {KEYS.map(([keys, what]) => (
          <div key={what} className="key-line">
            <dt>
              {keys.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>No single key ever sends an order.</p>
      <p className="links">
        <Link to="/risk" onClick={close}>
          Your limits
        </Link>
        <Link to="/settings" onClick={close}>
          Settings
        </Link>
        {owns ? (
          <>
            <Link to="/reading" onClick={close}>
              Reading of your providers
            </Link>
            <Link to="/webhooks" onClick={close}>
              Webhooks of your providers
            </Link>
          </>
        ) : null}
      </p>
    </Dialog>
  );
}

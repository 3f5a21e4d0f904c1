// The keys of the page.

import { Dialog } from "../component/Dialog.tsx";

const KEYS: [string[], string][] = [
  [["g", "l"], "Live"],
  [["g", "s"], "Signals"],
  [["g", "o"], "Orders"],
  [["g", "j"], "Journal"],
  [["a"], "Point at Approve of a card, Enter gives it"],
  [["d"], "Point at Decline of a card, Enter gives it"],
  [["Shift", "K"], "Kill dialog"],
  [["?"], "This help"],
  [["Esc"], "Close a dialog"],
];

export function Help({ close }: { close: () => void }) {
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
    </Dialog>
  );
}

// A user's trading hours: lines of days, from, to and zone. Nothing here: whenever the market is open.

import type { TradingWindow } from "../api/schema.ts";
import { DAYS, USUAL, withDay } from "../format/window.ts";

interface LineProps {
  at: number;
  window: TradingWindow;
  change: (window: TradingWindow) => void;
  remove: () => void;
}

function Line({ at, window, change, remove }: LineProps) {
  const nth = `Hours ${at + 1}`;
  return (
    <li className="window-line">
      <fieldset className="window-days" aria-label={`${nth}: days`}>
        {DAYS.map(([code, name]) => (
          <label key={code} className="tick">
            <input
              type="checkbox"
              checked={window.days.includes(code)}
              onChange={(event) => change(withDay(window, code, event.target.checked))}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <div className="window-hours">
        <input
          className="input"
          aria-label={`${nth}: from`}
          value={window.from}
          maxLength={5}
          autoComplete="off"
          onChange={(event) => change({ ...window, from: event.target.value })}
        />
        <span aria-hidden="true">to</span>
        <input
          className="input"
          aria-label={`${nth}: to`}
          value={window.to}
          maxLength={5}
          autoComplete="off"
          onChange={(event) => change({ ...window, to: event.target.value })}
        />
        <input
          className="input window-zone"
          aria-label={`${nth}: zone`}
          value={window.zone}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ ...window, zone: event.target.value })}
        />
        <button type="button" className="button small" aria-label={`Remove ${nth}`} onClick={remove}>
          Remove
        </button>
      </div>
    </li>
  );
}

interface Props {
  windows: readonly TradingWindow[];
  change: (windows: TradingWindow[]) => void;
}

export function WindowList({ windows, change }: Props) {
  const set = (at: number, window: TradingWindow) =>
    change(windows.map((one, n) => (n === at ? window : one)));
  return (
    <div className="windows whole">
      <p className="note">
        {windows.length === 0
          ? "Any time: positions are opened whenever the market is open."
          : "Positions are opened in these hours only; what comes at another time waits for them. Closing waits for nothing. An end before the start is on the next day."}
      </p>
      <ul aria-label="Trading hours">
        {windows.map((window, at) => (
          <Line
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
            key={at}
            at={at}
            window={window}
            change={(next) => set(at, next)}
            remove={() => change(windows.filter((_, n) => n !== at))}
          />
        ))}
      </ul>
      <button type="button" className="button small" onClick={() => change([...windows, USUAL])}>
        Add hours
      </button>
    </div>
  );
}

// Decides the frame of every page: banner, way around, connection light, Pause and Kill always in reach.

import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { NavLink, useLocation, useNavigate } from "react-router";
import { rows, useApprovals, useManaged, useNotices } from "../api/query.ts";
import type { Me } from "../api/schema.ts";
import { Icon, type IconName } from "../component/Icon.tsx";
import { unread, useSeen } from "../format/notice.ts";
import { Brand } from "./Brand.tsx";
import { Help } from "./Help.tsx";
import { type Chord, isTyping, pointAt, press } from "./keyboard.ts";
import { Lamp, LostRibbon } from "./Lamp.tsx";
import { StepUp } from "./StepUp.tsx";
import { type Question, StopRibbon, SwitchButtons, SwitchDialog } from "./Switches.tsx";
import { chooseTheme, currentTheme, nextTheme } from "./theme.ts";

const PAGES: { to: string; name: string; icon: IconName }[] = [
  { to: "/", name: "Live", icon: "live" },
  { to: "/signals", name: "Signals", icon: "signals" },
  { to: "/orders", name: "Orders", icon: "orders" },
  { to: "/journal", name: "Journal", icon: "journal" },
];
/** On a wide screen; a phone finds it on the live page and in the help. */
const MORE: typeof PAGES = [
  { to: "/risk", name: "Risk", icon: "shield" },
  { to: "/brokers", name: "Brokers", icon: "vault" },
];
/** For who manages a provider, on a wide screen; a phone finds it in the help. */
const OWNERS: typeof PAGES = [
  { to: "/reading", name: "Reading", icon: "reading" },
  { to: "/webhooks", name: "Webhooks", icon: "hook" },
];

/** More than this many new notices are not counted out. */
const MANY = 9;

function Tabs({ label, more = [] }: { label: string; more?: typeof PAGES }) {
  const { data } = useApprovals();
  const waiting = data?.length ?? 0;
  return (
    <nav className="tabs" aria-label={label}>
      {[...PAGES, ...more].map(({ to, name, icon }) => (
        <NavLink key={to} to={to} end={to === "/"}>
          <Icon name={icon} />
          {name}
          {to === "/" && waiting > 0 ? (
            <span className="count" title={`${waiting} waiting for your answer`}>
              {waiting}
            </span>
          ) : null}
        </NavLink>
      ))}
    </nav>
  );
}

function ThemeButton() {
  const [theme, setTheme] = useState(currentTheme);
  const change = () => {
    const next = nextTheme(theme);
    chooseTheme(next);
    setTheme(next);
  };
  return (
    <button
      type="button"
      className="button plain icon"
      onClick={change}
      aria-label={`Theme: ${theme}. Change`}
      title={`Theme: ${theme}`}
    >
      <Icon name={theme} />
    </button>
  );
}

/** The way to the notices, with how many came since they were last looked at. */
function Bell({ user }: { user: string }) {
  const notices = useNotices();
  const seen = useSeen(user);
  const count = unread(rows(notices.data), seen);
  const label = count > 0 ? `Notices, ${count} new` : "Notices";
  return (
    <NavLink to="/notices" className="button plain icon bell" aria-label={label} title={label}>
      <Icon name="bell" />
      {count > 0 ? <span className="count">{count > MANY ? `${MANY}+` : count}</span> : null}
    </NavLink>
  );
}

function useKeys(open: (what: "help" | "kill") => void) {
  const navigate = useNavigate();
  const chord = useRef<Chord>({ since: null });
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) return;
      const { key, ctrlKey: ctrl, altKey: alt, metaKey: meta, target } = event;
      const done = press(chord.current, { key, ctrl, alt, meta, typing: isTyping(target) }, Date.now());
      chord.current = done.chord;
      if (!done.command) return;
      event.preventDefault();
      if (typeof done.command === "string") open(done.command);
      else if ("point" in done.command) pointAt(done.command.point);
      else void navigate(done.command.go);
    };
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, [navigate, open]);
}

export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const [question, setQuestion] = useState<Question>(null);
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const owns = useManaged().items.length > 0;
  useKeys(useCallback((what) => (what === "help" ? setHelp(true) : setQuestion("kill")), []));
  // A new page starts at its top, and the reader's focus with it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what this waits for
  useEffect(() => {
    main.current?.scrollTo(0, 0);
  }, [pathname]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      {me.demo ? <div className="ribbon">Demo: simulated market, no real orders</div> : null}
      <StopRibbon ask={setQuestion} />
      <LostRibbon />
      <header className="topbar">
        <NavLink className="brand" to="/" aria-label="Ordercast">
          <Brand />
        </NavLink>
        <Tabs label="Pages" more={owns ? [...MORE, ...OWNERS] : MORE} />
        <span className="spring" />
        <div className="topbar-right">
          <Lamp />
          <NavLink to="/settings" className="who" title={`Settings of ${me.user.name}`}>
            {me.user.name}
          </NavLink>
          <Bell user={me.user.id} />
          <ThemeButton />
          <button
            type="button"
            className={`button plain icon ${owns ? "" : "hint"}`}
            onClick={() => setHelp(true)}
            aria-label="Keys and help"
            title="Keys (?)"
          >
            <Icon name="help" />
          </button>
          <SwitchButtons ask={setQuestion} />
        </div>
      </header>
      <main id="main" className="page" ref={main} tabIndex={-1}>
        {children}
      </main>
      <div className="dock">
        <Tabs label="Pages, below" />
        <SwitchButtons ask={setQuestion} />
      </div>
      {question ? <SwitchDialog question={question} close={() => setQuestion(null)} /> : null}
      <StepUp demo={me.demo} />
      {help ? <Help owns={owns} close={() => setHelp(false)} /> : null}
    </div>
  );
}

// Decides how a question interrupts: the browser's own modal dialog, so that focus and Escape work as everywhere.

import { type ReactNode, useEffect, useId, useRef } from "react";

interface DialogProps {
  title: string;
  wide?: boolean;
  close: () => void;
  children: ReactNode;
  foot?: ReactNode;
}

export function Dialog({ title, wide = false, close, children, foot }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={wide ? "wide" : undefined}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <div className="dialog-head">
        <h2 id={heading}>{title}</h2>
      </div>
      <div className="dialog-body">{children}</div>
      {foot ? <div className="dialog-foot">{foot}</div> : null}
    </dialog>
  );
}

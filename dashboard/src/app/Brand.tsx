// The mark: a signal that becomes a step up.

export function Brand() {
  return (
    <>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect x="1" y="1" width="30" height="30" rx="7" fill="none" className="edge" strokeWidth="1.5" />
        <path
          d="M6 21.5h5.2l3.4-11 4.6 15 3.2-9.5H26"
          fill="none"
          strokeWidth="2.4"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      </svg>
      Ordercast
    </>
  );
}

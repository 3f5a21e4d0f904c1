// Decides the strokes of every icon: one grid of 20, one weight, drawn in the colour of the text.

const PATHS = {
  live: "M2 11h3.5l2.5-7 4 12 2.5-5H18",
  signals: "M3 5h14M3 10h9M3 15h11",
  orders: "M4 3h12v14H4zM7 7h6M7 10h6M7 13h3",
  journal: "M8.5 11.5l3-3M7 8l-2 2a2.8 2.8 0 0 0 4 4l2-2M13 12l2-2a2.8 2.8 0 0 0-4-4L9 8",
  hook: "M10 3v7a3.5 3.5 0 1 1-7 0M10 3l-2.5 2.5M10 3l2.5 2.5M13 13l4 4M17 13l-4 4",
  reading:
    "M10 5.5C8 4 5.5 3.5 2.5 3.5v11.5c3 0 5.5.5 7.5 2M10 5.5c2-1.5 4.5-2 7.5-2v11.5c-3 0-5.5.5-7.5 2M10 5.5V17",
  up: "M10 16V4M5 9l5-5 5 5",
  down: "M10 4v12M5 11l5 5 5-5",
  pause: "M7 4v12M13 4v12",
  resume: "M6 4l10 6-10 6z",
  kill: "M7 2.5h6l4.5 4.5v6L13 17.5H7L2.5 13V7zM7.2 7.2l5.6 5.6M12.8 7.2l-5.6 5.6",
  light:
    "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M4 16l1.4-1.4M14.6 5.4L16 4",
  dark: "M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5z",
  system: "M2.5 4h15v10h-15zM7 17h6M10 14v3",
  help: "M7.5 7.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M10 14.5v.1",
  check: "M4 10.5l4 4 8-9",
  cross: "M5 5l10 10M15 5L5 15",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l2.5 2",
  shield: "M10 2.5l6.5 2.5v5c0 3.5-2.5 6-6.5 7.5C6 16 3.5 13.5 3.5 10V5z",
  cut: "M4 10h12M12 6l4 4-4 4",
  dash: "M5 10h10",
  warn: "M10 3l8 14H2zM10 8v4M10 14.5v.1",
  back: "M12 4l-6 6 6 6",
  bell: "M10 2.8a4.7 4.7 0 0 1 4.7 4.7c0 4 1.8 5.5 1.8 6.5h-13c0-1 1.8-2.5 1.8-6.5A4.7 4.7 0 0 1 10 2.8zM8.2 16.6a2 2 0 0 0 3.6 0",
  vault: "M3 4h14v12H3zM10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM5 16v1.5M15 16v1.5",
  plus: "M10 4v12M4 10h12",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

// Decides how the equity curve is drawn. Loaded on demand; figures become floats here, for the curve alone.

import { type PointerEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { approximate, money } from "../format/decimal.ts";
import { clock } from "../format/time.ts";
import { useNow } from "./now.ts";

export interface CurvePoint {
  at: string;
  equity: string;
}

/** Least height, before the box is measured and on a phone. */
const HEIGHT_MIN = 180;
const PAD = { top: 12, right: 66, bottom: 20, left: 8 };

function useSize(): [React.RefObject<HTMLDivElement | null>, { width: number; height: number }] {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: HEIGHT_MIN });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () =>
      setSize({ width: element.clientWidth, height: Math.max(HEIGHT_MIN, element.clientHeight) });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}

/** Round steps for about `count` lines between two values. */
export function steps(low: number, high: number, count: number): number[] {
  const raw = (high - low) / count;
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const unit = [1, 2, 2.5, 5, 10].find((u) => u * power >= raw) ?? 10;
  const size = unit * power;
  const lines: number[] = [];
  for (let value = Math.ceil(low / size) * size; value <= high + size * 1e-9; value += size)
    lines.push(value);
  return lines;
}

interface Scale {
  x: (at: number) => number;
  y: (equity: number) => number;
  lines: number[];
  times: number[];
}

function scaleOf(
  points: { at: number; equity: number }[],
  base: number,
  width: number,
  height: number,
): Scale {
  const first = points[0]?.at ?? 0;
  const last = points.at(-1)?.at ?? 1;
  const values = [...points.map((p) => p.equity), base];
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((max - min) * 0.12, Math.abs(max) * 0.0005, 0.01);
  const [low, high] = [min - room, max + room];
  const [inner, tall] = [width - PAD.left - PAD.right, height - PAD.top - PAD.bottom];
  const span = Math.max(1, last - first);
  const ticks = Math.max(2, Math.min(6, Math.floor(inner / 130)));
  return {
    x: (at) => PAD.left + ((at - first) / span) * inner,
    y: (equity) => PAD.top + (1 - (equity - low) / (high - low)) * tall,
    lines: steps(low, high, Math.max(3, Math.floor(tall / 40))),
    times: Array.from({ length: ticks }, (_, i) => first + (span * (i + 0.5)) / ticks),
  };
}

function axis(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 1000 ? 2 : 0 });
}

export default function EquityChart({ points, base }: { points: CurvePoint[]; base: string }) {
  const [box, { width, height }] = useSize();
  const now = useNow();
  const gradient = useId();
  const [hover, setHover] = useState<number | null>(null);
  const data = useMemo(
    () => points.map((p) => ({ at: Date.parse(p.at), equity: approximate(p.equity) })),
    [points],
  );
  const start = approximate(base);
  const scale = useMemo(
    () => scaleOf(data, start, Math.max(width, 200), height),
    [data, start, width, height],
  );
  const line = data
    .map((p, i) => `${i ? "L" : "M"}${scale.x(p.at).toFixed(1)} ${scale.y(p.equity).toFixed(1)}`)
    .join("");
  const [first, last] = [data[0], data.at(-1)];
  const floor = height - PAD.bottom;
  const area =
    first && last
      ? `${line}L${scale.x(last.at).toFixed(1)} ${floor}L${scale.x(first.at).toFixed(1)} ${floor}Z`
      : "";
  const tone = last && last.equity < start ? "down" : "up";

  const point = (event: PointerEvent<SVGSVGElement>) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    let best = 0;
    data.forEach((p, i) => {
      if (Math.abs(scale.x(p.at) - left) < Math.abs(scale.x(data[best]?.at ?? 0) - left)) best = i;
    });
    setHover(best);
  };
  const at = hover === null ? undefined : data[hover];
  const told = hover === null ? undefined : points[hover];

  return (
    <div ref={box} className="curve">
      {width > 0 ? (
        <svg
          width={width}
          height={height}
          className={tone}
          role="img"
          aria-label={`Equity from ${money(points[0]?.equity ?? base)} to ${money(points.at(-1)?.equity ?? base)}`}
          onPointerMove={point}
          onPointerLeave={() => setHover(null)}
        >
          <defs>
            <linearGradient id={gradient} x1="0" y1="0" x2="0" y2="1">
              <stop offset="0" stopColor="currentColor" stopOpacity="0.22" />
              <stop offset="1" stopColor="currentColor" stopOpacity="0" />
            </linearGradient>
          </defs>
          {scale.lines.map((value) => (
            <g key={value} className="rule">
              <line x1={PAD.left} x2={width - PAD.right} y1={scale.y(value)} y2={scale.y(value)} />
              <text x={width - PAD.right + 8} y={scale.y(value) + 4}>
                {axis(value)}
              </text>
            </g>
          ))}
          {scale.times.map((time) => (
            <text key={time} className="time" x={scale.x(time)} y={height - 5} textAnchor="middle">
              {clock(new Date(time).toISOString(), now)}
            </text>
          ))}
          <line
            className="base"
            x1={PAD.left}
            x2={width - PAD.right}
            y1={scale.y(start)}
            y2={scale.y(start)}
          />
          <path d={area} fill={`url(#${gradient})`} />
          <path d={line} className="trace" />
          {last ? <circle cx={scale.x(last.at)} cy={scale.y(last.equity)} r="3" className="tip" /> : null}
          {at && told ? (
            <g className="cross">
              <line x1={scale.x(at.at)} x2={scale.x(at.at)} y1={PAD.top} y2={floor} />
              <circle cx={scale.x(at.at)} cy={scale.y(at.equity)} r="3.5" />
              <text
                x={Math.min(scale.x(at.at) + 8, width - PAD.right - 150)}
                y={PAD.top + 8}
                className="told"
              >{`${money(told.equity)} at ${clock(told.at, now)}`}</text>
            </g>
          ) : null}
        </svg>
      ) : null}
    </div>
  );
}

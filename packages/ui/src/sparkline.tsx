/** A small line without axes: the shape of a course, drawn as SVG (no chart library). */
import { useId } from 'react';

export function Sparkline({
  values,
  label,
  width = 96,
  height = 28,
}: {
  /** Oldest first. */
  values: readonly number[];
  label: string;
  width?: number;
  height?: number;
}) {
  const id = useId();
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const points = values.map((value, index) => [
    1 + (index / (values.length - 1)) * (width - 5),
    height - 3 - ((value - low) / span) * (height - 6),
  ]);
  const line = points.map(([x, y]) => `${x!.toFixed(1)},${y!.toFixed(1)}`).join(' ');
  const [lastX, lastY] = points.at(-1)!;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="var(--mb-accent)" stopOpacity="0.16" />
          <stop offset="1" stopColor="var(--mb-accent)" stopOpacity="0" />
        </linearGradient>
      </defs>
      <polygon points={`1,${height} ${line} ${lastX},${height}`} fill={`url(#${id})`} />
      <polyline
        points={line}
        fill="none"
        stroke="var(--mb-accent)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx={lastX} cy={lastY} r="2" fill="var(--mb-accent)" />
    </svg>
  );
}

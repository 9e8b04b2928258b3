/** How far something is towards its target, and whether that is far enough by now. */
import type { Numeric, ValueFormat } from './formats.ts';
import classes from './progress-to-target.module.css';
import { useFormats } from './values.tsx';

export interface ProgressToTargetProps {
  value: Numeric;
  target: Numeric;
  format?: ValueFormat;
  /** Share of the period that is over (0 to 1): a marker stands there. */
  pace?: number | null;
  /** Per cents at which something is announced: small ticks. */
  thresholds?: readonly number[];
  /** What it is progress of, for screen readers. */
  label?: string;
  /** `bar` leaves the numbers out, for table cells. */
  form?: 'full' | 'bar';
}

export function ProgressToTarget({
  value,
  target,
  format = 'count',
  pace,
  thresholds = [],
  label = 'Progress to target',
  form = 'full',
}: ProgressToTargetProps) {
  const formats = useFormats();
  const ratio = Number(target) > 0 ? Number(value) / Number(target) : 0;
  // The bar ends at the target, or further right when it is passed.
  const end = Math.max(1, ratio);
  const at = (share: number) => `${Math.min(100, Math.max(0, (share / end) * 100))}%`;
  const standing = standingOf(ratio, pace);
  const said = `${formats.percent(ratio)} of ${formats.value(target, format)}${standing ? `, ${standing.words}` : ''}`;
  return (
    <div className={classes.root} data-form={form}>
      {form === 'full' && (
        <div className={classes.numbers}>
          <span>
            <strong>{formats.value(value, format)}</strong>{' '}
            <span className={classes.of}>of {formats.value(target, format)}</span>
          </span>
          <span className={classes.percent}>{formats.percent(ratio)}</span>
        </div>
      )}
      <div className={classes.row}>
        <div
          className={classes.track}
          role="progressbar"
          aria-label={label}
          aria-valuenow={Math.round(ratio * 100)}
          aria-valuemin={0}
          aria-valuemax={Math.max(100, Math.round(ratio * 100))}
          aria-valuetext={said}
          title={said}
        >
          <div className={classes.bar} data-tone={standing?.tone ?? 'info'} style={{ width: at(ratio) }} />
          {thresholds
            .filter((each) => each > 0 && each / 100 < end)
            .map((each) => (
              <span key={each} className={classes.tick} style={{ left: at(each / 100) }} />
            ))}
          {pace !== null && pace !== undefined && (
            <span className={classes.pace} style={{ left: at(pace) }} aria-hidden="true" />
          )}
        </div>
        {form === 'bar' && <span className={classes.percent}>{formats.percent(ratio)}</span>}
      </div>
      {form === 'full' && standing && <div className={classes.standing}>{standing.words}</div>}
    </div>
  );
}

function standingOf(ratio: number, pace: number | null | undefined) {
  if (ratio >= 1) return { tone: 'good', words: 'reached' } as const;
  if (pace === null || pace === undefined) return undefined;
  const points = Math.round((ratio - pace) * 100);
  if (points >= 0) {
    return { tone: 'info', words: points === 0 ? 'on pace' : `${pointsOf(points)} ahead of pace` } as const;
  }
  // Fifteen hundredths of what was due by now is a gap that a good week closes.
  return { tone: ratio < pace * 0.85 ? 'bad' : 'warn', words: `${pointsOf(-points)} behind pace` } as const;
}

function pointsOf(points: number): string {
  return points === 1 ? '1 point' : `${points} points`;
}

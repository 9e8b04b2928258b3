/** A state as a small word with its colour; the word carries the meaning, the dot only helps. */
import classes from './status-badge.module.css';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'neutral';

const tones: Record<string, Tone> = {
  active: 'good',
  recorded: 'good',
  sent: 'good',
  achieved: 'good',
  reached: 'good',
  completed: 'good',
  done: 'good',
  ok: 'good',
  up: 'good',
  ready: 'good',
  live: 'good',
  pending: 'warn',
  waiting: 'warn',
  retrying: 'warn',
  delayed: 'warn',
  behind: 'warn',
  failed: 'bad',
  error: 'bad',
  rejected: 'bad',
  parked: 'bad',
  dead: 'bad',
  down: 'bad',
  conflict: 'bad',
  invalid: 'bad',
  'not achieved': 'bad',
  running: 'info',
  corrected: 'info',
  changed: 'info',
  repeated: 'info',
  inactive: 'neutral',
  cancelled: 'neutral',
  deleted: 'neutral',
  erased: 'neutral',
  revoked: 'neutral',
  expired: 'neutral',
  disabled: 'neutral',
};

/** `PENDING` → «Pending», `not_achieved` → «Not achieved». */
export function wordOf(status: string): string {
  const words = status.replace(/[_-]+/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function StatusBadge({ status, tone, label }: { status: string; tone?: Tone; label?: string }) {
  const known = tones[status.replace(/[_-]+/g, ' ').toLowerCase()];
  return (
    <span className={classes.badge} data-tone={tone ?? known ?? 'neutral'}>
      {label ?? wordOf(status)}
    </span>
  );
}

/** How detectors and answers are called on pages. */
import type { DetectorName, Status } from '../schema.ts';

export const detectorWords: Record<DetectorName, string> = {
  'unusual-amount': 'Unusual amount',
  'unusual-count': 'Unusual number of sales',
  'cancellation-burst': 'Burst of cancellations',
  'new-place': 'Sign-in from a new place',
  'export-out-of-hours': 'Export out of hours',
};

/** "Right" is said of the flag: it was right to raise it. */
export const statusWords: Record<Status, string> = {
  open: 'Open',
  right: 'Right: was unusual',
  wrong: 'Wrong: was fine',
};

export function optionsOf<Key extends string>(words: Record<Key, string>) {
  return Object.entries<string>(words).map(([value, label]) => ({ value, label }));
}

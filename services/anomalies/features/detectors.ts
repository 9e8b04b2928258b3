/** The detectors: what each looks at, in plain words, and the threshold it begins with. */
import type { DetectorName } from '../schema.ts';

export interface Detector {
  /** Raised when the rule changes, so that scores of one version are not compared with another's. */
  version: number;
  title: string;
  looksAt: string;
  /** What it needs before it says anything. */
  history: string;
  /** The score from which something is flagged, until answers move it. */
  threshold: number;
}

export const detectors: Record<DetectorName, Detector> = {
  'unusual-amount': {
    version: 1,
    title: 'Unusual amount',
    looksAt:
      'A sale whose amount is far above or below the agent’s usual for that product and currency. The score is the distance from the median of the agent’s last 40 sales, in units of their own spread, on a scale of ratios.',
    history:
      'From 8 sales of the product on. Before that the sale is held against the product’s last 120 sales by everybody.',
    threshold: 4.8,
  },
  'unusual-count': {
    version: 1,
    title: 'Unusual number of sales',
    looksAt:
      'A day with far more sales than the agent usually makes. The score is the distance from the usual number, in units of the spread that chance alone would give.',
    history: 'From 20 days of sales on, and from 6 sales on the day.',
    threshold: 3.5,
  },
  'cancellation-burst': {
    version: 1,
    title: 'Burst of cancellations',
    looksAt:
      'Many cancellations on one day, of one agent or across a branch, against the rate of the 90 days before. For a branch at most two of each agent count.',
    history:
      'From two weeks after the first cancellation that was seen at all; 4 on a day for an agent, 6 for a branch.',
    threshold: 2.8,
  },
  'new-place': {
    version: 1,
    title: 'Sign-in from a new place',
    looksAt:
      'A sign-in from a network and browser that the person has not used before. Places are kept as keyed digests: they can be recognised, not read. A second factor, a habit of travelling and a person’s first two weeks lower the score.',
    history: 'From the second sign-in on.',
    threshold: 3.5,
  },
  'export-out-of-hours': {
    version: 1,
    title: 'Export out of hours',
    looksAt:
      'An export of data outside the organisation’s business hours, at an hour at which this person or key does not usually export. The score grows the rarer the hour is for them.',
    history: 'From the first export on; a habit of late work lowers the score.',
    threshold: 3.5,
  },
};

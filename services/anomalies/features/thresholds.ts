/**
 * How answers move a threshold: a rule that can be said in a sentence.
 *
 * Each "wrong" raises it by 0.1 and each "right" lowers it by 0.05, never more than 2 above or 0.5 below what it
 * began with. From five answers about one agent on, those move it for this agent by the same steps once more,
 * at most 1 either way. It is computed from the numbers of answers alone: in whatever order they came, and a
 * mark that is taken back leaves no trace.
 */
import type { Queryable } from '@moonbase/data';
import type { DetectorName } from '../schema.ts';
import { detectors } from './detectors.ts';

export const [RAISE, LOWER] = [0.1, 0.05];
export const [MOST_ABOVE, MOST_BELOW] = [2, 0.5];
export const ANSWERS_OF_AGENT = 5;
const MOST_OF_AGENT = 1;

export interface Answers {
  right: number;
  wrong: number;
}

/** By how much answers move a threshold. */
export function moveOf({ right, wrong }: Answers, below = MOST_BELOW, above = MOST_ABOVE): number {
  const move = Math.round((wrong * RAISE - right * LOWER) * 100) / 100;
  return Math.min(above, Math.max(-below, move));
}

/** By how much the answers about one agent move it further. */
export function moveOfAgent(answers: Answers): number {
  if (answers.right + answers.wrong < ANSWERS_OF_AGENT) return 0;
  return moveOf(answers, MOST_OF_AGENT, MOST_OF_AGENT);
}

/** Where thresholds stand now. */
export class Thresholds {
  readonly #moves: ReadonlyMap<string, number>;
  readonly #off: ReadonlySet<string>;

  constructor(moves: ReadonlyMap<string, number> = new Map(), off: ReadonlySet<string> = new Set()) {
    this.#moves = moves;
    this.#off = off;
  }

  /** What a score must reach to be flagged; beyond reach where the detector is off. */
  of(detector: DetectorName, agentId: string | null): number {
    if (this.#off.has(detector)) return Number.POSITIVE_INFINITY;
    const moved =
      (this.#moves.get(`${detector} all`) ?? 0) + (this.#moves.get(`${detector} ${agentId}`) ?? 0);
    return Math.round((detectors[detector].threshold + moved) * 100) / 100;
  }
}

/** Reads them: a row per detector, and one per agent somebody answered about. */
export async function readThresholds(db: Queryable): Promise<Thresholds> {
  const [answers, off] = await Promise.all([
    db.query<{ detector: string; about: string; right: number; wrong: number }>(
      'SELECT detector, about, confirmed AS right, refuted AS wrong FROM anomalies.answers',
    ),
    db.query<{ name: string }>('SELECT name FROM anomalies.detectors WHERE NOT active'),
  ]);
  const moves = answers.rows.map(
    (row) => [`${row.detector} ${row.about}`, row.about === 'all' ? moveOf(row) : moveOfAgent(row)] as const,
  );
  return new Thresholds(new Map(moves), new Set(off.rows.map((row) => row.name)));
}

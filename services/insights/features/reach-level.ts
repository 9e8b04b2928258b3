/**
 * Which cells of the cubes a reach is made of. Row policies leave only cells of its branches and teams, so a question
 * must ask cells that tell these apart; who leads nothing asks for their own figures (level 8, see the migration).
 *
 * A reach of branches and of teams at once asks cells that tell both apart: amounts add up, while a split sale may count
 * once for each of its teams.
 */
import type { Reach } from '@moonbase/data';

/** Of the cells of one's own figures. */
export const OWN = 8;

/** @returns 0 for everything, else the bits of branch (4) and team (2), or {@link OWN} */
export function reachLevel(reach: Reach): number {
  if (reach.all) return 0;
  const level = (reach.branches.length > 0 ? 4 : 0) + (reach.teams.length > 0 ? 2 : 0);
  return level || OWN;
}

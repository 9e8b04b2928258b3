/** Whether an event of a live stream is in somebody's reach, by the paths that its declaration names. */
import type { Reach } from '@moonbase/data';
import type { Event, EventDeclaration } from '@moonbase/events';

/** What is not declared to be in anybody's reach is only for those who reach everything. */
export function eventInReach({ payload }: Event, { reach: paths }: EventDeclaration, reach: Reach): boolean {
  if (reach.all || paths === 'everybody') return true;
  if (!paths) return false;
  const touches = (at: readonly string[] | undefined, ids: readonly (string | null)[]) =>
    ids.length > 0 &&
    (at ?? []).some((path) => valuesAt(payload, path.split('.')).some((id) => ids.includes(id)));
  return (
    touches(paths.agents, reach.agent ? [reach.agent] : []) ||
    touches(paths.people, reach.person ? [reach.person] : []) ||
    touches(paths.teams, reach.teams) ||
    touches(paths.branches, reach.branches)
  );
}

/** The texts at a path; `*` stands for every element of an array. */
function valuesAt(value: unknown, path: readonly string[]): string[] {
  const [head, ...rest] = path;
  if (head === undefined) return typeof value === 'string' ? [value] : [];
  if (head === '*') return Array.isArray(value) ? value.flatMap((each) => valuesAt(each, rest)) : [];
  if (typeof value !== 'object' || value === null) return [];
  return valuesAt((value as Record<string, unknown>)[head], rest);
}

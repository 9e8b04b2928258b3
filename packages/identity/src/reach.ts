/**
 * Whose rows a person's permissions reach: scopes turned into ids. Worked out once when the person's rights are
 * read, so that a request only looks its permission up.
 *
 * A person leads the teams, branches and regions that an administrator gave them; who was given none leads
 * where their own agent belongs.
 */
import { EVERYTHING, type Reach } from '@moonbase/data';
import type { Principal } from './principal.ts';
import { grantsOf, type Permission, type Scope } from './roles.ts';

/** What a person is and leads. */
export interface Place {
  person: string;
  agent: string | null;
  teams: readonly string[];
  branches: readonly string[];
  /** Branches of the regions. */
  regions: readonly string[];
}

/** What each permission of the roles reaches. */
export function reachesOf(roles: readonly string[], place: Place): Record<string, Reach> {
  const reaches: Record<string, Reach> = {};
  for (const [permission, scopes] of grantsOf(roles)) reaches[permission] = reachAt(scopes, place);
  return reaches;
}

function reachAt(scopes: ReadonlySet<Scope>, place: Place): Reach {
  if (scopes.has('all')) return EVERYTHING;
  const branches = [
    ...(scopes.has('branch') || scopes.has('region') ? place.branches : []),
    ...(scopes.has('region') ? place.regions : []),
  ];
  return Object.freeze({
    all: false,
    person: place.person,
    agent: place.agent,
    teams: Object.freeze(scopes.has('team') ? [...place.teams] : []),
    branches: Object.freeze([...new Set(branches)]),
  });
}

/**
 * What a request may see whose route asks for `allow`. Keys and the system reach everything; routes that ask for
 * no permission reach what is one's own.
 */
export function reachOf(principal: Principal, allow: 'public' | 'signed-in' | string): Reach {
  if (principal.kind === 'key' || principal.kind === 'system') return EVERYTHING;
  return (
    principal.reaches[allow as Permission] ?? {
      all: false,
      person: principal.kind === 'person' ? principal.id : null,
      agent: principal.agentId,
      teams: [],
      branches: [],
    }
  );
}

/** Whoever a request is made by. */
import type { Reach } from '@moonbase/data';

export interface Principal {
  kind: 'person' | 'key' | 'system' | 'anonymous';
  /** Of the person or the key; `system` or `anonymous`. */
  id: string;
  name: string;
  roles: string[];
  /** `noun:verb`: of a person's roles together, or a key's scopes. */
  permissions: string[];
  /** The agent that the person is. */
  agentId: string | null;
  /** What each permission of a person reaches (reach.ts); those of keys and the system reach everything. */
  reaches: Readonly<Record<string, Reach>>;
}

/** Moonbase itself: jobs, reactions, the command line. May do everything. */
export const SYSTEM: Principal = freeze({
  kind: 'system',
  id: 'system',
  name: 'Moonbase',
  roles: [],
  permissions: [],
  agentId: null,
  reaches: {},
});

/** Nobody in particular: a request without credentials. */
export const ANONYMOUS: Principal = freeze({
  kind: 'anonymous',
  id: 'anonymous',
  name: 'Anonymous',
  roles: [],
  permissions: [],
  agentId: null,
  reaches: {},
});

/** Whether the principal holds the permission. */
export function can(principal: Principal, permission: string): boolean {
  return principal.kind === 'system' || principal.permissions.includes(permission);
}

/** As events and logs name it: `person:<id>`, `key:<id>`, `system` or `anonymous`. */
export function actorOf(principal: Principal): string {
  return principal.kind === 'person' || principal.kind === 'key'
    ? `${principal.kind}:${principal.id}`
    : principal.kind;
}

/** Principals are shared between requests: nobody may change one. */
export function freeze(principal: Principal): Principal {
  Object.freeze(principal.roles);
  Object.freeze(principal.permissions);
  Object.freeze(principal.reaches);
  return Object.freeze(principal);
}

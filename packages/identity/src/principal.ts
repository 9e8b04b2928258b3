/** Whoever a request is made by. */
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
}

/** Moonbase itself: jobs, reactions, the command line. May do everything. */
export const SYSTEM: Principal = freeze({
  kind: 'system',
  id: 'system',
  name: 'Moonbase',
  roles: [],
  permissions: [],
  agentId: null,
});

/** Nobody in particular: a request without credentials. */
export const ANONYMOUS: Principal = freeze({
  kind: 'anonymous',
  id: 'anonymous',
  name: 'Anonymous',
  roles: [],
  permissions: [],
  agentId: null,
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
  return Object.freeze(principal);
}

/**
 * Permissions, the roles that bundle them, and for whom each holds: tables to scan.
 *
 * A scope says which rows a permission reaches: a person's `own` agent, their `team`, their `branch`, their
 * `region`, or `all`. reach.ts turns it into ids, and the database's row policies hold everybody to them.
 */

/** Every permission, and what it lets its holder do. */
export const permissions = {
  'agents:read': 'See agents, branches, teams and products',
  'agents:write': 'Create, change, deactivate and erase agents',
  'reference:write': 'Create and change branches, teams and products',
  'sales:read': 'See sales',
  'sales:write': 'Record, correct, cancel and delete sales',
  'targets:read': 'See targets and progress',
  'targets:write': 'Set targets',
  'commissions:read': 'See commission statements',
  'commissions:write': 'Set commission plans, close statements, decide disputes',
  'disputes:write': 'Dispute a commission statement',
  'notifications:read': 'See one’s own notifications',
  'notifications:write': 'Send notifications, change templates, see and replay deliveries',
  'insights:read': 'See dashboards and export their figures',
  'insights:query': 'Ask the warehouse in SQL',
  'anomalies:read': 'See what looks unusual',
  'anomalies:write': 'Mark what looks unusual as right or wrong',
  'people:read': 'See people and their roles',
  'people:write': 'Create, change, deactivate and erase people',
  'keys:write': 'Create and revoke API keys',
  'reviews:write': 'Review who can do what: confirm or revoke',
  'audit:read': 'See who did what',
  'privacy:read': 'See the register of personal data and requests about it',
  'privacy:write': 'Export and erase personal data, set how long it is kept',
  'settings:read': 'See settings',
  'settings:write': 'Change settings',
  'system:read': 'See status, jobs, parked events and dead letters',
  'system:write': 'Replay and discard jobs and parked events',
} as const;

export type Permission = keyof typeof permissions;

/** From the narrowest to the widest. */
export const scopes = ['own', 'team', 'branch', 'region', 'all'] as const;
export type Scope = (typeof scopes)[number];

type May = Readonly<Partial<Record<Permission, Scope>>>;

/** The same permissions at one scope. */
function at(scope: Scope, ...names: Permission[]): May {
  return Object.fromEntries(names.map((name) => [name, scope]));
}

const leading = (scope: Scope): May => ({
  ...at(scope, 'agents:read', 'agents:write', 'sales:read', 'sales:write', 'targets:read', 'targets:write'),
  ...at(scope, 'commissions:read', 'disputes:write', 'insights:read', 'anomalies:read', 'anomalies:write'),
  ...at('own', 'notifications:read'),
});

/** Every role: what it is for and what it may, for whom. */
export const roles = {
  administrator: {
    summary: 'Runs the installation: everything',
    may: at('all', ...(Object.keys(permissions) as Permission[])),
  },
  'region-manager': { summary: 'Leads the branches of a region', may: leading('region') },
  'branch-manager': {
    summary: 'Leads a branch: its agents, sales, targets and figures',
    may: leading('branch'),
  },
  'team-leader': {
    summary: 'Leads a team: sees its agents, sales and figures, sets its targets',
    may: {
      ...at('team', 'agents:read', 'sales:read', 'sales:write', 'targets:read', 'targets:write'),
      ...at('team', 'insights:read', 'anomalies:read'),
      ...at('own', 'commissions:read', 'disputes:write', 'notifications:read'),
    },
  },
  agent: {
    summary: 'Sells: sees own sales, targets, statements and figures',
    may: at(
      'own',
      ...(['agents:read', 'sales:read', 'targets:read', 'commissions:read', 'disputes:write'] as const),
      ...(['notifications:read', 'insights:read'] as const),
    ),
  },
  analyst: {
    summary: 'Asks questions: dashboards, sales and SQL',
    may: {
      ...at('all', 'agents:read', 'sales:read', 'targets:read', 'insights:read', 'insights:query'),
      ...at('own', 'notifications:read'),
    },
  },
  auditor: {
    summary: 'Sees everything that was done, and changes nothing',
    may: {
      ...at('all', 'agents:read', 'sales:read', 'targets:read', 'commissions:read', 'insights:read'),
      ...at('all', 'anomalies:read', 'people:read', 'audit:read', 'privacy:read', 'settings:read'),
      ...at('own', 'notifications:read'),
    },
  },
  operator: {
    summary: 'Keeps it running: status, jobs, settings; sees no personal data',
    may: {
      ...at('all', 'insights:read', 'settings:read', 'settings:write', 'system:read', 'system:write'),
      ...at('own', 'notifications:read'),
    },
  },
  integration: {
    summary: 'A core system: pushes agents, reference data and sales',
    may: at(
      'all',
      ...(['agents:read', 'agents:write', 'reference:write', 'sales:read', 'sales:write'] as const),
      'targets:read',
    ),
  },
} as const satisfies Record<string, { summary: string; may: May }>;

export type Role = keyof typeof roles;

export function isRole(name: string): name is Role {
  return Object.hasOwn(roles, name);
}

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissions, name);
}

/** What the roles may together, and at which scopes. A name that is no role (any more) grants nothing. */
export function grantsOf(names: readonly string[]): Map<Permission, Set<Scope>> {
  const grants = new Map<Permission, Set<Scope>>();
  for (const name of names) {
    if (!isRole(name)) continue;
    for (const [permission, scope] of Object.entries(roles[name].may) as [Permission, Scope][])
      grants.set(permission, (grants.get(permission) ?? new Set()).add(scope));
  }
  return grants;
}

/** What the roles may together, whatever the scope. */
export function permissionsOf(names: readonly string[]): Permission[] {
  return [...grantsOf(names).keys()];
}

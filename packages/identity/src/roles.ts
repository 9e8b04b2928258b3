/** Permissions and the roles that bundle them: two tables to scan. */

/** Every permission, and what it lets its holder do. */
export const permissions = {
  'agents:read': 'See agents, branches, teams and products',
  'agents:write': 'Create, change, deactivate and erase agents, branches, teams and products',
  'sales:read': 'See sales',
  'sales:write': 'Record, correct, cancel and delete sales',
  'targets:read': 'See targets and progress',
  'targets:write': 'Set targets',
  'notifications:read': 'See one’s own notifications',
  'notifications:write': 'Send notifications, change templates, see and replay deliveries',
  'insights:read': 'See dashboards and export their figures',
  'insights:query': 'Ask the warehouse in SQL',
  'people:read': 'See people and their roles',
  'people:write': 'Create, change, deactivate and erase people',
  'keys:write': 'Create and revoke API keys',
  'settings:read': 'See settings',
  'settings:write': 'Change settings',
  'system:read': 'See status, jobs, parked events and dead letters',
  'system:write': 'Replay and discard jobs and parked events',
} as const;

export type Permission = keyof typeof permissions;

const everything = Object.keys(permissions) as Permission[];

/** Every role: what it is for and what it may. */
export const roles = {
  administrator: {
    summary: 'Runs the installation: everything',
    may: everything,
  },
  manager: {
    summary: 'Leads agents: their data, sales, targets and figures',
    may: [
      'agents:read',
      'agents:write',
      'sales:read',
      'sales:write',
      'targets:read',
      'targets:write',
      'notifications:read',
      'notifications:write',
      'insights:read',
      'people:read',
    ],
  },
  agent: {
    summary: 'Sells: sees sales, targets and figures',
    may: ['agents:read', 'sales:read', 'targets:read', 'notifications:read', 'insights:read'],
  },
  analyst: {
    summary: 'Asks questions: dashboards and SQL',
    may: [
      'agents:read',
      'sales:read',
      'targets:read',
      'notifications:read',
      'insights:read',
      'insights:query',
    ],
  },
  operator: {
    summary: 'Keeps it running: status, jobs, deliveries, settings',
    may: [
      'notifications:read',
      'notifications:write',
      'insights:read',
      'settings:read',
      'system:read',
      'system:write',
    ],
  },
  integration: {
    summary: 'A core system: pushes agents and sales',
    may: ['agents:read', 'agents:write', 'sales:read', 'sales:write', 'targets:read'],
  },
} as const satisfies Record<string, { summary: string; may: readonly Permission[] }>;

export type Role = keyof typeof roles;

export function isRole(name: string): name is Role {
  return Object.hasOwn(roles, name);
}

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissions, name);
}

/** What the roles may together. A name that is no role (any more) grants nothing. */
export function permissionsOf(names: readonly string[]): Permission[] {
  const granted = new Set<Permission>();
  for (const name of names)
    if (isRole(name)) for (const permission of roles[name].may) granted.add(permission);
  return [...granted];
}

import { EVERYTHING } from '@moonbase/data';
import { expect, test } from 'vitest';
import { ANONYMOUS, type Principal, SYSTEM } from './principal.ts';
import { type Place, reachesOf, reachOf } from './reach.ts';

const place: Place = {
  ...{ person: 'malini', agent: 'a-1', teams: ['lions'], branches: ['galle'], regions: ['galle', 'matara'] },
};
const person = (roles: string[]): Principal => ({
  ...{ kind: 'person', id: 'malini', name: 'Malini', roles, permissions: [], agentId: 'a-1' },
  reaches: reachesOf(roles, place),
});

test('each role reaches what its scope says, and no more', () => {
  const reach = (role: string, permission: string) => reachOf(person([role]), permission);
  expect(reach('agent', 'sales:read')).toMatchObject({ all: false, agent: 'a-1', teams: [], branches: [] });
  expect(reach('team-leader', 'sales:read')).toMatchObject({ teams: ['lions'], branches: [] });
  expect(reach('branch-manager', 'sales:read')).toMatchObject({ teams: [], branches: ['galle'] });
  expect(reach('region-manager', 'sales:read')).toMatchObject({ branches: ['galle', 'matara'] });
  expect(reach('administrator', 'sales:read')).toBe(EVERYTHING);
});

test('a permission at a narrow scope is not widened by another at a wide one', () => {
  const both = person(['agent', 'operator']);
  expect(reachOf(both, 'insights:read')).toBe(EVERYTHING);
  expect(reachOf(both, 'sales:read')).toMatchObject({ all: false, teams: [], branches: [] });
});

test('several roles reach together what each reaches', () => {
  expect(reachOf(person(['team-leader', 'branch-manager']), 'sales:read')).toMatchObject({
    teams: ['lions'],
    branches: ['galle'],
  });
});

test('without a permission one reaches what is one’s own; nobody reaches nothing', () => {
  expect(reachOf(person([]), 'signed-in')).toMatchObject({ person: 'malini', agent: 'a-1', teams: [] });
  expect(reachOf(person([]), 'sales:read')).toMatchObject({ all: false, teams: [], branches: [] });
  expect(reachOf(ANONYMOUS, 'public')).toMatchObject({ all: false, person: null, agent: null });
  expect(reachOf(SYSTEM, 'sales:read')).toBe(EVERYTHING);
});

import { expect, test } from 'vitest';
import { ANONYMOUS, actorOf, can, SYSTEM } from './principal.ts';
import { permissions, permissionsOf, roles } from './roles.ts';

test('an administrator may everything, together roles may what each may, an unknown role nothing', () => {
  expect(permissionsOf(['administrator'])).toEqual(Object.keys(permissions));
  expect(permissionsOf(['agent', 'analyst'])).toContain('insights:query');
  expect(permissionsOf(['agent', 'analyst'])).not.toContain('sales:write');
  expect(permissionsOf(['toString', 'emperor'])).toEqual([]);
  expect(Object.keys(roles)).toContain('integration');
});

test('the system may everything and nobody nothing', () => {
  expect(can(SYSTEM, 'sales:write')).toBe(true);
  expect(can(ANONYMOUS, 'sales:read')).toBe(false);
  expect([actorOf(SYSTEM), actorOf(ANONYMOUS)]).toEqual(['system', 'anonymous']);
  expect(actorOf({ ...ANONYMOUS, kind: 'key', id: '7' })).toBe('key:7');
});

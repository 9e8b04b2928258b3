import { expect, test } from 'vitest';
import { privacyError } from './errors.ts';
import { privacyApi } from './privacy-api.ts';

test('every error that a route declares is in the table, and every row of the table is declared', () => {
  const declared = Object.values(privacyApi).flatMap((route) => ('errors' in route ? [...route.errors] : []));
  expect([...new Set(declared)].sort()).toEqual(Object.keys(privacyError.table).sort());
});

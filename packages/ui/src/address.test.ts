import { expect, it } from 'vitest';
import { readSearch, writeSearch } from './address.tsx';

it('an address keeps filters as plain words, repeats as lists, and nothing for nothing', () => {
  const filters = { branch: 'Old Town', team: ['a', 'b'], q: '', period: undefined, page: 2 };
  const text = writeSearch(filters);
  expect(text).toBe('?branch=Old+Town&team=a&team=b&page=2');
  expect(readSearch(text)).toEqual({ branch: 'Old Town', team: ['a', 'b'], page: '2' });
  expect(writeSearch({})).toBe('');
});

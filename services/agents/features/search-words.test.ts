import { expect, test } from 'vitest';
import { foldWords, searchPatterns } from './search-words.ts';

test('accents of Latin letters and case do not count, vowel signs of Sinhala do', () => {
  expect(foldWords('José  JOSÉ jose')).toEqual(['jose']);
  expect(foldWords('කමල් කුමාර')).toEqual(['කමල්', 'කුමාර'].map((word) => word.normalize('NFKD')));
});

test('signs of LIKE are looked for as themselves', () => {
  expect(searchPatterns('50%_a\\')).toEqual(['50\\%\\_a\\\\%']);
});

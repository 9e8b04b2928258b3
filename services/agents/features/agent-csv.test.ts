import { expect, test } from 'vitest';
import { cellOf, columnOf, rowOf, writeAuthorisations } from './agent-csv.ts';

test('an empty cell empties the field, a column that is not there leaves it', () => {
  expect(
    rowOf({ code: 'A1', first_name: 'Nimal', last_name: '', branch: 'N', email: '', status: '' }),
  ).toEqual({ code: 'A1', firstName: 'Nimal', lastName: '', branch: 'N', email: null });
});

test('authorisations are read as they are written', () => {
  const list = [
    { product: 'LIFE', from: '2019-01-01', to: null },
    { product: 'M@TOR', from: '2020-01-01', to: '2021-12-31' },
  ];
  const cell = writeAuthorisations(list);
  expect(cell).toBe('LIFE@2019-01-01.. M@TOR@2020-01-01..2021-12-31');
  expect(rowOf({ authorisations: cell })).toEqual({ authorisations: list });
  expect(rowOf({ authorisations: '' })).toEqual({ authorisations: [] });
});

test('authorisations that are not written like that fail the check of the row, not the reader', () => {
  expect(rowOf({ authorisations: 'LIFE' })).toEqual({
    authorisations: [{ product: '', from: 'LIFE', to: null }],
  });
});

test('a cell is no formula for a spreadsheet, and is read back as it was', () => {
  for (const value of ['=HYPERLINK("http://x")', '@SUM(A1)', '+cmd|calc', '-2+3+cmd']) {
    const cell = cellOf(value)
      .replace(/^"(.*)"$/s, '$1')
      .replaceAll('""', '"');
    expect(cell).toBe(`'${value}`);
    expect(rowOf({ first_name: cell })).toEqual({ firstName: value });
  }
});

test('phone numbers and names with apostrophes stay as they are', () => {
  for (const value of ['+94 77 123 4567', '-', "O'Neil", "'t Hart"]) {
    expect(cellOf(value)).toBe(value);
    expect(rowOf({ contact: value })).toEqual({ contact: value });
  }
});

test('cells with delimiters, quotes and line breaks are quoted', () => {
  expect(cellOf('a,b')).toBe('"a,b"');
  expect(cellOf('say "hi"')).toBe('"say ""hi"""');
  expect(cellOf(null)).toBe('');
});

test('a fault of a field is a fault of its column', () => {
  expect(columnOf('/hireDate')).toBe('hire_date');
  expect(columnOf('/authorisations/0/product')).toBe('authorisations');
});

import { describe, expect, it } from 'vitest';
import { type Column, neededBy, sorted, widthOf } from './columns.ts';

interface Row {
  name: string;
  amount: string | null;
}

const rows: Row[] = [
  { name: 'Team 10', amount: '9.5000' },
  { name: 'Team 9', amount: '100.0000' },
  { name: 'alpha', amount: null },
  { name: 'Team 9', amount: '20.0000' },
];
const amount: Column<Row> = { id: 'amount', header: 'Amount', cell: () => null, value: (row) => row.amount };
const name: Column<Row> = { id: 'name', header: 'Name', cell: () => null, value: (row) => row.name };

describe('sorting the rows at hand', () => {
  it('compares decimal strings as numbers, nothing first', () => {
    expect(sorted(rows, amount, { by: 'amount', descending: false }).map((row) => row.amount)).toEqual([
      null,
      '9.5000',
      '20.0000',
      '100.0000',
    ]);
  });

  it('compares words as people read them, equal ones in their order, also downwards', () => {
    expect(sorted(rows, name, { by: 'name', descending: true }).map((row) => [row.name, row.amount])).toEqual(
      [
        ['Team 10', '9.5000'],
        ['Team 9', '100.0000'],
        ['Team 9', '20.0000'],
        ['alpha', null],
      ],
    );
  });

  it('leaves the rows it was given alone', () => {
    const given = [...rows];
    sorted(rows, amount, { by: 'amount', descending: true });
    expect(rows).toEqual(given);
  });
});

describe('the widths of columns', () => {
  const fixed: Column<Row> = { ...amount, width: 100 };
  const wide: Column<Row> = { ...name, min: 200, grow: 3 };
  const all = [fixed, wide, name];

  it('fill the room: each what it needs, and its part of the rest', () => {
    expect(neededBy(all)).toBe(420);
    expect(all.map((column) => widthOf(column, all, 820))).toEqual([100, 500, 220]);
  });

  it('never fall below what they need', () => {
    expect(all.map((column) => widthOf(column, all, 300))).toEqual([100, 200, 120]);
  });
});

import { describe, expect, it } from 'vitest';
import { handedOver, pathOf, sameValues, valueAt, withoutBlanks, withValue } from './form-values.ts';

const sale = { reference: 'A', shares: [{ percent: '60' }, { percent: '40' }], note: null };

describe("a form's values", () => {
  it('are read and changed by path, the rest staying the same object', () => {
    expect(valueAt(sale, 'shares.1.percent')).toBe('40');
    const changed = withValue(sale, 'shares.1.percent', '30');
    expect(changed.shares).toEqual([{ percent: '60' }, { percent: '30' }]);
    expect(changed.shares[0]).toBe(sale.shares[0]);
    expect(sale.shares[1]?.percent).toBe('40');
    expect(valueAt(sale, 'note.deeper')).toBeUndefined();
  });

  it('leave out what is empty, not what is null or false', () => {
    expect(withoutBlanks({ a: '', b: { c: '', d: false }, e: null, f: [''] })).toEqual({
      a: undefined,
      b: { c: undefined, d: false },
      e: null,
      f: [undefined],
    });
  });

  it('are unchanged when they are the same again', () => {
    expect(sameValues(sale, structuredClone(sale))).toBe(true);
    expect(sameValues(sale, withValue(sale, 'shares.0.percent', '61'))).toBe(false);
    expect(sameValues({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  });

  it('come from events, from values and from checkboxes', () => {
    expect(handedOver({ currentTarget: { value: 'x' } }, 'input')).toBe('x');
    expect(handedOver({ currentTarget: { checked: true } }, 'checkbox')).toBe(true);
    expect(handedOver(['a', 'b'], 'input')).toEqual(['a', 'b']);
    expect(handedOver(null, 'input')).toBeNull();
  });

  it("get the server's faults by JSON pointer", () => {
    expect(pathOf('/shares/0/percent')).toBe('shares.0.percent');
    expect(pathOf('#/a~1b')).toBe('a/b');
    expect(pathOf('/body/reference')).toBe('reference');
  });
});

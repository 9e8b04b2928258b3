import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTextArray } from './stored-event.ts';

/** As PostgreSQL's array_out writes it. */
function arrayOut(items: readonly string[]): string {
  const quote = (item: string) =>
    item === '' || /[\s"\\{},]/.test(item) || item.toLowerCase() === 'null'
      ? `"${item.replace(/["\\]/g, '\\$&')}"`
      : item;
  return `{${items.map(quote).join(',')}}`;
}

test('an array of any texts is read as it was written', () => {
  const texts = fc.array(fc.oneof(fc.string(), fc.constantFrom('', 'null', '"', '\\', ',', '{}', 'a b')));
  fc.assert(fc.property(texts, (items) => void expect(parseTextArray(arrayOut(items))).toEqual(items)));
});

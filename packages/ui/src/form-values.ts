/** A form's values by path (`shares.0.percent`), never changed in place. */

/** What stands at a path; undefined where nothing does. */
export function valueAt(values: unknown, path: string): unknown {
  let at = values;
  for (const part of path.split('.')) {
    if (at === null || typeof at !== 'object') return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

/** The values with another one at a path. */
export function withValue<Values>(values: Values, path: string, value: unknown): Values {
  const [first = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? value : withValue(valueAt(values, first) ?? {}, rest.join('.'), value);
  if (Array.isArray(values)) return values.with(Number(first), inner) as Values;
  return { ...values, [first]: inner };
}

/** The values without what was left empty: an empty field says nothing. */
export function withoutBlanks(value: unknown): unknown {
  if (value === '') return undefined;
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (value === null || typeof value !== 'object' || value.constructor !== Object) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutBlanks(each)]));
}

/** Whether two forms hold the same. */
export function sameValues(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => sameValues(valueAt(a, name), valueAt(b, name)))
  );
}

/** A JSON pointer as a path: `/shares/0/percent` → `shares.0.percent`. */
export function pathOf(pointer: string): string {
  return pointer
    .replace(/^#?\//, '')
    .replace(/^body\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

/** What an input hands over: an event of an element, or the value itself. */
export function handedOver(given: unknown, type: 'input' | 'checkbox'): unknown {
  const target = (given as { currentTarget?: HTMLInputElement } | null)?.currentTarget;
  if (target === undefined || target === null) return given;
  return type === 'checkbox' ? target.checked : target.value;
}

import { expect, test } from 'vitest';
import { importsOf } from './imports.ts';

const of = (source: string) => importsOf(source).map(({ specifier, typeOnly }) => [specifier, typeOnly]);

test('imports of every kind are found', () => {
  expect(
    of(`import a from 'a';
        import * as b from "b"
        import { c, type C } from './c.ts';
        import {
          d,
          e,
        } from 'd';
        import 'f';
        export * from 'g';
        export { h } from 'h';
        const i = await import('i');
        const j = require('j');`),
  ).toEqual([
    ['a', false],
    ['b', false],
    ['./c.ts', false],
    ['d', false],
    ['g', false],
    ['h', false],
    ['f', false],
    ['i', false],
    ['j', false],
  ]);
});

test('imports of types are told apart, also when only some of a line are types', () => {
  expect(
    of(`import type { A } from 'a';
        export type { B } from 'b';
        import type C from 'c';
        import { type D } from 'd';
        import type from 'e';`),
  ).toEqual([
    ['a', true],
    ['b', true],
    ['c', true],
    ['d', false],
    ['e', false],
  ]);
});

test('comments and plain text are no imports, and an address is no comment', () => {
  expect(
    of(`// import a from 'a';
        /* import b from 'b';
           export * from 'c'; */
        const url = 'http://example.org'; import d from 'd';
        const text = 'taken from "e"';`),
  ).toEqual([['d', false]]);
});

test('the line is where the specifier stands', () => {
  expect(importsOf(`\nimport {\n  a,\n} from 'a';\n`)[0]?.line).toBe(4);
});

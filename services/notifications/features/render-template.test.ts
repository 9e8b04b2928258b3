import { expect, test } from 'vitest';
import { kind } from '../schema.ts';
import { examplesOf, kinds } from './kinds.ts';
import { oneLine, renderTemplate, unknownPlaceholders } from './render-template.ts';
import { toHtml } from './send-mail.ts';
import { writeAmount, writeDay } from './write-values.ts';

test('placeholders become values, once, and nothing is run', () => {
  const values = { a: '{{b}}', b: '$& `1+1` {{a}}' };
  expect(renderTemplate('{{a}} {{ b }} {{constructor}} {{c}} { {a}}', values)).toBe(
    '{{b}} $& `1+1` {{a}}   { {a}}',
  );
});

test('placeholders that are not known are named', () => {
  expect(unknownPlaceholders('{{a}} {{b}} {{b}} {{toString}}', { a: 1 })).toEqual(['b', 'toString']);
});

test.each(kind.options)('the text of %s that Moonbase comes with has no holes', (name) => {
  const { subject, body, placeholders } = kinds[name];
  expect(unknownPlaceholders(`${subject} ${body}`, placeholders)).toEqual([]);
  const text = renderTemplate(`${subject} ${body}`, examplesOf(name));
  expect(text).not.toContain('{{');
});

test('a subject cannot break out of its header', () => {
  expect(oneLine('Hello\r\nBcc: all@example.com')).toBe('Hello Bcc: all@example.com');
});

test('mail in HTML shows a text as text', () => {
  expect(toHtml('<b>Hi</b> & "you"\nthere\n\nBye')).toContain(
    '<p>&#60;b&#62;Hi&#60;/b&#62; &#38; &#34;you&#34;<br>there</p>\n<p>Bye</p>',
  );
});

test('amounts are told exactly, beyond what a float holds', () => {
  expect(writeAmount('12345678901234567.8912', 'amount', 'LKR')).toBe('LKR 12,345,678,901,234,567.8912');
  expect(writeAmount('1000.5000', 'amount', null)).toBe('1,000.50');
  expect(writeAmount('999', 'amount', 'USD')).toBe('USD 999');
  expect(writeAmount('1', 'count', null)).toBe('1 sale');
  expect(writeAmount('1200', 'count', null)).toBe('1,200 sales');
  expect(writeDay('2026-03-09')).toBe('9 Mar 2026');
});

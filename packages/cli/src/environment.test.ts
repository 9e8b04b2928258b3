import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeEnvironment, readEnvironment, variables } from './environment.ts';
import { repository } from './find-services.ts';

test('nothing has to be set, and an empty variable counts as not set', () => {
  const environment = readEnvironment({ DATABASE_URL: '', PATH: '/bin' });
  expect(Object.values(environment).every((value) => value === undefined)).toBe(true);
});

test('values come in their types', () => {
  const url = 'postgres://ann:secret@db.example.org/moon';
  expect(readEnvironment({ DATABASE_URL: url, MOON_PORT: '9000' })).toMatchObject({
    DATABASE_URL: url,
    MOON_PORT: 9000,
  });
});

test.for([
  ['DATABASE_URL', 'mysql://root:hunter2@localhost/moon'],
  ['DATABASE_URL', 'localhost hunter2'],
  ['MOON_PORT', '0 hunter2'],
  ['MOON_ADMIN_EMAIL', 'ann hunter2'],
  ['MOON_ADMIN_PASSWORD', 'hunter2'],
  ['LOG_LEVEL', 'loud hunter2'],
])('a wrong %s is named with an example, and its value is not shown', ([name, value]) => {
  const read = () => readEnvironment({ [name!]: value });
  expect(read).toThrow(`${name} is not of the right form.`);
  expect(read).not.toThrow('hunter2');
});

test('every example has the form that its variable takes', () => {
  for (const [name, { example }] of Object.entries(variables)) readEnvironment({ [name]: example });
});

test('the reference page is made from the table', () => {
  const page = readFileSync(join(repository, 'docs', 'reference', 'environment.md'), 'utf8');
  expect(page, 'make it with: ./moon build --reference').toBe(describeEnvironment());
});

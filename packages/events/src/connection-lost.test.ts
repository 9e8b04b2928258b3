import { DataError } from '@moonbase/data';
import { expect, test } from 'vitest';
import { isConnectionLost, isTransient } from './connection-lost.ts';
import { EventsError } from './errors.ts';

const coded = (code: string) => Object.assign(new Error('x'), { code });

test.each([
  new DataError('commit_unknown'),
  new EventsError('not_running'),
  coded('57P01'),
  coded('08006'),
  coded('53300'),
  coded('25006'),
  coded('ECONNRESET'),
  coded('ECONNREFUSED'),
  coded('EPIPE'),
  coded('ETIMEDOUT'),
  new Error('Connection terminated unexpectedly'),
  new Error('timeout exceeded when trying to connect'),
  new Error('Client has encountered a connection error and is not queryable'),
])('the connection is at fault: %s', (error) => {
  expect(isConnectionLost(error)).toBe(true);
});

test.each([
  coded('23505'),
  coded('57014'),
  coded('42P01'),
  coded('EACCES'),
  new EventsError('unreadable_payload'),
  new Error('Connection refused by the customer'),
  'thrown text',
  undefined,
])('the handler is at fault: %s', (error) => {
  expect(isConnectionLost(error)).toBe(false);
});

test('a deadlock is worth another try at once', () => {
  expect(isTransient(coded('40P01'))).toBe(true);
  expect(isTransient(coded('23505'))).toBe(false);
  expect(isTransient(undefined)).toBe(false);
});

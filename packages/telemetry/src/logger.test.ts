import { expect, test } from 'vitest';
import { withContext } from './context.ts';
import { createLogger, type LoggerOptions } from './logger.ts';

function recorded(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const log = createLogger({ ...options, destination: { write: (line) => void lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

test('a line names service, request and trace', () => {
  const { log, last } = recorded({ service: 'sales' });
  withContext({ requestId: 'r-1', traceId: 't-1' }, () => log.info({ rows: 3 }, 'imported'));
  expect(last()).toMatchObject({
    level: 'info',
    service: 'sales',
    request: 'r-1',
    trace: 't-1',
    rows: 3,
    msg: 'imported',
  });
});

test('outside a request a line has neither request nor trace', () => {
  const { log, last } = recorded();
  log.info('started');
  expect(last()).not.toHaveProperty('request');
  expect(last()).not.toHaveProperty('trace');
});

test('a line below the level is not written', () => {
  const { log, lines } = recorded({ level: 'warn' });
  log.info('quiet');
  expect(lines).toEqual([]);
});

test("the row that PostgreSQL's error quotes stays out of the log, also as a cause", () => {
  const { log, lines, last } = recorded();
  const refused = Object.assign(new Error('invalid input syntax for type uuid: "Ann Lee"'), {
    code: '22P02',
    detail: 'Failing row contains (Ann Lee).',
    where: "unnamed portal parameter $1 = 'Ann Lee'",
  });
  const duplicate = Object.assign(new Error('duplicate key'), {
    code: '23505',
    table: 'agents',
    constraint: 'agents_email_key',
    detail: 'Key (email)=(ann@example.org) already exists.',
    cause: refused,
  });
  log.error({ err: duplicate }, 'failed');
  expect(lines.join()).not.toMatch(/Ann|example\.org/);
  expect(last().err).toMatchObject({ code: '23505', table: 'agents', constraint: 'agents_email_key' });
  expect(last().err.cause).toMatchObject({ code: '22P02', message: 'invalid input syntax for type uuid' });
});

test('for people a line is short', () => {
  const { log, lines } = recorded({ pretty: true, service: 'sales' });
  log.warn({ rows: 5 }, 'import is slow');
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d {2}warn {3}sales {2}import is slow {2}rows=5\n$/);
});

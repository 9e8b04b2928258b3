import { expect, test } from 'vitest';
import { Health } from './health.ts';

test('ready when every check passes, and with none', async () => {
  const health = new Health();
  expect((await health.report()).ready).toBe(true);
  health.register('database', async () => {});
  expect(await health.report()).toMatchObject({ ready: true, checks: { database: { ok: true } } });
});

test('one failing check makes it not ready and says why; the others are still told', async () => {
  const health = new Health();
  health.register('database', async () => {});
  health.register('events', async () => {
    throw new Error('stopped');
  });
  expect(await health.report()).toMatchObject({
    ready: false,
    checks: { database: { ok: true }, events: { ok: false, error: 'stopped' } },
  });
});

test('a check that hangs counts as failed', async () => {
  const health = new Health(10);
  health.register('database', () => new Promise(() => {}));
  const report = await health.report();
  expect(report.ready).toBe(false);
  expect(report.checks.database?.error).toBe('no answer within 10 ms');
});

test('a check that was taken out is not asked', async () => {
  const health = new Health();
  const remove = health.register('old', async () => {
    throw new Error('gone');
  });
  remove();
  expect(await health.report()).toEqual({ ready: true, checks: {} });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { context, withContext } from './context.ts';

test('outside any request the system acts, for no cause', () => {
  expect(context()).toEqual({ actor: 'system', cause: null });
});

test('a context follows promises and timers, and two at once do not mix', async () => {
  const seen = (actor: string) =>
    withContext({ actor, requestId: `request of ${actor}` }, async () => {
      await sleep(5);
      return context();
    });
  const [ann, ben] = await Promise.all([seen('ann'), seen('ben')]);
  expect(ann).toEqual({ actor: 'ann', requestId: 'request of ann', cause: null });
  expect(ben).toEqual({ actor: 'ben', requestId: 'request of ben', cause: null });
  expect(context().actor).toBe('system');
});

test('an inner context keeps what it does not set', () => {
  withContext({ actor: 'ann', requestId: 'r' }, () => {
    withContext({ cause: 'e' }, () =>
      expect(context()).toEqual({ actor: 'ann', requestId: 'r', cause: 'e' }),
    );
    expect(context().cause).toBeNull();
  });
});

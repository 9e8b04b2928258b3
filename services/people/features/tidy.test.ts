import { newId } from '@moonbase/data';
import { expect, test } from 'vitest';
import { createKey } from './keep-keys.ts';
import { peopleUnderTest } from './people-under-test.ts';
import { tidy } from './tidy.ts';

test('what has passed is forgotten, what has not stays', async () => {
  const people = await peopleUnderTest();
  const amal = await people.add('amal@example.com', []);
  const at = (days: number) => new Date(people.now.getTime() + days * 86_400_000);
  for (const days of [-1, 1]) {
    await people.db.query(
      'INSERT INTO people.sessions (id, token, person_id, expires_at) VALUES ($1, $2, $3, $4)',
      [newId(), `token ${days}`, amal.id, at(days)],
    );
    await people.db.query('INSERT INTO people.failures VALUES ($1, 1, $2, $2)', [
      `account ${days}`,
      at(days - 1),
    ]);
  }
  await createKey(people.db, { name: 'kept', scopes: ['sales:read'] });
  await createKey(people.db, { name: 'one run', scopes: ['sales:read'], expiresAt: at(-8) });
  await people.db.query(
    `UPDATE people.keys SET created_at = expires_at - interval '1 hour' WHERE name = 'one run'`,
  );
  expect(await tidy(people.db, people.now)).toEqual({ sessions: 1, failures: 1, verifications: 0, keys: 1 });
  expect((await people.db.query('SELECT name FROM people.keys')).rows).toEqual([{ name: 'kept' }]);
  await people.drop();
});

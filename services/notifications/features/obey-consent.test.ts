import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deliver } from './deliver.ts';
import { notify } from './notify.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
});
afterEach(() => world.drop());

async function say(person: string, purpose: string, given: boolean, at: string): Promise<void> {
  await world.db.query(
    `INSERT INTO privacy.consents (id, person_id, purpose, version, given, actor, at) VALUES ($1, $2, $3, 1, $4, $5, $6)`,
    [newId(), person, `notifications.${purpose}`, given, `person:${person}`, at],
  );
}

/** A target of the agent was reached; who leads and the agent are told. @returns whom by which channel */
async function tell(leader: string, person: string, agent: string): Promise<string[]> {
  const recipients = [
    { personId: leader, agentId: null, name: 'Lee', email: 'lee@example.com' },
    { personId: person, agentId: agent, name: 'Ann', email: 'ann@example.com' },
    { personId: null, agentId: newId(), name: 'Ben', email: 'ben@example.com' },
  ];
  const values = { subject: 'Ann', threshold: '100 %', period: '', progress: '', target: '', day: '' };
  const at = world.clock.now();
  const cause = newId();
  await world.db.transaction((tx) =>
    notify(tx, world.context, [{ cause, kind: 'target-reached', recipients, values, about: [agent], at }]),
  );
  const made = (await world.rows()).filter((row) => row.cause === cause);
  const names = new Map([
    [`person:${leader}`, 'leader'],
    [`person:${person}`, 'agent'],
  ]);
  return made.map((row) => `${names.get(String(row.recipient)) ?? 'no account'} ${row.channel}`).sort();
}

test('whoever refuses mails about others, or about themselves, is told in the console only; the latest word holds', async () => {
  const [leader, person, agent] = [newId(), newId(), newId()];
  const everything = ['agent email', 'agent in-app', 'leader email', 'leader in-app'];
  const more = ['no account email', 'no account in-app'];
  expect(await tell(leader, person, agent)).toEqual([...everything, ...more]);
  await say(leader, 'mail-about-others', false, '2026-03-01T08:00:00Z');
  // It is about the agent: this refusal does not concern it.
  await say(person, 'mail-about-others', false, '2026-03-01T08:00:00Z');
  expect(await tell(leader, person, agent)).toEqual([
    'agent email',
    'agent in-app',
    'leader in-app',
    ...more,
  ]);
  await say(person, 'mail-about-you', false, '2026-03-01T08:00:00Z');
  expect(await tell(leader, person, agent)).toEqual(['agent in-app', 'leader in-app', ...more]);
  await say(leader, 'mail-about-others', true, '2026-03-02T08:00:00Z');
  await say(person, 'mail-about-you', true, '2026-03-02T08:00:00Z');
  expect(await tell(leader, person, agent)).toEqual([...everything, ...more]);
});

test('a mail that waits is not sent any more once its recipient refuses it', async () => {
  const [leader, person, agent] = [newId(), newId(), newId()];
  await tell(leader, person, agent);
  const waiting = (await world.rows()).find(
    (row) => row.recipient === `person:${leader}` && row.channel === 'email',
  )!;
  await say(leader, 'mail-about-others', false, '2026-03-11T08:00:00Z');
  const run = { id: newId(), attempt: 1, signal: new AbortController().signal };
  expect(await deliver(world.context, run, String(waiting.id))).toEqual({ counts: { failed: 1 } });
  const after = (await world.rows()).find((row) => row.id === waiting.id)!;
  expect(after.status).toBe('FAILED');
  expect((await world.db.query('SELECT FROM notifications.outbox')).rowCount).toBe(0);
});

import { agentsErased } from '@moonbase/agents/events.ts';
import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeIn } from './import-notifications.ts';
import { agentEvent, createContext, eventOf, type TestContext } from './test-context.ts';

let world: TestContext;
const nimal = { id: newId(), name: 'Nimal Perera' };

beforeEach(async () => {
  world = await createContext();
  await world.react(agentEvent(nimal, { code: 'AGT001' }));
});
afterEach(() => world.drop());

const take = (...rows: unknown[]) => world.db.transaction((tx) => takeIn(tx, rows));

function past(reference: string, more = {}) {
  return {
    source: 'moon-1',
    reference,
    agent: 'AGT001',
    message: '🎉 Nimal has reached 150k sales milestone!',
    sentAt: '2024-03-10T10:00:00+05:30',
    ...more,
  };
}

test('what another system sent is there as sent then, and is not sent again', async () => {
  expect(await take(past('1'))).toEqual({ created: 1, unchanged: 0, rejected: [] });
  expect(await world.rows()).toEqual([
    expect.objectContaining({
      ...{ status: 'SENT', channel: 'in-app', agent_id: nimal.id, source: 'moon-1', reference: '1' },
      body: '🎉 Nimal has reached 150k sales milestone!',
      created_at: new Date('2024-03-10T04:30:00Z'),
      sent_at: new Date('2024-03-10T04:30:00Z'),
    }),
  ]);
  expect(world.enqueued).toEqual([]);
  expect(await world.published()).toEqual([
    expect.objectContaining({ agentId: nimal.id, before: null, after: 'SENT' }),
  ]);
});

test('twice is once, in one push and in two', async () => {
  expect(await take(past('1'), past('1'))).toMatchObject({ created: 1, unchanged: 1 });
  expect(await take(past('1'), past('2'))).toMatchObject({ created: 1, unchanged: 1 });
  expect(await world.rows()).toHaveLength(2);
  expect(await world.published()).toHaveLength(2);
});

test('the same reference with other content is refused by name', async () => {
  await take(past('1'));
  const result = await take(past('1', { message: 'Something else' }), past('2'));
  expect(result).toMatchObject({
    created: 1,
    rejected: [{ row: 0, reference: '1', faults: [{ at: '/reference' }] }],
  });
});

test('bad rows are listed with field and remedy, good ones land', async () => {
  const result = await take(past('1'), past('2', { agent: 'X' }), past('3', { sentAt: 'yesterday' }), 7);
  expect(result.created).toBe(1);
  expect(result.rejected.map(({ row, reference, faults }) => [row, reference, faults[0]!.at])).toEqual([
    [1, '2', '/agent'],
    [2, '3', '/sentAt'],
    [3, null, '/'],
  ]);
});

test('an agent may be named by id, or not be known any more', async () => {
  const id = newId();
  expect(await take(past('1', { agent: null, agentId: id }), past('2', { agent: null }))).toMatchObject({
    created: 2,
  });
  const rows = await world.rows();
  expect(rows.map((row) => row.agent_id).toSorted()).toEqual([id, null].toSorted());
});

test('what was erased is not brought back by sending it again', async () => {
  await take(past('1'));
  await world.react(eventOf(agentsErased, nimal.id, { agentId: nimal.id }));
  expect(await take(past('1'))).toMatchObject({ created: 0, unchanged: 1, rejected: [] });
  expect((await world.rows())[0]!.body).toBe('');
});

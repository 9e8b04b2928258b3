import { anomalyFlagged } from '@moonbase/anomalies/events.ts';
import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sumUpAnomalies } from './tell-anomalies.ts';
import { createContext, eventOf, personEvent, type TestContext } from './test-context.ts';

let world: TestContext;
const asha = { id: newId(), name: 'Asha Lead', email: 'asha@example.com' };
const malini = { id: newId(), name: 'Malini Auditor', email: 'malini@example.com' };

beforeEach(async () => {
  world = await createContext();
  await world.react(personEvent(asha), personEvent(malini));
});
afterEach(() => world.drop());

function flagged(readers: readonly string[], day = '2026-03-10') {
  const anomalyId = newId();
  return eventOf(anomalyFlagged, anomalyId, {
    ...{
      anomalyId,
      detector: 'unusual-amount',
      version: 1,
      agentId: newId(),
      personId: null,
      branchId: newId(),
    },
    ...{
      teamId: null,
      saleId: newId(),
      day,
      score: 6,
      threshold: 4.8,
      reason: 'Sale P-1 is 14 times the usual.',
    },
    readers: [...readers],
  });
}
const told = async (kind: string) => (await world.rows()).filter((row) => row.kind === kind);

test('those who may see it are told, with the reason and the way to it; nobody else is', async () => {
  const event = flagged([asha.id]);
  await world.react(event);
  const rows = await world.rows();
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ person_id: asha.id, channel: 'in-app', subject: 'Unusual amount' });
  expect(rows[0]).toMatchObject({ link: `/anomalies?open=${event.payload.anomalyId}` });
  expect(rows[0]!.body).toContain('Sale P-1 is 14 times the usual.');
});

test('of a flood three are told one by one, and the rest in one sum when the hour is over', async () => {
  await world.react(flagged([asha.id]), flagged([asha.id]));
  await world.react(...Array.from({ length: 6 }, () => flagged([asha.id])), flagged([asha.id, malini.id]));
  expect(await told('anomaly')).toHaveLength(4);
  expect((await told('anomaly')).filter((row) => row.person_id === malini.id)).toHaveLength(1);
  await sumUpAnomalies({ id: newId() }, world.context);
  expect(await told('anomaly-summary')).toEqual([]);
  world.clock.at = '2026-03-10T07:01:00Z';
  await sumUpAnomalies({ id: newId() }, world.context);
  await sumUpAnomalies({ id: newId() }, world.context);
  const sums = await told('anomaly-summary');
  expect(sums.map((row) => [row.person_id, row.subject])).toEqual([
    [asha.id, '6 more things looked unusual'],
  ]);
  await world.react(flagged([asha.id]));
  expect(await told('anomaly')).toHaveLength(5);
});

test('what is found in days long past is told nobody', async () => {
  await world.react(flagged([asha.id], '2026-02-01'));
  expect(await world.rows()).toEqual([]);
});

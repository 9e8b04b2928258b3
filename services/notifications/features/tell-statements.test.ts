import { disputeDecided, disputeRaised, statementClosed } from '@moonbase/commissions/events.ts';
import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agentEvent, createContext, eventOf, personEvent, type TestContext } from './test-context.ts';

let world: TestContext;
const nimal = { id: newId(), name: 'Nimal Perera', email: 'nimal@example.com' };
const saman = { id: newId(), name: 'Saman Silva', email: 'saman@example.com' };
const asha = { id: newId(), name: 'Asha Lead', email: 'asha@example.com' };
const place = { agentId: nimal.id, branchId: newId(), teamId: null, month: '2026-02' };

beforeEach(async () => {
  world = await createContext();
  await world.react(agentEvent(nimal), agentEvent(saman), personEvent(asha, { roles: ['administrator'] }));
});
afterEach(() => world.drop());

const told = async () =>
  (await world.rows()).map(({ recipient, channel, subject }) => `${recipient} ${channel} ${subject}`);

test('an agent, and nobody else, hears that the own statement is closed', async () => {
  const statementId = newId();
  await world.react(
    eventOf(statementClosed, statementId, {
      ...{ statementId, ...place, number: '2026-000007' },
      totals: [{ currency: 'LKR', commission: '45210.5000' }],
    }),
  );
  const subject = 'Your statement for February 2026 is closed';
  expect(await told()).toEqual([`agent:${nimal.id} email ${subject}`, `agent:${nimal.id} in-app ${subject}`]);
  const [row] = await world.rows();
  expect(row).toMatchObject({ link: `/commissions/statements/${statementId}` });
  expect(row!.body).toContain('2026-000007 for February 2026 is closed: LKR 45,210.50.');
});

test('a dispute is told to those who decide, its decision to the agent', async () => {
  const dispute = { disputeId: newId(), statementId: newId(), ...place, currency: 'LKR' };
  await world.react(eventOf(disputeRaised, dispute.disputeId, { ...dispute, line: 3, expected: '12.00' }));
  const raised = 'Nimal Perera: a dispute about February 2026 was raised';
  expect(await told()).toEqual([`person:${asha.id} email ${raised}`, `person:${asha.id} in-app ${raised}`]);
  await world.react(
    eventOf(disputeDecided, dispute.disputeId, { ...dispute, status: 'accepted', adjustment: '1200.0000' }),
  );
  const decided = (await world.rows()).filter(({ kind }) => kind === 'dispute-decided');
  expect(decided.map(({ recipient }) => recipient)).toEqual([`agent:${nimal.id}`, `agent:${nimal.id}`]);
  expect(decided[0]!.body).toContain('was accepted: LKR 1,200 on your next statement.');
});

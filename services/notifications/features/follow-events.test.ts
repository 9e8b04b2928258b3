import { agentsErased } from '@moonbase/agents/events.ts';
import { newId } from '@moonbase/data';
import { peopleErased } from '@moonbase/people/events.ts';
import { targetReached } from '@moonbase/sales/events.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { setPreferences } from './keep-preferences.ts';
import { putTemplate } from './keep-templates.ts';
import {
  agentEvent,
  branchEvent,
  createContext,
  eventOf,
  personEvent,
  principal,
  type TestContext,
} from './test-context.ts';

let world: TestContext;
const nimal = { id: newId(), name: 'Nimal Perera', email: 'nimal@example.com' };
const saman = { id: newId(), name: 'Saman Silva', email: 'saman@example.com' };
const lead = { id: newId(), name: 'Malini Lead', email: 'malini@example.com' };
const account = { id: newId(), name: 'Nimal P', email: 'np@example.com' };
const team = newId();

beforeEach(async () => {
  world = await createContext();
});
afterEach(() => world.drop());

function reached(
  subject: { kind: 'agent' | 'team' | 'branch' | 'product' | 'company'; id: string | null },
  more = {},
) {
  return eventOf(targetReached, newId(), {
    targetId: newId(),
    revision: 1,
    threshold: 80,
    subject,
    subjectName: subject.kind === 'agent' ? null : 'Team Lions',
    measure: 'amount',
    currency: 'LKR',
    value: '2500000.0000',
    progress: '2012000.5000',
    day: '2026-03-10',
    periodFrom: '2026-03-01',
    periodTo: '2026-03-31',
    unitId: subject.kind === 'agent' ? null : subject.id,
    ...more,
  });
}

async function told() {
  return (await world.rows()).map(({ recipient, channel, status }) => [recipient, channel, status]);
}

test('a target of an agent is told to the agent and to those who lead, by in-app and mail', async () => {
  await world.react(
    agentEvent(nimal),
    agentEvent(saman),
    personEvent(lead, { roles: ['administrator'] }),
    personEvent({ id: newId(), name: 'Analyst', email: 'a@example.com' }, { roles: ['analyst'] }),
    reached({ kind: 'agent', id: nimal.id }),
  );
  expect(await told()).toEqual([
    [`agent:${nimal.id}`, 'email', 'PENDING'],
    [`agent:${nimal.id}`, 'in-app', 'SENT'],
    [`person:${lead.id}`, 'email', 'PENDING'],
    [`person:${lead.id}`, 'in-app', 'SENT'],
  ]);
  expect(world.enqueued).toHaveLength(2);
  const [row] = await world.rows();
  expect(row).toMatchObject({
    subject: 'Nimal Perera reached 80 % of the target',
    body: 'Nimal Perera has reached 80 % of the target for 1 Mar 2026 to 31 Mar 2026: LKR 2,012,000.50 of LKR 2,500,000, as of 10 Mar 2026.',
    about: [nimal.id],
  });
});

test('each notification is told of, with the status it begins with', async () => {
  await world.react(agentEvent(nimal), reached({ kind: 'agent', id: nimal.id }));
  const published = await world.published();
  expect(
    published.map(({ channel, before, after, agentId }) => [channel, before, after, agentId]).toSorted(),
  ).toEqual([
    ['email', null, 'PENDING', nimal.id],
    ['in-app', null, 'SENT', nimal.id],
  ]);
});

test('the same event again makes nothing new: no row, no event, no job', async () => {
  const event = reached({ kind: 'agent', id: nimal.id });
  await world.react(agentEvent(nimal), event);
  await world.react(event, event);
  expect(await world.rows()).toHaveLength(2);
  expect(await world.published()).toHaveLength(2);
  expect(world.enqueued).toHaveLength(1);
});

test('another threshold of the same target is news', async () => {
  const payload = { targetId: newId() };
  await world.react(
    agentEvent(nimal),
    reached({ kind: 'agent', id: nimal.id }, payload),
    reached({ kind: 'agent', id: nimal.id }, { ...payload, threshold: 100 }),
  );
  expect(await world.rows()).toHaveLength(4);
});

test('a team’s target is told to its active agents, not to others', async () => {
  await world.react(
    agentEvent(nimal, { teamId: team }),
    agentEvent(saman, { teamId: newId() }),
    agentEvent({ id: newId(), name: 'Gone Agent' }, { teamId: team, status: 'inactive' }),
    reached({ kind: 'team', id: team }),
  );
  expect(new Set((await told()).map(([recipient]) => recipient))).toEqual(new Set([`agent:${nimal.id}`]));
});

test('an agent with an account is told as that person, once, even when they lead', async () => {
  await world.react(
    agentEvent(nimal),
    personEvent(account, { agentId: nimal.id, roles: ['agent', 'team-leader'] }),
    reached({ kind: 'agent', id: nimal.id }),
  );
  const rows = await world.rows();
  expect(rows.map((row) => [row.recipient, row.channel])).toEqual([
    [`person:${account.id}`, 'email'],
    [`person:${account.id}`, 'in-app'],
  ]);
  expect(rows[0]).toMatchObject({ agent_id: nimal.id, person_id: account.id });
});

test('leaders are told of what they lead, and of nothing else', async () => {
  const [galle, matara, kandy, lions] = [newId(), newId(), newId(), newId()];
  const someone = (name: string) => ({ id: newId(), name, email: `${name}@example.com` });
  const [manager, elsewhere, region, leader, placed] = ['m', 'e', 'r', 'l', 'p'].map(someone);
  const own = { id: newId(), name: 'Own Agent' };
  await world.react(
    ...[galle, matara].map((id) => branchEvent(id!, 'South')),
    branchEvent(kandy!, 'Hills'),
    agentEvent(nimal, { branchId: galle!, teamId: lions! }),
    agentEvent(own, { branchId: galle! }),
    personEvent(manager!, { roles: ['branch-manager'], branches: [galle!] }),
    personEvent(elsewhere!, { roles: ['branch-manager'], branches: [kandy!] }),
    personEvent(region!, { roles: ['region-manager'], regions: ['South'] }),
    personEvent(leader!, { roles: ['team-leader'], teams: [lions!] }),
    // Given nothing to lead: where their own agent belongs.
    personEvent(placed!, { roles: ['branch-manager', 'agent'], agentId: own.id }),
    reached({ kind: 'agent', id: nimal.id }),
  );
  const inApp = (await world.rows()).filter((row) => row.channel === 'in-app').map((row) => row.recipient);
  expect(inApp.sort()).toEqual(
    [`agent:${nimal.id}`, ...[manager, region, leader, placed].map((each) => `person:${each!.id}`)].sort(),
  );
});

test('without an address there is no mail', async () => {
  await world.react(
    agentEvent({ id: nimal.id, name: 'Nimal Perera' }),
    reached({ kind: 'agent', id: nimal.id }),
  );
  expect(await told()).toEqual([[`agent:${nimal.id}`, 'in-app', 'SENT']]);
});

test('what somebody does not want is not made', async () => {
  await world.react(personEvent(lead, { roles: ['administrator'] }));
  await world.call(setPreferences, {
    principal: principal(lead.id),
    body: { items: [{ kind: 'target-reached', channel: 'email', wanted: false }] },
  });
  await world.react(reached({ kind: 'company', id: null }));
  expect(await told()).toEqual([[`person:${lead.id}`, 'in-app', 'SENT']]);
});

test('a webhook of the organisation gets each news once, one’s own what one is told', async () => {
  const own = newId();
  const all = newId();
  const other = newId();
  await world.db.query(
    `INSERT INTO notifications.endpoints (id, url, secret, person_id, kinds, created_at) VALUES
       ($1, 'https://own.example', 's', $4, '{}', now()), ($2, 'https://all.example', 's', NULL, '{}', now()),
       ($3, 'https://other.example', 's', NULL, '{agent-deactivated}', now())`,
    [own, all, other, lead.id],
  );
  await world.react(
    agentEvent(nimal),
    personEvent(lead, { roles: ['administrator'] }),
    reached({ kind: 'agent', id: nimal.id }),
  );
  const hooks = (await world.rows()).filter((row) => row.channel === 'webhook');
  expect(hooks.map((row) => [row.recipient, row.person_id]).toSorted()).toEqual(
    [
      [`endpoint:${own}`, lead.id],
      [`endpoint:${all}`, null],
    ].toSorted(),
  );
});

test('news of long ago is history: in the console as of then, read, and not sent', async () => {
  await world.react(agentEvent(nimal), reached({ kind: 'agent', id: nimal.id }, { day: '2026-02-01' }));
  expect(await told()).toEqual([[`agent:${nimal.id}`, 'in-app', 'SENT']]);
  const then = new Date('2026-02-01T12:00:00Z');
  expect((await world.rows())[0]).toMatchObject({ created_at: then, sent_at: then, read_at: then });
  expect(world.enqueued).toEqual([]);
});

test('a deactivated agent is told to those who lead; a change is not', async () => {
  await world.react(
    personEvent(lead, { roles: ['administrator'] }),
    agentEvent(nimal, { change: 'changed' }),
    agentEvent(nimal, { status: 'inactive', change: 'deactivated' }),
  );
  const rows = await world.rows();
  expect(rows.map((row) => [row.recipient, row.channel, row.kind])).toEqual([
    [`person:${lead.id}`, 'in-app', 'agent-deactivated'],
  ]);
  expect(rows[0]!.subject).toBe('Nimal Perera was deactivated');
});

test('a written text is what goes out, and a name that looks like a placeholder stays a name', async () => {
  await world.call(putTemplate, {
    params: { kind: 'target-reached' },
    body: { subject: '{{threshold}}!', body: '{{ subject }} / {{organisation}} / {{name}}' },
  });
  await world.react(
    agentEvent({ ...nimal, name: '{{threshold}} Perera' }),
    reached({ kind: 'agent', id: nimal.id }),
  );
  const [row] = await world.rows();
  expect(row).toMatchObject({
    subject: '80 %!',
    body: '{{threshold}} Perera / Serendib / {{threshold}} Perera',
  });
});

test('erasing an agent empties every text that was for or about them, and no other', async () => {
  await world.react(
    agentEvent(nimal),
    agentEvent(saman),
    personEvent(lead, { roles: ['administrator'] }),
    reached({ kind: 'agent', id: nimal.id }),
    reached({ kind: 'agent', id: saman.id }),
  );
  await world.db.query(
    `INSERT INTO notifications.outbox (id, address, subject, body, at)
     SELECT id, 'x@example.com', subject, body, created_at FROM notifications.notifications WHERE channel = 'email'`,
  );
  await world.react(eventOf(agentsErased, nimal.id, { agentId: nimal.id }));
  const kept = JSON.stringify([
    await world.rows(),
    (await world.db.query('SELECT * FROM notifications.outbox')).rows,
    (await world.db.query('SELECT * FROM notifications.agents WHERE name IS NOT NULL')).rows,
  ]);
  expect(kept).not.toContain('Nimal');
  expect(kept).not.toContain('nimal@');
  expect(kept).toContain('Saman Silva');
  expect(await world.rows()).toHaveLength(8);
});

test('erasing a person removes their copy, preferences and texts', async () => {
  await world.react(personEvent(lead, { roles: ['administrator'] }), reached({ kind: 'company', id: null }));
  await world.call(setPreferences, {
    principal: principal(lead.id),
    body: { items: [{ kind: 'message', channel: 'email', wanted: false }] },
  });
  await world.react(eventOf(peopleErased, lead.id, { personId: lead.id }));
  const rows = await world.rows();
  expect(rows.map((row) => [row.subject, row.body])).toEqual([
    ['', ''],
    ['', ''],
  ]);
  expect((await world.db.query('SELECT FROM notifications.people')).rowCount).toBe(0);
  expect((await world.db.query('SELECT FROM notifications.preferences')).rowCount).toBe(0);
});

import { agentsApi } from '@moonbase/agents/api.ts';
import { agents } from '@moonbase/agents/service.ts';
import { createClient } from '@moonbase/http/client';
import { permissionsOf } from '@moonbase/identity';
import { notifications } from '@moonbase/notifications/service.ts';
import { peopleApi } from '@moonbase/people/api.ts';
import { people } from '@moonbase/people/service.ts';
import { salesApi } from '@moonbase/sales/api.ts';
import { sales } from '@moonbase/sales/service.ts';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anomaliesApi } from './api.ts';
import { anomalies } from './service.ts';

let host: TestHost;
const now = new Date('2026-03-20T10:00:00Z');
const branches: Record<string, string> = {};
const ids: Record<string, string> = {};

beforeAll(async () => {
  host = await startTestHost([people, agents, sales, anomalies, notifications], {
    clock: { now: () => now },
  });
  const lead = await host.client(agentsApi, 'agents:read', 'agents:write', 'reference:write');
  await lead.putProduct({ params: { code: 'LIFE' }, body: { type: 'Life', name: 'Life Term' } });
  for (const [branch, agent] of [
    ['GAL', 'AGT001'],
    ['KAN', 'AGT002'],
  ] as const) {
    const made = await lead.putBranch({ params: { code: branch }, body: { name: branch, region: 'South' } });
    branches[branch] = made.id;
    const put = await lead.putAgent({
      params: { code: agent },
      body: {
        ...{ firstName: 'Agent', lastName: agent, branch, hireDate: '2020-01-01' },
        authorisations: [{ product: 'LIFE', from: '2020-01-01' }],
      },
    });
    ids[agent] = put.id;
  }
  await host.settled();
  const core = await host.client(salesApi, 'sales:write');
  for (const agent of ['AGT001', 'AGT002'])
    for (let n = 1; n <= 12; n += 1)
      await core.recordSale({ body: saleOf(`${agent}-${n}`, agent, `${17_000 + n * 90}.00`, n) });
  await host.settled();
});
afterAll(() => host.stop());

const saleOf = (reference: string, agent: string, amount: string, day: number) => ({
  ...{ source: 'core', reference, agent, product: 'LIFE', amount, currency: 'USD' },
  soldAt: `2026-03-${String(day).padStart(2, '0')}T09:00:00Z`,
});

/** Somebody with an account, signed in. */
async function signIn(name: string, roles: string[], more: { branches?: string[]; agentId?: string } = {}) {
  const administrator = await host.client(peopleApi, 'people:write', ...permissionsOf(['administrator']));
  const email = `${name}@example.com`;
  const made = await administrator.createPerson({ body: { name, email, roles, ...more } });
  const response = await fetch(`${host.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: made.temporaryPassword }),
  });
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  await host.settled();
  return createClient(anomaliesApi, { url: host.url, headers: { cookie, origin: host.url } });
}

const anyone = () => host.client(anomaliesApi, 'anomalies:read', 'anomalies:write', 'settings:write');
const refused = (code: string) => expect.objectContaining({ code });

test('nothing was unusual so far', async () => {
  expect((await (await anyone()).listAnomalies({})).items).toEqual([]);
});

test('a sale that is far from usual is flagged, and sent again it is not flagged again', async () => {
  const core = await host.client(salesApi, 'sales:write');
  const odd = saleOf('P-1001', 'AGT001', '250000.00', 20);
  const { saleId } = await core.recordSale({ body: odd });
  await core.recordSale({ body: odd });
  await core.recordSale({ body: saleOf('P-1002', 'AGT002', '900000.00', 20) });
  await host.settled();
  const { items } = await (await anyone()).listAnomalies({ query: { agent: ids.AGT001 } });
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    ...{ detector: 'unusual-amount', status: 'open', saleId, day: '2026-03-20', threshold: 4.8 },
    agent: { id: ids.AGT001, code: 'AGT001', name: 'Agent AGT001' },
    branch: { id: branches.GAL, name: 'GAL' },
  });
  expect(items[0]!.reason).toMatch(
    /^Sale P-1001 of 250,000\.00 USD is 14 times the agent’s usual 17,540\.00 for this product/,
  );
});

test('a sign-in makes its place known: once, and as digests only', async () => {
  const places = () => host.db.query<{ network: Buffer }>('SELECT network FROM anomalies.places');
  const before = (await places()).rowCount ?? 0;
  await signIn('ruwan', ['analyst']);
  const { rows } = await places();
  expect(rows).toHaveLength(before + 1);
  expect(rows.every(({ network }) => network.length === 32)).toBe(true);
  expect((await (await anyone()).listAnomalies({ query: { detector: 'new-place' } })).items).toEqual([]);
});

test('whoever leads a branch sees and judges what is of it, and nothing else; an agent sees none', async () => {
  const galle = await signIn('galle', ['branch-manager'], { branches: [branches.GAL!] });
  const { items } = await galle.listAnomalies({});
  expect(items.map((item) => item.agent?.code)).toEqual(['AGT001']);
  expect(await galle.countAnomalies({})).toMatchObject({ open: 1, branches: [{ id: branches.GAL }] });
  const all = (await (await anyone()).listAnomalies({})).items;
  expect(all).toHaveLength(2);
  const other = all.find((item) => item.agent?.code === 'AGT002')!;
  await expect(galle.readAnomaly({ params: { id: other.id } })).rejects.toEqual(refused('anomaly_unknown'));
  const body = { status: 'wrong' as const };
  await expect(galle.judgeAnomaly({ params: { id: other.id }, body })).rejects.toEqual(
    refused('anomaly_unknown'),
  );
  await expect(galle.resetDetector({ params: { name: 'unusual-amount' } })).rejects.toEqual(
    refused('forbidden'),
  );
  const agent = await signIn('agent', ['agent'], { agentId: ids.AGT002! });
  await expect(agent.listAnomalies({})).rejects.toEqual(refused('forbidden'));
  const auditor = await signIn('auditor', ['auditor']);
  expect((await auditor.listAnomalies({})).items).toHaveLength(2);
  await expect(auditor.judgeAnomaly({ params: { id: other.id }, body })).rejects.toEqual(
    refused('forbidden'),
  );
  expect((await (await anyone()).listAnomalies({ query: { status: 'open' } })).items).toHaveLength(2);
});

test('nobody judges what is about themselves', async () => {
  const own = await signIn('own', ['branch-manager'], { agentId: ids.AGT001! });
  const [item] = (await own.listAnomalies({})).items;
  await expect(own.judgeAnomaly({ params: { id: item!.id }, body: { status: 'wrong' } })).rejects.toEqual(
    refused('anomaly_own'),
  );
  expect((await own.readAnomaly({ params: { id: item!.id } })).status).toBe('open');
});

test('an answer moves the threshold, is counted once, and taken back leaves no trace', async () => {
  const client = await anyone();
  const [first] = (await client.listAnomalies({})).items;
  const mark = (status: 'open' | 'right' | 'wrong', note?: string) =>
    client.judgeAnomaly({ params: { id: first!.id }, body: { status, ...(note && { note }) } });
  const threshold = async () => {
    const { items } = await client.listDetectors({});
    const { threshold: at, right, wrong } = items.find((item) => item.name === 'unusual-amount')!;
    return [at, right, wrong];
  };
  expect(await mark('wrong', 'A large policy, seen')).toMatchObject({
    status: 'wrong',
    note: 'A large policy, seen',
  });
  await mark('wrong');
  expect(await threshold()).toEqual([4.9, 0, 1]);
  await mark('right');
  expect(await threshold()).toEqual([4.75, 1, 0]);
  expect(await mark('open')).toMatchObject({ status: 'open', judgedBy: null, judgedAt: null, note: null });
  expect(await threshold()).toEqual([4.8, 0, 0]);
  await mark('wrong');
  await client.resetDetector({ params: { name: 'unusual-amount' } });
  expect(await threshold()).toEqual([4.8, 0, 0]);
  await mark('open');
  expect(await threshold()).toEqual([4.8, 0, 0]);
});

test('a detector that is off flags nothing, and goes on learning', async () => {
  const client = await anyone();
  await client.changeDetector({ params: { name: 'unusual-amount' }, body: { active: false } });
  const core = await host.client(salesApi, 'sales:write');
  await core.recordSale({ body: saleOf('P-1003', 'AGT001', '400000.00', 20) });
  await host.settled();
  expect((await client.listAnomalies({ query: { agent: ids.AGT001 } })).items).toHaveLength(1);
  const kept = await host.db.query<{ sales: number }>(
    'SELECT cardinality(sales) AS sales FROM anomalies.amounts WHERE agent_id = $1',
    [ids.AGT001],
  );
  expect(kept.rows).toEqual([{ sales: 14 }]);
  await client.changeDetector({ params: { name: 'unusual-amount' }, body: { active: true } });
});

test('pages follow each other without a gap, the open ones first', async () => {
  const client = await anyone();
  const first = await client.listAnomalies({ query: { limit: 1 } });
  const second = await client.listAnomalies({ query: { limit: 1, cursor: first.next! } });
  const both = await client.listAnomalies({});
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(both.items.map(({ id }) => id));
  expect(second.next).toBeNull();
  await client.judgeAnomaly({ params: { id: both.items[0]!.id }, body: { status: 'right' } });
  const after = await client.listAnomalies({ query: { limit: 1 } });
  expect(after.items[0]!.id).toBe(both.items[1]!.id);
  expect((await client.listAnomalies({ query: { limit: 1, cursor: after.next! } })).items[0]!.status).toBe(
    'right',
  );
  await expect(client.listAnomalies({ query: { from: '2026-03-02', to: '2026-03-01' } })).rejects.toEqual(
    refused('day_order'),
  );
});

test('the branch’s manager and the administrator’s side are told, the manager who is that agent is not', async () => {
  const core = await host.client(salesApi, 'sales:write');
  await core.recordSale({ body: saleOf('P-1004', 'AGT001', '700000.00', 20) });
  await host.settled();
  const told = await host.db.query<{ name: string }>(
    `SELECT DISTINCT p.name FROM notifications.notifications n JOIN notifications.people p ON p.id = n.person_id
     WHERE n.kind = 'anomaly' ORDER BY 1`,
  );
  expect(told.rows.map((row) => row.name)).toEqual(['auditor', 'galle']);
});

test('an erased agent’s name is gone from what looked unusual, the figures stay', async () => {
  const lead = await host.client(agentsApi, 'agents:read', 'privacy:write');
  await lead.eraseAgent({ params: { id: ids.AGT001! } });
  await host.settled();
  const { items } = await (await anyone()).listAnomalies({ query: { agent: ids.AGT001 } });
  expect(items.length).toBeGreaterThan(0);
  expect(JSON.stringify(items)).not.toContain('Agent AGT001');
});

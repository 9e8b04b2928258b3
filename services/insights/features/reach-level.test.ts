/** What each role sees of the same company: over real HTTP, through the row policies of every service. */
import { agentsApi } from '@moonbase/agents/api.ts';
import { agents } from '@moonbase/agents/service.ts';
import { newId } from '@moonbase/data';
import { digestOf } from '@moonbase/identity';
import { notifications } from '@moonbase/notifications/service.ts';
import { people } from '@moonbase/people/service.ts';
import { salesApi } from '@moonbase/sales/api.ts';
import { sales } from '@moonbase/sales/service.ts';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insights } from '../service.ts';

let host: TestHost;
const ids: Record<string, string> = {};
const today = new Date().toISOString().slice(0, 10);

type Call = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: never }>;

/** Somebody who is signed in, with what they are and lead. */
async function enter(
  roles: string[],
  place: { agentId?: string | undefined; teams?: string[]; branches?: string[]; regions?: string[] } = {},
): Promise<{ call: Call; cookie: string; id: string }> {
  const id = newId();
  const token = `${newId()}${newId()}`.replaceAll('-', '');
  await host.owner.query(
    `INSERT INTO people.people (id, name, email, roles, agent_id, teams, branches, regions)
     VALUES ($1, 'Somebody', $1::uuid || '@example.com', $2, $3, $4, $5, $6)`,
    [id, roles, place.agentId ?? null, place.teams ?? [], place.branches ?? [], place.regions ?? []],
  );
  await host.owner.query(
    `INSERT INTO people.sessions (id, token, person_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')`,
    [newId(), digestOf(token), id],
  );
  const cookie = `moonbase_session=${token}`;
  const call: Call = async (method, path, body) => {
    const answer = await fetch(`${host.url}/api${path}`, {
      method,
      headers: { cookie, origin: host.url, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text ? JSON.parse(text) : null) as never };
  };
  return { call, cookie, id };
}

const sale = (reference: string, agent: string, amount: string, more: object = {}) => ({
  ...{ source: 'core', reference, agent, product: 'LIFE', amount, soldAt: `${today}T00:30:00Z`, ...more },
});

beforeAll(async () => {
  host = await startTestHost([people, agents, sales, notifications, insights]);
  const office = await host.client(agentsApi, 'agents:read', 'agents:write', 'reference:write');
  for (const [code, region] of [
    ['GALLE', 'South'],
    ['MATARA', 'South'],
    ['KANDY', 'Hills'],
  ] as const)
    ids[code] = (await office.putBranch({ params: { code }, body: { name: code, region } })).id;
  for (const name of ['Lions', 'Tigers'])
    ids[name] = (await office.putTeam({ params: { name }, body: {} })).id;
  await office.putProduct({ params: { code: 'LIFE' }, body: { type: 'Life', name: 'Life Term' } });
  for (const [code, branch, team] of [
    ['A1', 'GALLE', 'Lions'],
    ['A2', 'GALLE', 'Tigers'],
    ['A3', 'MATARA', 'Lions'],
    ['A4', 'KANDY', 'Tigers'],
  ] as const) {
    const body = { firstName: code, lastName: 'Perera', branch, team, hireDate: '2020-01-01' };
    const authorisations = [{ product: 'LIFE', from: '2020-01-01' }];
    ids[code] = (await office.putAgent({ params: { code }, body: { ...body, authorisations } })).id;
  }
  await host.settled();
  const core = await host.client(salesApi, 'sales:write', 'sales:read', 'targets:write');
  await core.recordSale({ body: sale('S1', 'A1', '100') });
  await core.recordSale({ body: sale('S2', 'A2', '200') });
  await core.recordSale({ body: sale('S3', 'A3', '400') });
  await core.recordSale({ body: sale('S4', 'A4', '800') });
  const shares = [
    { agent: 'A1', percent: '50' },
    { agent: 'A4', percent: '50' },
  ];
  await core.recordSale({ body: { ...sale('S5', '', '1600'), agent: undefined, shares } });
  // Somebody else's sale that was refused.
  await expect(core.recordSale({ body: sale('S6', 'A4', '1', { product: 'NONE' }) })).rejects.toThrow();
  await host.settled();
});
afterAll(() => host.stop());

interface Sales {
  items: { reference: string; policyholder: string | null; agents: { name: string }[] }[];
}
const references = async (call: Call) =>
  ((await call('GET', '/sales?limit=100')).body as Sales).items.map((each) => each.reference).sort();

const everybody = [
  ['an agent', ['agent'], () => ({ agentId: ids.A1 }), ['S1', 'S5'], '900.0000', ['A1']],
  [
    'a team leader',
    ['team-leader'],
    () => ({ teams: [ids.Lions!] }),
    ['S1', 'S3', 'S5'],
    '1300.0000',
    ['A1', 'A3'],
  ],
  [
    'a branch manager',
    ['branch-manager'],
    () => ({ branches: [ids.GALLE!] }),
    ['S1', 'S2', 'S5'],
    '1900.0000',
    ['A1', 'A2'],
  ],
  [
    'a manager where their own agent belongs',
    ['branch-manager'],
    () => ({ agentId: ids.A4 }),
    ['S4', 'S5'],
    '800.0000',
    ['A4'],
  ],
  [
    'a region manager',
    ['region-manager'],
    () => ({ regions: ['South'] }),
    ['S1', 'S2', 'S3', 'S5'],
    '2300.0000',
    ['A1', 'A2', 'A3'],
  ],
  [
    'an auditor',
    ['auditor'],
    () => ({}),
    ['S1', 'S2', 'S3', 'S4', 'S5'],
    '3100.0000',
    ['A1', 'A2', 'A3', 'A4'],
  ],
] as const;

test.each(everybody)(
  '%s sees the sales, agents and figures in reach, and no others',
  async (_, roles, place, seen, total, codes) => {
    const { call, cookie } = await enter([...roles], place());
    expect(await references(call)).toEqual(seen);
    const listed = (await call('GET', '/agents?limit=100')).body as { items: { code: string }[] };
    expect(listed.items.map((agent) => agent.code).sort()).toEqual(codes);
    const overview = (await call('GET', '/overview')).body as {
      today: { total: string };
      agents: { name: string }[];
    };
    expect(overview.today.total).toBe(total);
    expect(overview.agents.every(({ name }) => /Perera/.test(name))).toBe(true);
    const asked = (await call('GET', '/insights/daily-sales')).body as { rows: { total: string }[] };
    expect(asked.rows.at(-1)!.total).toBe(total);
    const file = await fetch(`${host.url}/api/sales/export`, {
      headers: { cookie },
    });
    const text = await file.text();
    for (const reference of ['S1', 'S2', 'S3', 'S4', 'S5'])
      expect(text.includes(`${reference},`), reference).toBe((seen as readonly string[]).includes(reference));
  },
);

test('what is out of reach is not there: neither read, corrected, cancelled nor found by its address', async () => {
  const { call } = await enter(['branch-manager'], { branches: [ids.GALLE!] });
  const all = (await (await enter(['auditor'])).call('GET', '/sales?limit=100')).body as {
    items: { saleId: string; reference: string }[];
  };
  const foreign = all.items.find((each) => each.reference === 'S4')!.saleId;
  for (const [method, path, body] of [
    ['GET', `/sales/${foreign}`],
    ['GET', `/sales/${foreign}/history`],
    ['PATCH', `/sales/${foreign}`, { reason: 'Mine now', amount: '1' }],
    ['POST', `/sales/${foreign}/cancel`, { reason: 'Away with it' }],
    ['GET', `/agents/${ids.A4}`],
    ['PATCH', `/agents/${ids.A4}`, { lastName: 'Silva', version: 1 }],
  ] as const)
    expect((await call(method, path, body)).status, `${method} ${path}`).toBe(404);
  const after = (await (await enter(['auditor'])).call('GET', `/sales/${foreign}`)).body as {
    amount: string;
    status: string;
  };
  expect(after).toMatchObject({ amount: '800.0000', status: 'recorded' });
});

test('a sale beyond the reach is refused, also in a batch, and the others of the batch land', async () => {
  const { call } = await enter(['branch-manager'], { branches: [ids.GALLE!] });
  expect(await call('POST', '/sales', sale('X1', 'A4', '5'))).toMatchObject({
    status: 403,
    body: { code: 'beyond_reach' },
  });
  const batch = await call('POST', '/sales/batch', [sale('X2', 'A4', '5'), sale('X3', 'A2', '7')]);
  const { results } = batch.body as {
    results: { reference: string; outcome: string; code: string | null }[];
  };
  expect(results.map(({ reference, outcome, code }) => [reference, outcome, code])).toEqual([
    ['X2', 'rejected', 'beyond_reach'],
    ['X3', 'recorded', null],
  ]);
  const rejected = (await call('GET', '/rejected-sales')).body as { items: { reference: string }[] };
  // What one sent oneself, and not what others sent about agents elsewhere.
  expect(rejected.items.map((each) => each.reference).sort()).toEqual(['X1', 'X2']);
  await call('POST', `/sales/${(results[1] as never as { id: string }).id}/cancel`, { reason: 'A try' });
});

test('a target can be set for one’s own team or agent, not for others, nor for the company', async () => {
  const { call } = await enter(['team-leader'], { teams: [ids.Lions!] });
  const target = (kind: string, id: string | null) =>
    call('POST', '/targets', {
      ...{ subject: { kind, id }, period: { kind: 'month', from: today }, measure: 'amount', value: '100' },
      currency: 'USD',
    });
  expect((await target('team', ids.Lions!)).status).toBe(201);
  expect((await target('agent', ids.A3!)).status).toBe(201);
  expect(await target('team', ids.Tigers!)).toMatchObject({ status: 403 });
  expect(await target('company', null)).toMatchObject({ status: 403 });
  const listed = (await call('GET', '/targets')).body as { items: { subject: { id: string } }[] };
  expect(listed.items.map(({ subject }) => subject.id).sort()).toEqual([ids.Lions!, ids.A3!].sort());
  const other = await enter(['team-leader'], { teams: [ids.Tigers!] });
  expect(((await other.call('GET', '/targets')).body as { items: unknown[] }).items).toEqual([]);
});

test('a manager who is moved to another branch sees that one from the next request on', async () => {
  const { call, id } = await enter(['branch-manager'], { branches: [ids.GALLE!] });
  expect(await references(call)).toContain('S2');
  await host.owner.query('UPDATE people.people SET branches = ARRAY[$2::uuid] WHERE id = $1', [
    id,
    ids.KANDY,
  ]);
  await expect.poll(() => references(call), { timeout: 10_000 }).toEqual(['S4', 'S5']);
});

test('dashboards of single agents are for those who may see agents, SQL for those who reach everything', async () => {
  const operator = await enter(['operator']);
  const names = ((await operator.call('GET', '/insights')).body as { items: { group: string }[] }).items;
  expect(names.some(({ group }) => group === 'agents')).toBe(false);
  expect(await operator.call('GET', '/insights/top-agents')).toMatchObject({
    status: 403,
    body: { code: 'insight_beyond_reach' },
  });
  expect(((await operator.call('GET', '/overview')).body as { agents: unknown[] }).agents).toEqual([]);
  const manager = await enter(['branch-manager'], { branches: [ids.GALLE!] });
  expect(await manager.call('POST', '/queries/run', { sql: 'SELECT 1' })).toMatchObject({ status: 403 });
  expect(await manager.call('GET', '/insights/status-shares')).toMatchObject({ status: 403 });
  // An analyst who is limited by nothing else may.
  expect((await (await enter(['analyst'])).call('POST', '/queries/run', { sql: 'SELECT 1' })).status).toBe(
    200,
  );
});

test('a live stream tells only of what is in reach, and ends when the role is taken away', async () => {
  const { cookie, id } = await enter(['branch-manager'], { branches: [ids.KANDY!] });
  const abort = new AbortController();
  const response = await fetch(`${host.url}/api/live?types=sales.recorded`, {
    headers: { cookie },
    signal: abort.signal,
  });
  let text = '';
  let ended = false;
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) text += decoder.decode(chunk, { stream: true });
    ended = true;
  })().catch(() => {});
  const core = await host.client(salesApi, 'sales:write');
  await core.recordSale({ body: sale('L1', 'A1', '1') });
  await core.recordSale({ body: sale('L2', 'A4', '1') });
  await expect.poll(() => text, { timeout: 10_000 }).toContain('"L2"');
  expect(text).not.toContain('"L1"');
  await host.owner.query(`UPDATE people.people SET roles = '{}' WHERE id = $1`, [id]);
  for (let n = 0; !ended && n < 40; n += 1) {
    await core.recordSale({ body: sale(`M${n}`, 'A4', '1') });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(ended).toBe(true);
  abort.abort();
  await reading;
});

import { people } from '@moonbase/people/service.ts';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentsApi } from './api.ts';
import { demoAgents, demoBranches, demoTeams } from './seed.ts';
import { agents } from './service.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost([people, agents]);
});
afterAll(() => host.stop());

/** What a request without the typed client answers: status and problem. */
async function send(path: string, init: RequestInit & { headers?: Record<string, string> }) {
  const response = await fetch(`${host.url}/api${path}`, init);
  const text = await response.text();
  return { status: response.status, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
}

test('a branch manager takes agents in from a core system and a file, works with them, and erases one', async () => {
  const manager = await host.client(
    agentsApi,
    ...['agents:read', 'agents:write', 'reference:write', 'privacy:write'],
  );

  const galle = await manager.createBranch({
    body: { code: 'GAL', name: 'Galle', region: 'South', zone: 'Asia/Colombo' },
  });
  const lotus = await manager.createTeam({ body: { name: 'Lotus' } });
  const life = await manager.createProduct({
    body: { code: 'LIFE', type: 'Life', name: 'Life Term Plan', targetAmount: '1000000', currency: 'LKR' },
  });

  // A core system pushes three, one of them wrong.
  const pushed = await manager.pushAgents({
    body: {
      agents: [
        {
          code: 'AGT001',
          firstName: 'Nimal',
          lastName: 'Perera',
          branch: 'GAL',
          team: 'Lotus',
          hireDate: '2023-04-01',
          email: 'nimal@example.com',
          authorisations: [{ product: 'LIFE', from: '2023-04-01' }],
        },
        { code: 'AGT002', firstName: 'Saman', lastName: 'Silva', branch: 'GAL' },
        { code: 'AGT003', firstName: 'Ruwan', lastName: 'Fernando', branch: 'KAN' },
      ],
    },
  });
  expect(pushed).toMatchObject({ created: 2, changed: 0, unchanged: 0 });
  expect(pushed.rejected).toEqual([
    {
      row: 2,
      code: 'AGT003',
      faults: [{ at: '/branch', message: 'There is no branch with the code "KAN".' }],
      remedy: expect.any(String),
    },
  ]);

  // A file brings one more and one that is known.
  const key = await host.key('reference:write');
  const file = 'code;first_name;last_name;branch\nAGT004;Ishara;Jayasinghe;GAL\nAGT002;Saman;Silva;GAL\n';
  const imported = await send('/agents/import?file=agents.csv', {
    method: 'POST',
    headers: { ...key, 'content-type': 'text/csv' },
    body: file,
  });
  expect(imported).toMatchObject({
    status: 200,
    body: { status: 'done', fileName: 'agents.csv', rows: 2, created: 1, unchanged: 1, rejected: 0 },
  });

  // Found by the beginning of a name.
  const found = await manager.listAgents({ query: { search: 'per', branch: galle.id } });
  expect(found.items.map((agent) => agent.code)).toEqual(['AGT001']);
  const nimal = found.items[0]!;
  expect(nimal).toMatchObject({ teamId: lotus.id, authorisations: [{ productId: life.id, to: null }] });

  // Two managers have the profile open; the second is told.
  const params = { id: nimal.id };
  const changed = await manager.changeAgent({ params, body: { version: 1, contact: '+94 77 123 4567' } });
  expect(changed.version).toBe(2);
  await expect(
    manager.changeAgent({ params, body: { version: 1, contact: '+94 11' } }),
  ).rejects.toMatchObject({
    status: 409,
    code: 'version_conflict',
    remedy: expect.stringContaining('again'),
  });

  await manager.deactivateAgent({ params, body: { version: 2, reason: 'On leave' } });
  const history = await manager.listChanges({ params, query: {} });
  expect(history.items.map((change) => [change.kind, change.reason])).toEqual([
    ['deactivated', 'On leave'],
    ['changed', null],
    ['created', null],
  ]);
  expect(history.items[0]!.actor).toMatch(/^key:/);

  const exported = await send('/agents/export', { headers: key });
  expect(exported.status).toBe(403);
  const reader = await host.key('agents:read');
  const csv = await send('/agents/export', { headers: reader });
  expect(csv.text.split('\r\n').slice(0, 2)).toEqual([
    'code,first_name,last_name,branch,team,email,contact,hire_date,status,authorisations',
    'AGT001,Nimal,Perera,GAL,Lotus,nimal@example.com,+94 77 123 4567,2023-04-01,inactive,LIFE@2023-04-01..',
  ]);

  await manager.eraseAgent({ params });
  const after = await manager.readAgent({ params });
  expect(after).toMatchObject({ code: 'AGT001', erased: true, firstName: null });
  expect((await manager.listAgents({ query: { search: 'nimal' } })).items).toEqual([]);

  // What other services learnt, in the order of each agent.
  await host.settled();
  const told = (await host.host.events.read({ after: 0, limit: 1000 })).filter(
    (event) => event.key === nimal.id,
  );
  expect(told.map((event) => [event.type, (event.payload as { change?: string }).change])).toEqual([
    ['agents.changed', 'created'],
    ['agents.changed', 'changed'],
    ['agents.changed', 'deactivated'],
    ['agents.erased', undefined],
  ]);
  for (const event of told.slice(0, 3)) expect(event.payload).toMatchObject({ firstName: null, email: null });
});

test('bad input is answered with the place and the remedy, and changes nothing', async () => {
  const headers = await host.key('agents:read', 'agents:write', 'reference:write');
  const json = { ...headers, 'content-type': 'application/json' };
  const before = await send('/agents?limit=200', { headers });
  const post = (body: string) => send('/agents', { method: 'POST', headers: json, body });
  const unknown = await post(JSON.stringify({ code: 'X', firstName: 'A', lastName: 'B', branch: 'GAL' }));
  expect(unknown).toMatchObject({ status: 422, body: { code: 'invalid' } });
  expect(unknown.body.faults.map((fault: { at: string }) => fault.at)).toEqual(
    expect.arrayContaining(['/branchId', '/branch']),
  );
  expect(await post('{"code": "X",')).toMatchObject({ status: 400, body: { code: 'not_json' } });
  expect(await post('{"code":"X\\u0000"}')).toMatchObject({ status: 422 });
  const csv = (body: string, type = 'text/csv') =>
    send('/agents/import', { method: 'POST', headers: { ...headers, 'content-type': type }, body });
  expect(await csv('code/first_name\nA/B\n')).toMatchObject({
    status: 422,
    body: {
      code: 'csv_columns',
      faults: expect.arrayContaining([expect.objectContaining({ at: 'line 1, column "code"' })]),
    },
  });
  expect(await csv('{}', 'application/x-ndjson')).toMatchObject({ status: 415 });
  for (const answer of [unknown, await csv('code\n"')])
    expect(answer.text).not.toMatch(/\bat .*\.ts|node_modules|SELECT|INSERT/);
  expect(await send('/agents?limit=200', { headers })).toEqual(before);
});

test('without the right nothing can be seen or done', async () => {
  expect((await send('/agents', {})).status).toBe(401);
  const reader = await host.client(agentsApi, 'agents:read');
  await expect(reader.createTeam({ body: { name: 'Nobody' } })).rejects.toMatchObject({ status: 403 });
  const seller = await host.client(agentsApi, 'sales:read');
  await expect(seller.listAgents({ query: {} })).rejects.toMatchObject({ status: 403 });
});

test('the demo data hold together and are the same every time', async () => {
  const own = await startTestHost([people, agents]);
  try {
    const context = own.host.context('agents');
    await agents.seed!(context);
    await agents.seed!(context);
    const client = await own.client(agentsApi, 'agents:read');
    const list = await client.listAgents({ query: { limit: 200 } });
    expect(list.items.map((agent) => agent.id)).toEqual(demoAgents.map((agent) => agent.id));
    expect(new Set(demoAgents.map((agent) => agent.email)).size).toBe(60);
    expect(new Set(demoAgents.map((agent) => `${agent.firstName} ${agent.lastName}`)).size).toBe(60);
    for (const { id } of demoBranches)
      expect(demoAgents.filter((agent) => agent.branchId === id).length).toBeGreaterThan(3);
    for (const { id } of demoTeams)
      expect(demoAgents.filter((agent) => agent.teamId === id).length).toBeGreaterThan(5);
    await own.settled();
    const events = await own.host.events.read({ after: 0, limit: 1000 });
    expect(events.filter((event) => event.type === 'agents.changed')).toHaveLength(60);
  } finally {
    await own.stop();
  }
});

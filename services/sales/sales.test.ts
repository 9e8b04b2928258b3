import { agentsApi } from '@moonbase/agents/api.ts';
import { agents } from '@moonbase/agents/service.ts';
import { people } from '@moonbase/people/service.ts';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { salesApi } from './api.ts';
import { sales } from './service.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost([people, agents, sales]);
});
afterAll(() => host.stop());

/** A branch, a product and an agent who may sell it, as an office would enter them. */
async function enterAgent(code: string) {
  const office = await host.client(agentsApi, 'agents:read', 'agents:write', 'reference:write');
  const branch = await office.putBranch({
    params: { code: 'CMB' },
    body: { name: 'Colombo', region: 'West' },
  });
  const product = await office.putProduct({
    params: { code: 'LIFE' },
    body: { type: 'Life', name: 'Life', targetAmount: '1000', currency: 'USD' },
  });
  const agent = await office.createAgent({
    body: {
      ...{ code, firstName: 'Nimal', lastName: 'Perera', branchId: branch.id, hireDate: '2024-01-01' },
      authorisations: [{ productId: product.id, from: '2024-01-01' }],
    },
  });
  await host.settled();
  return { branch, product, agent };
}

const sale = (reference: string, change = {}) => ({
  ...{ reference, agent: 'AGT001', product: 'LIFE', amount: '600.00', soldAt: '2025-03-10T10:00:00Z' },
  ...change,
});

test('a core system pushes a sale, the office corrects it, and a target is reached', async () => {
  const { agent, branch } = await enterAgent('AGT001');
  const core = await host.client(salesApi, 'sales:write');
  const office = await host.client(salesApi, 'sales:read', 'sales:write', 'targets:read', 'targets:write');

  const target = await office.createTarget({
    body: {
      subject: { kind: 'agent', id: agent.id },
      period: { kind: 'month', from: '2025-03-01' },
      ...{ measure: 'amount', value: '1000', currency: 'USD' },
    },
  });
  const receipt = await core.recordSale({ body: sale('R1') });
  expect(receipt).toMatchObject({
    status: 'recorded',
    day: '2025-03-10',
    branchId: branch.id,
    currency: 'USD',
  });
  expect(await core.recordSale({ body: sale('R1') })).toEqual(receipt);
  await expect(core.recordSale({ body: sale('R1', { amount: '7' }) })).rejects.toMatchObject({
    ...{ status: 409, code: 'reference_conflict' },
  });
  await expect(core.listSales({})).rejects.toMatchObject({ status: 403 });

  await host.settled();
  const before = await office.getTarget({ params: { id: target.targetId } });
  expect(before.current).toMatchObject({ progress: '600.0000', percent: 60, reached: [{ threshold: 50 }] });

  await office.correctSale({
    params: { id: receipt.saleId },
    body: { amount: '1000', reason: 'rider forgotten' },
  });
  await host.settled();
  const after = await office.getTarget({ params: { id: target.targetId } });
  expect(after.current.reached.map((each) => each.threshold)).toEqual([50, 80, 100]);

  const { items } = await office.listSales({ query: { agentId: agent.id } });
  expect(items).toMatchObject([{ saleId: receipt.saleId, amount: '1000.0000', revision: 2 }]);
  const history = await office.getSaleHistory({ params: { id: receipt.saleId } });
  expect(history.items.map((entry) => entry.change)).toEqual(['corrected', 'recorded']);

  await office.cancelSale({ params: { id: receipt.saleId }, body: { reason: 'withdrawn' } });
  await host.settled();
  const { totals } = await office.totalSales({ query: {} });
  expect(totals).toEqual([]);
});

test('a sale of an agent whom nobody has entered waits, and is taken in when the agent is entered', async () => {
  const core = await host.client(salesApi, 'sales:write', 'sales:read');
  const receipt = await core.recordSale({ body: sale('W1', { agent: 'AGT900' }) });
  expect(receipt).toMatchObject({ status: 'waiting', day: null });
  expect(await core.listRejectedSales({ query: { status: 'waiting' } })).toMatchObject({
    items: [{ id: receipt.saleId, code: 'agent_unknown', reference: 'W1' }],
  });
  await enterAgent('AGT900');
  const taken = await core.getSale({ params: { id: receipt.saleId } });
  expect(taken).toMatchObject({ reference: 'W1', agents: [{ code: 'AGT900', name: 'Nimal Perera' }] });
});

test('what is wrong with a sale is answered with the field and what to do, and without a stack trace', async () => {
  const headers = { ...(await host.key('sales:write')), 'content-type': 'application/json' };
  const post = async (body: string | Uint8Array<ArrayBuffer>) => {
    const answer = await fetch(`${host.url}/api/sales`, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.text() };
  };
  const cases: [string | Uint8Array<ArrayBuffer>, number, RegExp][] = [
    ['{"reference":', 400, /line 1/],
    [JSON.stringify(sale('B1', { amount: 12 })), 422, /\/amount/],
    [JSON.stringify(sale('B2', { amuont: '12' })), 422, /\/amuont/],
    [JSON.stringify(sale('B3\0')), 422, /NUL/],
    [JSON.stringify(sale('B4', { soldAt: '2100-01-01' })), 422, /date_impossible.*\/soldAt/],
    [JSON.stringify(sale('B5', { product: 'BOAT' })), 422, /product_unknown.*\/product/],
    [new Uint8Array([0x22, 0xff, 0x22]), 400, /UTF-8/],
    [`"${'x'.repeat(2_000_000)}"`, 413, /too_large/],
  ];
  for (const [body, status, told] of cases) {
    const answer = await post(body);
    expect(answer).toMatchObject({ status });
    expect(answer.text).toMatch(told);
    expect(answer.text).toContain('"remedy"');
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d/);
  }
});

test('a CSV goes through the same door: good rows land, bad ones are listed with their line', async () => {
  const headers = { ...(await host.key('sales:write', 'sales:read')), 'content-type': 'text/csv' };
  const rows = Array.from(
    { length: 2000 },
    (_, n) => `C${n},AGT001,${n === 1000 ? 'BOAT' : 'LIFE'},1.25,2025-03-11`,
  );
  const answer = await fetch(`${host.url}/api/sales/upload?source=file`, {
    method: 'POST',
    headers,
    body: `reference,agent,product,amount,soldAt\n${rows.join('\n')}\n`,
  });
  const lines = (await answer.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.at(-1)).toMatchObject({ summary: { rows: 2000, recorded: 1999, rejected: 1 } });
  expect(lines.find((line) => line.row)).toMatchObject({ row: { line: 1002, code: 'product_unknown' } });
  const missing = await fetch(`${host.url}/api/sales/upload`, {
    method: 'POST',
    headers,
    body: 'a,b\n1,2\n',
  });
  expect(missing.status).toBe(400);
  expect(await missing.text()).toMatch(/upload_columns.*reference/);
  const csv = await fetch(`${host.url}/api/sales/export?source=file`, { headers });
  expect((await csv.text()).trim().split('\r\n')).toHaveLength(2000);
});

import { agentsApi } from '@moonbase/agents/api.ts';
import { agents } from '@moonbase/agents/service.ts';
import { newId } from '@moonbase/data';
import { publish } from '@moonbase/events';
import { notifications } from '@moonbase/notifications/service.ts';
import { peopleErased } from '@moonbase/people/events.ts';
import { people } from '@moonbase/people/service.ts';
import { salesApi } from '@moonbase/sales/api.ts';
import { sales } from '@moonbase/sales/service.ts';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insightsApi } from './api.ts';
import { insights } from './service.ts';

const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
let host: TestHost;
beforeAll(async () => {
  host = await startTestHost([people, agents, sales, notifications, insights], { clock });
});
afterAll(() => host.stop());

async function enterAgent() {
  const office = await host.client(agentsApi, 'agents:read', 'agents:write', 'reference:write');
  const branch = await office.putBranch({
    params: { code: 'CMB' },
    body: { name: 'Colombo', region: 'West' },
  });
  await office.createTeam({ body: { name: 'Alpha' } });
  const product = await office.putProduct({
    params: { code: 'LIFE' },
    body: { type: 'Life', name: 'Term life', targetAmount: '500', currency: 'USD' },
  });
  await office.putAgent({
    params: { code: 'AGT001' },
    body: {
      ...{ firstName: 'Nimal', lastName: 'Perera', branch: 'CMB', team: 'Alpha', hireDate: '2024-01-01' },
      authorisations: [{ product: 'LIFE', from: '2024-01-01' }],
    },
  } as never);
  await host.settled();
  return { branch, product };
}

const sale = (reference: string, amount: string, soldAt: string) => ({
  ...{ reference, amount, soldAt, agent: 'AGT001', product: 'LIFE', currency: 'USD' },
});

test('sales are pushed, and the figures are on every dashboard, in the tables, in SQL and in files', async () => {
  const { branch, product } = await enterAgent();
  const core = await host.client(salesApi, 'sales:write');
  await core.recordSale({ body: sale('R1', '600.25', '2026-11-21T03:00:00Z') });
  await core.recordSale({ body: sale('R2', '99.75', '2026-10-05T03:00:00Z') });
  const gone = await core.recordSale({ body: sale('R3', '1000', '2026-11-20T03:00:00Z') });
  await core.cancelSale({ params: { id: (gone as { saleId: string }).saleId }, body: { reason: 'twice' } });
  await host.settled();

  const manager = await host.client(insightsApi, 'insights:read', 'agents:read');
  const { items } = await manager.listInsights();
  expect(items.length).toBeGreaterThanOrEqual(17);
  const daily = await manager.askInsight({ params: { name: 'daily-sales' }, query: { branch: branch.id } });
  expect(daily.rows.at(-1)).toEqual({ day: '2026-11-21', total: '600.2500', sales: 1 });
  expect(daily).toMatchObject({ from: '2026-11-15', to: '2026-11-21', currency: 'USD', others: [] });
  const agentsTop = await manager.askInsight({
    params: { name: 'top-agents' },
    query: { from: '2026-10-01' },
  });
  expect(agentsTop.rows).toMatchObject([{ agent: 'Nimal Perera', total: '700.0000', sales: 2 }]);
  const overview = await manager.readOverview();
  expect(overview).toMatchObject({
    today: { total: '600.2500', sales: 1 },
    yesterday: { total: '0.0000', sales: 0 },
    agents: [{ name: 'Nimal Perera', total: '600.2500' }],
    teams: [{ name: 'Alpha' }],
  });

  const csv = (await manager.exportInsight({ params: { name: 'product-targets' }, query: {} })) as Response;
  expect(csv.headers.get('content-disposition')).toContain('product-targets.csv');
  expect(await csv.text()).toBe(
    'product,target,total,achieved,status,currency\r\nTerm life,500.0000,700.0000,1.4,Achieved,USD\r\n',
  );
  const parquet = (await manager.exportInsight({
    params: { name: 'daily-sales' },
    query: { format: 'parquet' },
  })) as Response;
  expect((await parquet.text()).slice(0, 4)).toBe('PAR1');

  const analyst = await host.client(
    insightsApi,
    'insights:query',
    'insights:read',
    'agents:read',
    'system:read',
  );
  await analyst.startRun();
  await host.settled();
  const table = await analyst.readInsightTable({ params: { table: 'product-performance' }, query: {} });
  expect(table.run).toMatchObject({
    trigger: 'person',
    rows: { product_performance: 1, team_performance: 1 },
  });
  expect(table.rows).toMatchObject([
    {
      id: product.id,
      name: 'Term life',
      total: '700.0000',
      count: 2,
      target: '500.0000',
      status: 'Achieved',
    },
  ]);
  expect((await analyst.listRuns({ query: {} })).items).toHaveLength(1);

  const asked = await analyst.runQuery({
    body: {
      sql: 'SELECT product_id, sum(amount) AS total, sum(sales) AS sales FROM sale_movements GROUP BY ALL',
    },
  });
  expect(asked).toMatchObject({ rows: [[product.id, '700.0000', 2]], truncated: false });
  const views = (await analyst.readCatalogue()).views.map((view) => view.view);
  expect(views).toEqual(
    expect.arrayContaining(['sales', 'sales_recorded', 'agents_changed', 'notifications']),
  );
  const file = (await analyst.exportQuery({
    body: { sql: 'SELECT amount FROM sales ORDER BY 1' },
  })) as Response;
  expect(await file.text()).toBe('amount\n99.7500\n600.2500\n');

  const report = await analyst.reconcile();
  expect(report).toMatchObject({ agrees: true, differences: [], totals: [{ total: '700.0000', sales: 2 }] });
});

test('a wrong query is answered with the place and what to do, and needs its permission', async () => {
  const analyst = await host.client(insightsApi, 'insights:query', 'agents:read');
  await expect(analyst.runQuery({ body: { sql: 'SELECT x FROM nowhere' } })).rejects.toMatchObject({
    status: 400,
    code: 'query_wrong',
    faults: [{ at: '/sql line 1, column 15', message: expect.stringContaining('nowhere') }],
  });
  await expect(analyst.runQuery({ body: { sql: "COPY (SELECT 1) TO '/tmp/x'" } })).rejects.toMatchObject({
    code: 'query_refused',
  });
  await expect(
    analyst.runQuery({ body: { sql: "SELECT * FROM read_text('/etc/passwd')" } }),
  ).rejects.toMatchObject({ status: 403, code: 'query_forbidden' });
  const manager = await host.client(insightsApi, 'insights:read', 'agents:read');
  await expect(manager.runQuery({ body: { sql: 'SELECT 1' } })).rejects.toMatchObject({ status: 403 });
});

test('a saved query is its owner’s until it is shared, and only the owner changes it', async () => {
  const mine = await host.client(insightsApi, 'insights:query', 'agents:read');
  const theirs = await host.client(insightsApi, 'insights:query', 'agents:read');
  const saved = await mine.createQuery({ body: { title: 'All sales', sql: 'SELECT * FROM sales' } });
  expect(saved).toMatchObject({ mine: true, shared: false, revision: 1 });
  const params = { id: saved.id };
  await expect(theirs.readQuery({ params })).rejects.toMatchObject({ code: 'saved_query_unknown' });
  expect((await theirs.listQueries()).items).toEqual([]);
  const body = { title: 'All sales', sql: 'SELECT 1', shared: true };
  const shared = await mine.changeQuery({ params, body: { ...body, revision: 1 } });
  expect(shared).toMatchObject({ shared: true, revision: 2, sql: 'SELECT 1' });
  await expect(mine.changeQuery({ params, body: { ...body, revision: 1 } })).rejects.toMatchObject({
    code: 'revision_conflict',
  });
  expect(await theirs.readQuery({ params })).toMatchObject({ mine: false });
  await expect(theirs.changeQuery({ params, body })).rejects.toMatchObject({ code: 'saved_query_foreign' });
  await expect(theirs.deleteQuery({ params })).rejects.toMatchObject({ code: 'saved_query_foreign' });
  await mine.deleteQuery({ params });
  await expect(mine.readQuery({ params })).rejects.toMatchObject({ code: 'saved_query_unknown' });
});

test('an erased person’s name is gone from shared queries, and their own queries are gone', async () => {
  const analyst = await host.client(insightsApi, 'insights:query', 'agents:read');
  const body = { sql: 'SELECT 1', shared: true };
  const shared = await analyst.createQuery({ body: { ...body, title: 'Shared' } });
  const own = await analyst.createQuery({ body: { ...body, title: 'Own', shared: false } });
  const person = newId();
  await host.owner.query(
    `UPDATE insights.queries SET owner = 'person:' || $1, owner_name = 'Nimal' WHERE id IN ($2, $3)`,
    [person, shared.id, own.id],
  );
  await host.db.transaction((tx) =>
    publish(tx, peopleErased, { key: person, payload: { personId: person } }),
  );
  await host.settled();
  const left = await host.db.query('SELECT title, owner_name FROM insights.queries WHERE id IN ($1, $2)', [
    shared.id,
    own.id,
  ]);
  expect(left.rows).toEqual([{ title: 'Shared', owner_name: 'Erased person' }]);
});

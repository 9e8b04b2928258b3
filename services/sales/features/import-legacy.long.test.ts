import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { notificationsApi } from '@moonbase/notifications/api.ts';
import mysql from 'mysql2/promise';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importCommand } from '../commands.ts';
import { type ImportWorld, sharedData, startImportWorld } from '../fixtures/import-world.ts';

const HOST = process.env.MOON_TEST_MYSQL ?? 'mysql://root@127.0.0.1:3306';
const name = `moon_test_${process.pid}`;

let imports: ImportWorld;
let source: mysql.Connection;
beforeEach(async () => {
  const script = await readFile(sharedData('moon-legacy.sql'), 'utf8');
  source = await mysql.createConnection({
    uri: HOST,
    multipleStatements: true,
    dateStrings: true,
    charset: 'utf8mb4',
  });
  // The script makes databases of its own names, which may be somebody's.
  await source.query(script.replace(/\bmoon_?insurance\b/g, name));
  await source.query(`SET time_zone = '+00:00'`);
  imports = await startImportWorld();
});
afterEach(async () => {
  await imports.host.stop();
  await source.query(`DROP DATABASE IF EXISTS ${name}`);
  await source.end();
});

const theirs = async (text: string) => (await source.query(text))[0];
const ours = async (text: string) => {
  await imports.host.settled();
  return (await imports.host.db.query(text)).rows;
};
const byMessage = (a: { message: string }, b: { message: string }) => (a.message < b.message ? -1 : 1);
const run = (url = `${HOST}/${name}`) => importCommand.run([url], { currency: 'LKR' }, imports.world);

test('everything comes over, twice without doubling, and agrees with SQL on the source', async () => {
  for (let time = 0; time < 2; time += 1) {
    imports.printed.length = 0;
    await run();
    expect(
      await ours('SELECT count(*)::int AS n, sum(amount)::numeric(19,2)::text AS sum FROM sales.sales'),
    ).toEqual(await theirs('SELECT COUNT(*) AS n, SUM(amount) AS sum FROM sales'));
    expect(
      await ours(
        `SELECT a.code, p.name, s.amount::numeric(10,2)::text AS amount, s.day, b.name AS branch, s.reference
         FROM sales.sales s JOIN sales.known_agents a ON a.id = s.agent_id JOIN sales.known_products p ON p.id = s.product_id
         JOIN sales.known_branches b ON b.id = s.branch_id ORDER BY s.reference::int`,
      ),
    ).toEqual(
      await theirs(
        `SELECT agent_code AS code, product_name AS name, amount, sale_date AS day, branch, CAST(sale_id AS CHAR) AS reference
         FROM sales JOIN products USING (product_id) ORDER BY sale_id`,
      ),
    );
    expect(
      await ours(
        `SELECT a.code, a.first_name, a.last_name, a.email, a.contact, t.name AS team, b.name AS branch, a.hire_date
         FROM agents.agents a JOIN agents.teams t ON t.id = a.team_id JOIN agents.branches b ON b.id = a.branch_id
         ORDER BY a.code`,
      ),
    ).toEqual(
      await theirs(
        `SELECT agent_code AS code, first_name, last_name, email, contact_number AS contact, team, branch, hire_date
         FROM agents ORDER BY agent_code`,
      ),
    );
    expect(
      await ours(
        `SELECT p.name, t.value::numeric(10,2)::text AS value FROM sales.targets t
         JOIN sales.known_products p ON p.id = t.subject_id WHERE t.period = 'open' ORDER BY p.name`,
      ),
    ).toEqual(
      await theirs('SELECT product_name AS name, target_amount AS value FROM products ORDER BY product_name'),
    );
    const told = await imports.host.client(notificationsApi, 'notifications:write');
    const { items } = await told.listDeliveries({ query: { limit: 100 } });
    const imported = items.filter((each) => each.body !== '' && each.kind !== 'target-reached');
    expect(
      imported
        .map((each) => ({ message: each.body, sent_at: each.sentAt?.slice(0, 19).replace('T', ' ') }))
        .sort(byMessage),
    ).toEqual(
      ((await theirs('SELECT message, sent_at FROM notifications')) as { message: string }[]).sort(byMessage),
    );
    expect(new Set(imported.map((each) => each.status))).toEqual(new Set(['SENT']));
  }
  expect(imports.printed).toEqual([
    ...['Products: 5. Agents: 8.', 'Targets: 5.', 'Sales: 6 read, 0 recorded, 6 there already.'],
    ...['Amount: 606000.00' + '00 LKR', 'Notifications: 0 taken over, 6 there already.'],
  ]);
  // Agents may sell what they sold, from the day they were hired, and nothing else.
  expect(
    await ours(
      `SELECT a.code, p.code AS product, lower(z.days)::text AS from, upper_inf(z.days) AS open
       FROM sales.known_authorisations z JOIN sales.known_agents a ON a.id = z.agent_id
       JOIN sales.known_products p ON p.id = z.product_id ORDER BY 1, 2 LIMIT 2`,
    ),
  ).toEqual([
    { code: 'AGT001', product: 'P1', from: '2023-04-01', open: true },
    { code: 'AGT002', product: 'P2', from: '2022-06-15', open: true },
  ]);
});

test('rows that the new Moon cannot take are listed, with their number, and nothing else is lost', async () => {
  await source.query(`
    INSERT INTO sales (sale_id, agent_code, product_id, amount, sale_date, branch) VALUES
      (101, 'AGT004', NULL, 10, '2024-04-01', 'Galle'), (102, 'AGT004', 1, NULL, '2024-04-01', 'Galle'),
      (103, 'AGT004', 1, 10, '2020-01-01', 'Galle'), (104, 'AGT004', 1, 10, '2024-04-01', NULL)`);
  await run();
  expect(imports.printed.filter((line) => line.startsWith('  row')).map((line) => line.slice(0, 24))).toEqual(
    [
      ...['  row 101 (101, product):', '  row 102 (102, amount): ', '  row 103 (103, product):'].map((line) =>
        line.slice(0, 24),
      ),
    ],
  );
  // Sale 104 names no branch: it counts where its agent belongs.
  expect(
    await ours(
      `SELECT b.name FROM sales.sales s JOIN sales.known_branches b ON b.id = s.branch_id WHERE s.reference = '104'`,
    ),
  ).toEqual([{ name: 'Galle' }]);
});

test('when MySQL goes away in the middle it says so, and the next run completes it', async () => {
  const rows = Array.from(
    { length: 3500 },
    (_, n) => `(${1000 + n}, 'AGT001', 1, 12.34, '2024-03-15', 'Colombo')`,
  );
  await source.query(
    `INSERT INTO sales (sale_id, agent_code, product_id, amount, sale_date, branch) VALUES ${rows.join()}`,
  );
  const { port } = new URL(HOST);
  const sockets: Socket[] = [];
  let pages = 0;
  const proxy = createServer((socket) => {
    const server = connect(Number(port || 3306), '127.0.0.1');
    sockets.push(socket, server);
    socket
      .on('error', () => server.destroy())
      .on('data', (data) => {
        // The third page of sales is asked for, and never answered.
        if (data.includes('FROM sales WHERE sale_id >')) pages += 1;
        if (pages === 3) for (const each of sockets) each.destroy();
        else server.write(data);
      });
    server.on('error', () => socket.destroy()).pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const through = HOST.replace(/@.*/, `@127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    await expect(run(`${through}/${name}`)).rejects.toMatchObject({
      code: 'source_unreachable',
      message: expect.stringContaining('MySQL says'),
      remedy: expect.stringContaining('run the import again'),
    });
  } finally {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  }
  const [half] = (await ours('SELECT count(*) AS n FROM sales.sales')) as { n: number }[];
  expect(half!.n).toBeGreaterThan(0);
  expect(half!.n).toBeLessThan(3506);
  await run();
  expect(
    await ours('SELECT count(*)::int AS n, sum(amount)::numeric(19,2)::text AS sum FROM sales.sales'),
  ).toEqual(await theirs('SELECT COUNT(*) AS n, SUM(amount) AS sum FROM sales'));
});

test('a database that is not there is told in one line', async () => {
  await expect(run(`${HOST}/moon_no_such_database`)).rejects.toMatchObject({
    ...{ code: 'source_unreachable', message: expect.stringMatching(/moon_no_such_database/) },
  });
  await expect(run('mysql://root@127.0.0.1:1/moon')).rejects.toMatchObject({ code: 'source_unreachable' });
});

import { newId } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { csvOf } from './export-agents.ts';
import { importFile } from './import-agents.ts';
import { listRejectedRows, readImport } from './read-import.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
});
afterEach(() => world.drop());

async function* bytes(...parts: (string | Error)[]) {
  for (const part of parts) {
    if (typeof part !== 'string') throw part;
    yield Buffer.from(part);
  }
}

function take(...parts: (string | Error)[]) {
  return importFile(world.context, { id: newId(), fileName: 'agents.csv', bytes: bytes(...parts) });
}

async function rejected(id: string) {
  const answer = await world.call(listRejectedRows, {
    params: { id },
    query: { limit: 50, cursor: undefined },
  });
  return answer.body.items;
}

async function count() {
  const answer = await world.db.query<{ count: number }>('SELECT count(*) FROM agents.agents');
  return answer.rows[0]!.count;
}

const header = 'code,first_name,last_name,branch,team,hire_date\n';

test('a file lands, and again changes nothing', async () => {
  const content = `${header}A1,Nimal,Perera,N,Lions,2024-01-01\nA2,Saman,Silva,S,,\n`;
  expect(await take(content)).toMatchObject({
    status: 'done',
    fileName: 'agents.csv',
    rows: 2,
    created: 2,
    changed: 0,
    unchanged: 0,
    rejected: 0,
    error: null,
  });
  expect(await take(content)).toMatchObject({ created: 0, unchanged: 2 });
  expect(await count()).toBe(2);
});

test('one bad line among 500 is listed with line, column and remedy; the others land', async () => {
  const lines = Array.from({ length: 500 }, (_, index) => `A${index},Nimal,Perera,N,,2024-01-01\n`);
  lines[250] = 'A250,Nimal,Perera,N,,2024-02-31\n';
  const progress = await take(header, ...lines);
  expect(progress).toMatchObject({ rows: 500, created: 499, rejected: 1, status: 'done' });
  expect(await rejected(progress.id)).toEqual([
    {
      row: 252,
      code: 'A250',
      faults: [{ at: 'line 252, column "hire_date"', message: expect.any(String) }],
      remedy: expect.any(String),
    },
  ]);
  expect(await count()).toBe(499);
});

test('values of personal columns are not kept with rejected lines', async () => {
  await take(`${header}A1,Nimal,${'Perera'.repeat(40)},X,Nobody,\nA2,Nimal\n`);
  const kept = await world.db.query('SELECT * FROM agents.rejected_rows');
  expect(kept.rowCount).toBe(2);
  expect(JSON.stringify(kept.rows)).not.toMatch(/Nimal|Perera/);
});

test('a file without the needed columns lands nothing and is kept as broken', async () => {
  const id = newId();
  const taking = importFile(world.context, { id, fileName: null, bytes: bytes('code,name\nA1,Nimal\n') });
  await expect(taking).rejects.toMatchObject({ code: 'csv_columns' });
  expect(await count()).toBe(0);
  const answer = await world.call(readImport, { params: { id } });
  expect(answer.body).toMatchObject({ status: 'broken', error: expect.stringContaining('first_name') });
});

test('half a file: whole lines before the break land, and sending it again completes it', async () => {
  const lines = Array.from({ length: 700 }, (_, index) => `A${index},Nimal,Perera,N,,\n`).join('');
  const half = header + lines.slice(0, lines.length / 2);
  await expect(take(half, new Error('aborted'))).rejects.toThrow('aborted');
  const broken = await world.db.query<{ status: string; error: string }>(
    'SELECT status, error FROM agents.imports',
  );
  expect(broken.rows).toEqual([{ status: 'broken', error: expect.stringContaining('send the file again') }]);
  const landed = await count();
  expect(landed).toBeGreaterThan(300);
  expect(landed).toBeLessThan(400);
  expect(await take(header, lines)).toMatchObject({ created: 700 - landed, unchanged: landed });
  expect(await count()).toBe(700);
});

test('good lines before a quote that is never closed land', async () => {
  await expect(take(`${header}A1,Nimal,Perera,N,,\nA2,"Saman,Silva,S,,\n`)).rejects.toMatchObject({
    code: 'csv_unreadable',
    faults: [{ at: 'line 3' }],
  });
  expect(await count()).toBe(1);
});

test('progress shows while the file arrives', async () => {
  const id = newId();
  const seen: unknown[] = [];
  async function* slowly() {
    yield Buffer.from(header);
    yield Buffer.from(Array.from({ length: 1100 }, (_, index) => `A${index},Nimal,Perera,N,,\n`).join(''));
    for (let tries = 0; tries < 100; tries += 1) {
      const { body } = await world.call(readImport, { params: { id } });
      if (body.rows >= 1000) {
        seen.push(body);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  await importFile(world.context, { id, fileName: null, bytes: slowly() });
  expect(seen).toEqual([expect.objectContaining({ status: 'running', rows: 1000, created: 1000 })]);
});

test('an import that stands still for minutes is told as broken', async () => {
  const id = newId();
  await world.db.query(
    `INSERT INTO agents.imports (id, status, started_at, progressed_at) VALUES ($1, 'running', $2, $2)`,
    [id, world.clock.now()],
  );
  expect((await world.call(readImport, { params: { id } })).body.status).toBe('running');
  world.clock.at = '2026-03-10T06:33:00Z';
  expect((await world.call(readImport, { params: { id } })).body).toMatchObject({ status: 'broken' });
});

test('the id of an import is taken once', async () => {
  const input = { id: newId(), fileName: null };
  await importFile(world.context, { ...input, bytes: bytes(header) });
  await expect(importFile(world.context, { ...input, bytes: bytes(header) })).rejects.toMatchObject({
    code: 'import_known',
  });
});

test('what is exported is imported without a change', async () => {
  await take(
    'code,first_name,last_name,branch,team,email,contact,hire_date,status,authorisations\n',
    'A1,"=Nimal ""N""","Perera, Jr.",N,Lions,nimal@example.com,+94 77 123,2024-01-01,active,LIFE@2024-01-01.. MOTOR@2025-01-01..2025-12-31\n',
    'A2,සමන්,Silva,S,,,,,inactive,\n',
  );
  let content = '';
  for await (const part of csvOf(world.context, {})) content += part;
  expect(content.split('\r\n')).toHaveLength(4);
  expect(await take(content)).toMatchObject({ rows: 2, unchanged: 2, rejected: 0 });
});

test('an export keeps to the filters', async () => {
  await take(`${header}A1,Nimal,Perera,N,,\nA2,Saman,Silva,S,,\n`);
  let content = '';
  for await (const part of csvOf(world.context, { branch: world.branches.south })) content += part;
  expect(content).toContain('A2,Saman');
  expect(content).not.toContain('A1');
});

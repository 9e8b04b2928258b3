import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Manifest } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
let manifest: Manifest;

beforeAll(async () => {
  // The test runner's own setting would put React's development build into the bundle.
  process.env.NODE_ENV = 'production';
  folder = await mkdtemp(join(tmpdir(), 'console-'));
  await build({
    configFile: join(import.meta.dirname, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  manifest = JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Chunks that are fetched before a page shows: its own, the entry's, and what these import. */
function chunksFor(...pages: string[]): string[] {
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry)!;
  const found = new Set<string>();
  const add = (key: string) => {
    if (found.has(key)) return;
    found.add(key);
    for (const each of manifest[key]?.imports ?? []) add(each);
  };
  for (const key of [entry, ...pages]) add(key);
  return [...found].map((key) => manifest[key]!.file);
}

/** Kilobytes of the files, gzipped. */
async function kilobytes(files: string[]): Promise<number> {
  const sizes = files.map(async (file) => gzipSync(await readFile(join(folder, file)), { level: 9 }).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1000;
}

describe('what the browser fetches first', () => {
  it('to sign in is less than 200 kB of compressed JavaScript', async () => {
    expect(await kilobytes(chunksFor('src/pages/sign-in.tsx'))).toBeLessThan(200);
  });

  it('for the overview is less than 200 kB of compressed JavaScript', async () => {
    const overview = Object.keys(manifest).find((key) =>
      /services\/insights\/pages\/overview\.tsx$/.test(key),
    );
    const page = overview ?? 'src/pages/status.tsx';
    expect(await kilobytes(chunksFor(page))).toBeLessThan(200);
  });

  it('has no chart, calendar or page in it', async () => {
    const text = await Promise.all(chunksFor().map((file) => readFile(join(folder, file), 'utf8')));
    for (const word of ['zrender', 'mantine-DatePicker', 'Sales by branch']) {
      expect(text.filter((each) => each.includes(word))).toEqual([]);
    }
  });
});

it('nothing of the server is in any chunk', async () => {
  const chunks = Object.values(manifest).filter((each) => each.file.endsWith('.js'));
  expect(chunks.length).toBeGreaterThan(5);
  for (const { file } of chunks) {
    const text = await readFile(join(folder, file), 'utf8');
    expect(/fastify|pg-boss|node:fs|pg_catalog/.exec(text)?.[0], file).toBeUndefined();
  }
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const repository = join(import.meta.dirname, '..');
const mantine = join(repository, 'node_modules/@mantine/core/styles');

/** Sources that end up in the browser. */
async function pageSources(): Promise<string[]> {
  const services = await readdir(join(repository, 'services'));
  const folders = ['packages/ui/src', 'console/src', ...services.map((name) => `services/${name}/pages`)];
  const found = await Promise.all(
    folders.map((folder) =>
      readdir(join(repository, folder), { recursive: true }).catch(() => [] as string[]),
    ),
  );
  return found.flatMap((files, place) =>
    files.filter((file) => file.endsWith('.tsx')).map((file) => join(repository, folders[place]!, file)),
  );
}

/** Names that a file imports from @mantine/core. */
function importedFrom(source: string): string[] {
  const imports = [...source.matchAll(/import\s*\{([^}]*)\}\s*from '@mantine\/core'/g)];
  return imports.flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim().split(/\s/)[0] ?? ''),
  );
}

it('every Mantine component that a page uses comes with its styles', async () => {
  const listed = await readFile(join(repository, 'packages/ui/src/mantine-styles.ts'), 'utf8');
  const styled = new Set((await readdir(mantine)).map((file) => file.split('.')[0]));
  const missing = new Set<string>();
  const files = await pageSources();
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    for (const name of importedFrom(await readFile(file, 'utf8'))) {
      if (styled.has(name) && !listed.includes(`/${name}.layer.css`)) missing.add(`${name} (${file})`);
    }
  }
  expect([...missing]).toEqual([]);
});

import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { bundledModules, serverModulesIn } from './bundle.ts';
import { repository } from './find-services.ts';

test("no module of the server is in the console's bundle, and every page is", {
  timeout: 180_000,
}, async () => {
  const modules = await bundledModules(repository);
  const bundled = modules.map((id) => relative(repository, id));
  const pages = globSync('services/*/pages/**/*.tsx', { cwd: repository });
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.filter((page) => !page.endsWith('.test.tsx') && !bundled.includes(page))).toEqual([]);
  expect(serverModulesIn(modules, repository).map((id) => relative(repository, id))).toEqual([]);
});

test('a page that brings a server module along is caught in the bundle', { timeout: 180_000 }, async () => {
  const modules = await bundledModules(repository, [
    {
      name: 'break-a-page',
      enforce: 'pre',
      transform(code, id) {
        return /services\/people\/pages\/people\.tsx$/.test(id)
          ? `import { dataErrors } from '@moonbase/data';\nconsole.log(dataErrors);\n${code}`
          : null;
      },
    },
  ]);
  expect(serverModulesIn(modules, repository).map((id) => relative(repository, id))).toContainEqual(
    expect.stringContaining('packages/data/src/'),
  );
});

test('modules are told apart by where they lie', () => {
  const ids = [
    'node_modules/react/index.js',
    'node_modules/pg/lib/index.js',
    'node_modules/zod/v4/core/api.js',
    'node_modules/pino/pino.js',
    'packages/ui/src/ui.ts',
    'packages/http/src/client.ts',
    'packages/http/src/server.ts',
    'packages/events/src/publish.ts',
    'services/sales/api.ts',
    'services/sales/pages/sales.tsx',
    'services/sales/features/record-sale.ts',
  ].map((id) => `${repository}/${id}`);
  const found = serverModulesIn([...ids, '\0__vite-browser-external:node:fs'], repository);
  expect(found.map((id) => relative(repository, id).split('/').slice(-2).join('/'))).toEqual([
    'lib/index.js',
    'pino/pino.js',
    'src/server.ts',
    'src/publish.ts',
    'features/record-sale.ts',
    expect.stringContaining('browser-external'),
  ]);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findServices, serviceNames } from './find-services.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'moonbase-services-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function addService(
  name: string,
  needs: string[] = [],
  source = `export const service = { name: '${name}' };`,
) {
  mkdirSync(join(root, 'services', name), { recursive: true });
  const dependencies = Object.fromEntries(needs.map((need) => [`@moonbase/${need}`, '0.0.0']));
  writeFileSync(join(root, 'services', name, 'package.json'), JSON.stringify({ dependencies }));
  writeFileSync(join(root, 'services', name, 'service.ts'), source);
}

test('services come after those they depend on', () => {
  addService('agents', ['data']);
  addService('insights', ['sales', 'notifications']);
  addService('notifications', ['sales']);
  addService('sales', ['people', 'agents']);
  addService('people');
  expect(serviceNames(root)).toEqual(['agents', 'people', 'sales', 'notifications', 'insights']);
});

test('two that depend on each other are both there, and one without service.ts is not', () => {
  addService('one', ['two']);
  addService('two', ['one']);
  mkdirSync(join(root, 'services', 'draft'));
  expect(serviceNames(root)).toEqual(['two', 'one']);
});

test('services are loaded by what their file exports', async () => {
  addService('one', [], `export const other = 1; export const service = { name: 'one' };`);
  expect(await findServices(root)).toEqual([{ name: 'one' }]);
});

test('a file that declares another service is refused', async () => {
  addService('one', [], `export const service = { name: 'two' };`);
  await expect(findServices(root)).rejects.toThrow('exports no service named "one"');
});

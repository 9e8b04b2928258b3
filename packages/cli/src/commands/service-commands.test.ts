import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandWorld, Service } from '@moonbase/service';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addServiceCommands } from './service-commands.ts';

let folder: string;
let calls: { name: string; args: string[]; options: Record<string, unknown>; world: CommandWorld }[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moonbase-commands-'));
  calls = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const noted =
  (name: string) => async (args: string[], options: Record<string, unknown>, world: CommandWorld) => {
    calls.push({ name, args, options, world });
  };

function program(): Command {
  const services: Service[] = [
    {
      name: 'sales',
      title: 'Sales',
      commands: [
        {
          usage: 'import <source> [mapping]',
          summary: 'Brings data over',
          options: [
            ['--rate <perSecond>', 'a second', '5'],
            ['--dry-run', 'only looks'],
          ],
          run: noted('import'),
        },
      ],
    },
    {
      name: 'insights',
      title: 'Insights',
      commands: [
        { usage: 'insights reconcile', summary: 'Compares', run: noted('reconcile') },
        { usage: 'insights compact', summary: 'Compacts', run: noted('compact') },
      ],
    },
  ];
  const made = new Command('moon').exitOverride().configureOutput({ writeErr: () => {} });
  addServiceCommands(made, services, {} as Parameters<typeof addServiceCommands>[2]);
  return made;
}

const moon = (...args: string[]) => program().parseAsync([...args, '--data', folder], { from: 'user' });

test('arguments come in order and options by name, with their fallbacks', async () => {
  await moon('import', 'mysql://db', '--dry-run');
  expect(calls).toMatchObject([
    { name: 'import', args: ['mysql://db'], options: { rate: '5', dryRun: true } },
  ]);
  expect(calls[0]?.options).not.toHaveProperty('data');
});

test('commands of two words share their first', async () => {
  await moon('insights', 'reconcile');
  await moon('insights', 'compact');
  expect(calls.map(({ name }) => name)).toEqual(['reconcile', 'compact']);
});

test('a command that needs nobody running works; one that does is told that nobody is', async () => {
  await moon('import', 'file.csv');
  const world = calls[0]?.world;
  expect(world?.services).toHaveLength(2);
  expect(() => world?.url).toThrow(`No Moonbase runs on ${folder}.`);
  await expect(world?.key('sales:write')).rejects.toThrow('No Moonbase runs on');
});

test('a missing argument is refused and nothing runs', async () => {
  await expect(program().parseAsync(['import'], { from: 'user' })).rejects.toThrow(
    'missing required argument',
  );
  expect(calls).toEqual([]);
});

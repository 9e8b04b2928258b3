/** The services of this repository: those with a `services/<name>/service.ts`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Service } from '@moonbase/service';
import { Failure } from './failure.ts';

/** The repository's folder. */
export const repository = resolve(import.meta.dirname, '../../..');

/**
 * Their names, each after those it depends on by its package.json, so that they can be filled in this
 * order; otherwise by the alphabet.
 */
export function serviceNames(root = repository): string[] {
  const folder = join(root, 'services');
  const found = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'service.ts')))
    .sort();
  const needs = new Map(
    found.map((name) => {
      const { dependencies } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));
      const others = Object.keys(dependencies ?? {}).map((each) => each.replace('@moonbase/', ''));
      return [name, others.filter((other) => other !== name && found.includes(other))] as const;
    }),
  );
  const ordered: string[] = [];
  const visit = (name: string, from: readonly string[]) => {
    // A circle is cut where it closes: the services in it meet by events only.
    if (ordered.includes(name) || from.includes(name)) return;
    for (const need of needs.get(name) ?? []) visit(need, [...from, name]);
    ordered.push(name);
  };
  for (const name of found) visit(name, []);
  return ordered;
}

/** Loads the services. @throws Failure if a `service.ts` declares none */
export async function findServices(root = repository): Promise<Service[]> {
  return Promise.all(
    serviceNames(root).map(async (name) => {
      const file = join(root, 'services', name, 'service.ts');
      const module: Record<string, unknown> = await import(pathToFileURL(file).href);
      const declared = [module.default, ...Object.values(module)].find(
        (value) => (value as Service | undefined)?.name === name,
      );
      if (declared) return declared as Service;
      throw new Failure(
        `${file} exports no service named "${name}".`,
        'Export what defineService() returns.',
      );
    }),
  );
}

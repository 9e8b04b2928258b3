import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './find-services.ts';

interface Locked {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const packages: Record<string, Locked> = JSON.parse(
  readFileSync(join(repository, 'package-lock.json'), 'utf8'),
).packages;

/** Whether Node would find the package from there. */
function isLocked(from: string, name: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[at ? `${at}/node_modules/${name}` : `node_modules/${name}`]) return true;
    if (at === '') return false;
    if (!at.includes('/node_modules/')) at = '';
  }
}

test('the lockfile has every optional package, of other platforms too: npm ci refuses it otherwise', () => {
  const missing = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(from, name)),
  );
  expect(missing).toEqual([]);
});

test('the lockfile agrees with every package.json: npm ci refuses it otherwise', () => {
  const manifests = globSync('{packages,services}/*/package.json', { cwd: repository });
  expect(manifests.length).toBeGreaterThan(10);
  for (const file of ['package.json', 'console/package.json', ...manifests]) {
    const wanted: Locked = JSON.parse(readFileSync(join(repository, file), 'utf8'));
    const locked = packages[file.replace(/\/?package\.json$/, '')];
    expect(locked?.dependencies ?? {}, file).toEqual(wanted.dependencies ?? {});
    expect(locked?.devDependencies ?? {}, file).toEqual(wanted.devDependencies ?? {});
  }
});

test('every dependency has one exact version', () => {
  const ranges = globSync('{.,console,packages/*,services/*}/package.json', { cwd: repository }).flatMap(
    (file) => {
      const { dependencies, devDependencies }: Locked = JSON.parse(
        readFileSync(join(repository, file), 'utf8'),
      );
      return Object.entries({ ...dependencies, ...devDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => `${file}: ${name} ${version}`);
    },
  );
  expect(ranges).toEqual([]);
});

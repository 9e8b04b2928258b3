/** Builds the console for the host to serve; nothing is done when nothing has changed. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

const here = import.meta.dirname;
const repository = join(here, '..');

export interface ConsoleBuild {
  /** The folder to serve: assets, and index.html for every path that is a page. */
  folder: string;
  /** False when the last build was still right. */
  built: boolean;
}

/** Where a build is, if there is one. */
export const consoleFolder = join(here, 'dist');

/**
 * Builds `console/dist` from the shell, the page kit and every service's pages.
 *
 * @param options.force builds even when the last build is of the same sources
 */
export async function buildConsole(options: { force?: boolean } = {}): Promise<ConsoleBuild> {
  const mark = join(consoleFolder, '.sources');
  const sources = await fingerprint();
  if (!options.force && existsSync(mark) && (await readFile(mark, 'utf8')) === sources) {
    return { folder: consoleFolder, built: false };
  }
  // Vite is loaded only to build: a start that serves the last build doesn't pay for it.
  const { build } = await import('vite');
  await build({ configFile: join(here, 'vite.config.ts'), logLevel: 'warn' });
  await writeFile(mark, sources);
  return { folder: consoleFolder, built: true };
}

/** Changes with whatever may change the build: sources that pages can import, and the libraries' versions. */
async function fingerprint(): Promise<string> {
  const folders = ['console', 'packages/ui', 'packages/http/src', 'services'];
  const files = (await Promise.all(folders.map((folder) => sourcesBelow(join(repository, folder)))))
    .flat()
    .sort();
  const hash = createHash('sha256');
  for (const file of [join(repository, 'package-lock.json'), ...files]) {
    hash.update(relative(repository, file));
    hash.update(await readFile(file).catch(() => ''));
  }
  return hash.digest('hex');
}

async function sourcesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['node_modules', 'dist', 'migrations', 'fixtures', 'gallery'].includes(entry.name)) {
        found.push(...(await sourcesBelow(path)));
      }
    } else if (/\.(ts|tsx|css|html|svg|woff2)$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name)) {
      found.push(path);
    }
  }
  return found;
}

/** Builds the console for the host to serve; nothing is done when nothing has changed. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const here = import.meta.dirname;
const repository = join(here, '..');

export interface ConsoleBuild {
  /** The folder to serve: assets, and index.html for every path that is a page. */
  folder: string;
  /** False when the last build was still right. */
  built: boolean;
}

/** Where builds go unless `console/` may not be written to. */
export const consoleFolder = join(here, 'dist');

/**
 * Builds the console from the shell, the page kit and every service's pages.
 *
 * @param options.force builds even when the last build is of the same sources
 * @param options.fallback folder to build into where `console/` may not be written to
 */
export async function buildConsole(
  options: { force?: boolean; fallback?: string } = {},
): Promise<ConsoleBuild> {
  const sources = await fingerprint();
  const folders = [consoleFolder, ...(options.fallback ? [join(options.fallback, 'console')] : [])];
  for (const folder of options.force ? [] : folders) {
    if ((await readFile(join(folder, '.sources'), 'utf8').catch(() => '')) === sources) {
      return { folder, built: false };
    }
  }
  const folder = (await mayWrite(here)) || !options.fallback ? consoleFolder : folders[1]!;
  const fresh = `${folder}.${process.pid}`;
  // Vite is loaded only to build: a start that serves the last build doesn't pay for it.
  const { build } = await import('vite');
  try {
    await build({
      configFile: join(here, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: fresh, emptyOutDir: true },
    });
    await compressBelow(fresh);
    await writeFile(join(fresh, '.sources'), sources);
    // In place at once: nobody is served half a build.
    await rm(`${fresh}.old`, { recursive: true, force: true });
    await rename(folder, `${fresh}.old`).catch(() => undefined);
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(`${fresh}.old`, { recursive: true, force: true });
  }
  return { folder, built: true };
}

async function mayWrite(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
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
      if (!/^(node_modules|dist.*|migrations|fixtures|gallery|features)$/.test(entry.name)) {
        found.push(...(await sourcesBelow(path)));
      }
    } else if (/\.(ts|tsx|css|html|svg|woff2)$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name)) {
      found.push(path);
    }
  }
  return found;
}

/** Puts `x.js.br` and `x.js.gz` beside `x.js`: the host sends them as they are. */
async function compressBelow(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/\.(js|css|html|svg)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    if (bytes.length < 1_024) continue;
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(bytes),
      promisify(gzip)(bytes, { level: 9 }),
    ]);
    await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
  }
}

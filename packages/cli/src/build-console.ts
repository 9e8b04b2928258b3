/**
 * The console's assets: built by Vite into `console/dist`, or below the data folder where the repository
 * may not be written to. A stamp beside them holds the digest of the sources they were built from.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { glob, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from './failure.ts';
import { repository } from './find-services.ts';

const run = promisify(execFile);

/** What the bundle is made of; tests are not. */
const sources = [
  'package-lock.json',
  'console/**/*.{ts,tsx,css,html,svg,json}',
  'packages/{ui,http}/**/*.{ts,tsx,css,json}',
  'services/*/{api,events,schema,insights,pages,errors}.{ts,tsx}',
  'services/*/pages/**/*.{ts,tsx,css}',
];

/**
 * Builds the console unless what is there fits the sources.
 *
 * @param fallback folder to build into where console/ may not be written to
 * @returns the folder to serve, or undefined where the repository has no console
 * @throws Failure with the end of Vite's output
 */
export async function buildConsole(fallback: string): Promise<string | undefined> {
  if (!existsSync(join(repository, 'console', 'index.html'))) return undefined;
  const digest = await digestOfSources();
  const built = join(repository, 'console', 'dist');
  for (const folder of [built, fallback]) if (isBuilt(folder, digest)) return folder;
  const folder = mayWrite(dirname(built)) ? built : fallback;
  // Beside its place and moved there when whole: a running host never serves half of it.
  const making = join(dirname(folder), `${basename(folder)}.making-${process.pid}`);
  const old = `${making}.old`;
  await mkdir(dirname(folder), { recursive: true });
  try {
    const vite = join(repository, 'node_modules', 'vite', 'bin', 'vite.js');
    const flags = ['build', '--outDir', making, '--emptyOutDir', '--logLevel', 'warn'];
    await run(process.execPath, [vite, ...flags], { cwd: join(repository, 'console') });
    await writeFile(join(making, 'stamp'), digest);
    await rename(folder, old).catch(() => {});
    await rename(making, folder).catch((error) => {
      // Another build was faster, with the same sources.
      if (!isBuilt(folder, digest)) throw error;
    });
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    const tail = (stderr || message).trim().split('\n').slice(-15).join('\n');
    throw new Failure(`The console could not be built:\n${tail}`, 'Correct that and start again.', { cause });
  } finally {
    await rm(making, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
  return folder;
}

async function digestOfSources(): Promise<string> {
  const names: string[] = [];
  for (const pattern of sources) {
    const exclude = (name: string) => /(^|\/)(node_modules|dist)(\/|$)|\.test\.tsx?$/.test(name);
    for await (const name of glob(pattern, { cwd: repository, exclude })) names.push(name);
  }
  const hash = createHash('sha256');
  for (const name of names.sort()) hash.update(name).update(await readFile(join(repository, name)));
  return hash.digest('hex');
}

function isBuilt(folder: string, digest: string): boolean {
  try {
    return readFileSync(join(folder, 'stamp'), 'utf8') === digest;
  } catch {
    return false;
  }
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

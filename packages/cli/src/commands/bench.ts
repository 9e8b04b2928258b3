import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { repository } from '../find-services.ts';

/**
 * `moon bench [names…]`: runs the files of bench/, one after the other, each in a process of its own. Each
 * prints its figures and writes them to bench/results.
 */
export async function bench(names: string[]): Promise<void> {
  const folder = join(repository, 'bench');
  const known = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => /^[a-z][a-z0-9-]*\.bench\.ts$/.test(file))
        .map((file) => file.replace(/\.bench\.ts$/, ''))
    : [];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown) throw new Failure(`There is no benchmark "${unknown}".`, `There are: ${known.join(', ')}.`);
  const failed: string[] = [];
  for (const name of names.length > 0 ? names : known) {
    console.log(`\n${name}`);
    if ((await runFile(join(folder, `${name}.bench.ts`))) !== 0) failed.push(name);
  }
  if (failed.length > 0)
    throw new Failure(`These did not finish: ${failed.join(', ')}.`, 'Read what they said above.');
}

function runFile(file: string): Promise<number> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    stdio: 'inherit',
    cwd: repository,
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildConsole } from '../build-console.ts';
import { describeEnvironment } from '../environment.ts';
import { repository } from '../find-services.ts';

/** `moon build`: the console's assets, and the reference pages that are made from the code. */
export async function build(options: { reference?: boolean }): Promise<void> {
  if (options.reference) {
    const folder = join(repository, 'docs', 'reference');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'environment.md'), describeEnvironment());
    console.log('docs/reference is made.');
    return;
  }
  const folder = await buildConsole(join(repository, 'console', 'dist'));
  console.log(folder ? `The console is built: ${folder}` : 'There is no console to build.');
}

/**
 * The console's assets: `console/build.ts` makes them, in a process of its own, so that the bundler's memory
 * goes with it.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Failure } from './failure.ts';
import { repository } from './find-services.ts';

const run = promisify(execFile);

/**
 * Builds the console unless what is there fits the sources.
 *
 * @param fallback folder to build into where console/ may not be written to
 * @param interruption ends it
 * @returns the folder to serve, or undefined where the repository has no console
 * @throws Failure with the end of the bundler's output
 */
export async function buildConsole(
  fallback: string,
  interruption?: AbortSignal,
): Promise<string | undefined> {
  const file = join(repository, 'console', 'build.ts');
  if (!existsSync(file)) return undefined;
  const script = `
    const { buildConsole } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const { folder } = await buildConsole({ fallback: ${JSON.stringify(fallback)} });
    console.log('built ' + folder);`;
  try {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: repository,
      signal: interruption,
      maxBuffer: 64 * 1024 * 1024,
    });
    return /^built (.*)$/m.exec(stdout)?.[1];
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    const lines = (stderr || message).trim().split('\n');
    const tail = lines.filter((line) => !/^\s+at /.test(line)).slice(-12);
    throw new Failure(
      `The console could not be built:\n${tail.join('\n')}\n`,
      'Correct that and start again.',
      {
        cause,
      },
    );
  }
}

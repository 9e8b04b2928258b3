/** Every benchmark runs to its end and reports; what it measured is no matter here. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.bench.ts'));

test('there are benchmarks', () => {
  expect(files.length).toBeGreaterThan(0);
});

test.each(files)('%s runs to its end and reports', { timeout: 300_000 }, async (file) => {
  const { stdout } = await run(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, file)],
    { env: { ...process.env, BENCH_QUICK: '1', NODE_ENV: 'production' } },
  );
  const goals = stdout.match(/^ {4}goal: .* – (met|NOT met)$/gm) ?? [];
  expect(goals.length, stdout).toBeGreaterThan(0);
  expect(stdout).not.toContain('NaN');
});

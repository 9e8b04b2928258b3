import { spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { buildConsole } from '../build-console.ts';
import type { Environment } from '../environment.ts';
import { describeFailure } from '../failure.ts';
import { repository } from '../find-services.ts';

/** What one part of the tests came to. */
interface Outcome {
  passed: number;
  failed: number;
  /** What did not run, and why: said loudly at the end. */
  missing: string[];
}

/**
 * `moon test [filter]`: type check, lint, boundaries, and all tests; with a filter, only the test files whose
 * path contains it. The last line is `N passed, N failed`; the type check, the lint and the console's build
 * count as one each.
 *
 * @param options `all` adds the long tests (`*.long.test.ts`)
 * @returns whether everything passed
 */
export async function test(
  filters: string[],
  options: { all?: boolean },
  environment: Environment,
): Promise<boolean> {
  const chromium = environment.MOON_CHROMIUM ?? '/usr/bin/chromium';
  const outcomes: Outcome[] = [];
  if (filters.length === 0) {
    outcomes.push(await check('type check', 'typescript/bin/tsc', ['-p', '.']));
    outcomes.push(await check('lint', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']));
  }
  const browserTests = globSync('{packages,services,console}/**/*.browser.test.ts', {
    cwd: repository,
    exclude: (name) => name.includes('node_modules'),
  }).filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
  let consoleFolder: string | undefined;
  if (browserTests.length > 0) {
    if (existsSync(chromium)) {
      console.log('\n— console build');
      const built = await buildForTests();
      consoleFolder = built.folder;
      outcomes.push(built);
    } else {
      const remedy = 'Install it with "apt-get install chromium", or name one with MOON_CHROMIUM.';
      const missing = browserTests.map((file) => `${file}: no Chromium at ${chromium}. ${remedy}`);
      outcomes.push({ passed: 0, failed: 0, missing });
    }
  }
  outcomes.push(
    await runVitest(filters, {
      MOON_TEST_ALL: options.all ? '1' : '',
      MOON_CHROMIUM: chromium,
      ...(consoleFolder && { MOONBASE_CONSOLE: consoleFolder }),
    }),
  );
  return report(outcomes);
}

function report(outcomes: Outcome[]): boolean {
  const missing = outcomes.flatMap((outcome) => outcome.missing);
  if (missing.length > 0) {
    console.log(`\n!!! ${missing.length} DID NOT RUN:\n${missing.map((line) => `!!!   ${line}`).join('\n')}`);
  }
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0;
}

async function buildForTests(): Promise<Outcome & { folder?: string }> {
  try {
    const folder = await buildConsole(join(tmpdir(), 'moonbase-console'));
    return { passed: 1, failed: 0, missing: [], folder };
  } catch (error) {
    console.log(describeFailure(error));
    return { passed: 0, failed: 1, missing: [] };
  }
}

/** Runs a tool of node_modules; silence is success. */
async function check(title: string, tool: string, args: string[]): Promise<Outcome> {
  console.log(`\n— ${title}`);
  const code = await run(join(repository, 'node_modules', tool), args, {});
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, missing: [] };
}

function run(script: string, args: string[], env: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    cwd: repository,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** What Vitest's JSON report says, as far as it is needed. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

async function runVitest(filters: string[], env: Record<string, string>): Promise<Outcome> {
  console.log('\n— tests');
  const folder = await mkdtemp(join(tmpdir(), 'moonbase-report-'));
  const file = join(folder, 'report.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...filters];
  try {
    const code = await run(join(repository, 'node_modules/vitest/vitest.mjs'), args, env);
    return outcomeOf(JSON.parse(await readFile(file, 'utf8')), code);
  } catch {
    console.log('The tests ended without a report.');
    return { passed: 0, failed: 1, missing: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param code how the runner ended: an error outside any test shows in nothing else */
export function outcomeOf(report: VitestReport, code: number): Outcome {
  // A file that can't be loaded has no tests that could fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
  );
  const failed = report.numFailedTests + broken.length;
  return {
    passed: report.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    missing: report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => ['pending', 'skipped', 'todo', 'disabled'].includes(status))
        .map(({ fullName }) => `${relative(repository, name)}: ${fullName}`),
    ),
  };
}

import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Tests that take long (fire, imports from MariaDB, a whole installation) are named `*.long.test.ts`. */
const long = process.env.MOON_TEST_ALL === '1';
/** Tests of the console in a real browser are named `*.browser.test.ts`; `moon test` builds it for them. */
const browser = existsSync(process.env.MOON_CHROMIUM || '/usr/bin/chromium');

export default defineConfig({
  test: {
    include: [
      'packages/**/*.test.ts',
      'services/**/*.test.ts',
      'console/**/*.test.ts',
      'bench/**/*.test.ts',
      'chaos/**/*.test.ts',
    ],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      ...(long ? [] : ['**/*.long.test.ts']),
      ...(browser ? [] : ['**/*.browser.test.ts']),
    ],
    globalSetup: ['./packages/data/test-server.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests wait for conditions; a busy machine may take its time to meet them.
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
});

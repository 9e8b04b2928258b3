import { expect, test } from 'vitest';
import { outcomeOf } from './test.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((each, index) => ({ fullName: `test ${index}`, status: each })),
});

test('tests are counted', () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    testResults: [file('failed', 'passed', 'failed', 'passed')],
  };
  expect(outcomeOf(report, 1)).toEqual({ passed: 2, failed: 1, missing: [] });
});

test('a file that cannot be loaded counts as failed', () => {
  const report = {
    numPassedTests: 1,
    numFailedTests: 0,
    testResults: [file('passed', 'passed'), file('failed')],
  };
  expect(outcomeOf(report, 1)).toMatchObject({ passed: 1, failed: 1 });
});

test('an error outside any test counts as failed', () => {
  const report = { numPassedTests: 1, numFailedTests: 0, testResults: [file('passed', 'passed')] };
  expect(outcomeOf(report, 1)).toMatchObject({ passed: 1, failed: 1 });
});

test('what was skipped is named', () => {
  const report = { numPassedTests: 1, numFailedTests: 0, testResults: [file('passed', 'passed', 'pending')] };
  expect(outcomeOf(report, 0)).toEqual({
    passed: 1,
    failed: 0,
    missing: [expect.stringContaining('test 1')],
  });
});

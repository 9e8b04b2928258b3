import { expect, test } from 'vitest';
import { Permits } from './permits.ts';

test('no more than so many run at a time, in the order in which they came, also when some fail', async () => {
  const permits = new Permits(2);
  let running = 0;
  let most = 0;
  const started: number[] = [];
  const work = (n: number) =>
    permits.run(async () => {
      started.push(n);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, n % 3));
      running -= 1;
      if (n % 4 === 0) throw new Error('no');
      return n;
    });
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const results = await Promise.allSettled(numbers.map(work));
  expect(most).toBe(2);
  expect(started).toEqual(numbers);
  expect(results.map((result) => result.status === 'fulfilled')).toEqual(numbers.map((n) => n % 4 !== 0));
});

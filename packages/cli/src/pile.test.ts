import { expect, test } from 'vitest';
import { Pile } from './pile.ts';

test('the last is undone first, and one that fails keeps none from its turn', async () => {
  const pile = new Pile();
  const undone: string[] = [];
  const failures: unknown[] = [];
  for (const name of ['lock', 'server', 'host']) {
    await pile.push(async () => {
      if (name === 'server') throw new Error('stuck');
      undone.push(name);
    });
  }
  await pile.takeDown((error) => failures.push(error));
  await pile.takeDown();
  expect(undone).toEqual(['host', 'lock']);
  expect(failures).toEqual([new Error('stuck')]);
});

test('what comes after it was taken down is undone at once', async () => {
  const pile = new Pile();
  const undone: string[] = [];
  await pile.takeDown();
  await pile.push(() => undone.push('late'));
  expect(undone).toEqual(['late']);
});

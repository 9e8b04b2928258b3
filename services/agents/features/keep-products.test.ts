import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeProduct, createProduct, putProduct } from './keep-products.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
});
afterEach(() => world.drop());

test('a target amount goes with its currency, and keeps four decimals', async () => {
  const product = { code: 'HEALTH', type: 'Health', name: 'Health Family' };
  await expect(
    world.call(createProduct, { body: { ...product, targetAmount: '100' } }),
  ).rejects.toMatchObject({ code: 'target_without_currency', faults: [{ at: '/currency' }] });
  const { body } = await world.call(createProduct, {
    body: { ...product, targetAmount: '100.5', currency: 'LKR' },
  });
  expect(body).toMatchObject({ targetAmount: '100.5000', currency: 'LKR' });
  const put = (targetAmount: string) =>
    world.call(putProduct, {
      params: { code: 'HEALTH' },
      body: { type: 'Health', name: 'Health Family', targetAmount, currency: 'LKR' },
    });
  expect((await put('100.50')).body.version).toBe(1);
  expect((await put('200')).body).toMatchObject({ version: 2, targetAmount: '200.0000' });
  expect((await world.published()).map((event) => event.payload.targetAmount)).toEqual([
    '100.5000',
    '200.0000',
  ]);
});

test('a code is given once', async () => {
  await expect(
    world.call(changeProduct, { params: { id: world.products.life }, body: { version: 1, code: 'MOTOR' } }),
  ).rejects.toMatchObject({ code: 'code_taken' });
  expect(await world.published()).toEqual([]);
});

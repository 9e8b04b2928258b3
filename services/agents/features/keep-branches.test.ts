import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeBranch, createBranch, listBranches, putBranch } from './keep-branches.ts';
import { changeProduct, createProduct, putProduct } from './keep-products.ts';
import { changeTeam, createTeam, putTeam } from './keep-teams.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
});
afterEach(() => world.drop());

const galle = { code: 'GAL', name: 'Galle', region: 'South' };

test('a branch is opened, changed and closed, and each is told', async () => {
  const { body: opened } = await world.call(createBranch, { body: galle });
  expect(opened).toEqual({ ...galle, id: opened.id, zone: null, active: true, version: 1 });
  const { body: closed } = await world.call(changeBranch, {
    params: { id: opened.id },
    body: { version: 1, active: false, zone: 'Asia/Colombo' },
  });
  expect(closed).toMatchObject({ name: 'Galle', active: false, zone: 'Asia/Colombo', version: 2 });
  await expect(
    world.call(changeBranch, { params: { id: opened.id }, body: { version: 1, active: true } }),
  ).rejects.toMatchObject({ code: 'version_conflict' });
  const events = await world.published();
  expect(events.map(({ type, payload }) => [type, payload.active])).toEqual([
    ['branches.changed', true],
    ['branches.changed', false],
  ]);
});

test('putting a branch twice tells of it once', async () => {
  const put = () =>
    world.call(putBranch, { params: { code: 'GAL' }, body: { name: 'Galle', region: 'South' } });
  const answers = await Promise.all([put(), put(), put()]);
  expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 200, 201]);
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
  expect(await world.published()).toHaveLength(1);
  const { body } = await world.call(listBranches, {});
  expect(body.items.map((branch) => branch.code)).toEqual(['S', 'GAL', 'N']);
});

test('codes and names are given once', async () => {
  await world.call(createBranch, { body: galle });
  await expect(world.call(createBranch, { body: galle })).rejects.toMatchObject({ code: 'code_taken' });
  await expect(world.call(createTeam, { body: { name: 'Lions' } })).rejects.toMatchObject({
    code: 'name_taken',
  });
  await expect(
    world.call(changeTeam, { params: { id: world.teams.lions }, body: { version: 1, name: 'Tigers' } }),
  ).rejects.toMatchObject({ code: 'name_taken' });
  await expect(
    world.call(changeProduct, { params: { id: world.products.life }, body: { version: 1, code: 'MOTOR' } }),
  ).rejects.toMatchObject({ code: 'code_taken' });
});

test('a team is renamed, and putting it by its new name changes nothing', async () => {
  const { body } = await world.call(changeTeam, {
    params: { id: world.teams.lions },
    body: { version: 1, name: 'Leopards' },
  });
  expect(body).toEqual({ id: world.teams.lions, name: 'Leopards', active: true, version: 2 });
  const put = await world.call(putTeam, { params: { name: 'Leopards' }, body: {} });
  expect(put).toMatchObject({ status: 200, body: { id: world.teams.lions, version: 2 } });
  expect(await world.published()).toHaveLength(1);
});

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

import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeBranch, createBranch, listBranches, putBranch } from './keep-branches.ts';
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

test('a code is given once', async () => {
  await world.call(createBranch, { body: galle });
  await expect(world.call(createBranch, { body: galle })).rejects.toMatchObject({ code: 'code_taken' });
});

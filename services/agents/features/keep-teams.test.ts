import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeTeam, createTeam, putTeam } from './keep-teams.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
});
afterEach(() => world.drop());

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

test('a name is given once', async () => {
  await expect(world.call(createTeam, { body: { name: 'Lions' } })).rejects.toMatchObject({
    code: 'name_taken',
  });
  await expect(
    world.call(changeTeam, { params: { id: world.teams.lions }, body: { version: 1, name: 'Tigers' } }),
  ).rejects.toMatchObject({ code: 'name_taken' });
  expect(await world.published()).toEqual([]);
});

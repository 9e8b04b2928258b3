import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../schema.ts';
import { authorise, changeAuthorisation, withdrawAuthorisation } from './authorise-agent.ts';
import { createContext, type TestContext } from './test-context.ts';

let world: TestContext;
let agent: Agent;
beforeEach(async () => {
  world = await createContext();
  agent = await world.hire('A1');
});
afterEach(() => world.drop());

const params = () => ({ id: agent.id });

test('a product is authorised, limited and withdrawn', async () => {
  const { body: more } = await world.call(authorise, {
    params: params(),
    body: { productId: world.products.motor, from: '2026-01-01', to: null },
  });
  expect(more.authorisations).toHaveLength(2);
  const { id } = more.authorisations[1]!;
  const { body: limited } = await world.call(changeAuthorisation, {
    params: { id: agent.id, authorisation: id },
    body: { to: '2026-06-30' },
  });
  expect(limited.authorisations[1]).toEqual({
    ...{ id, productId: world.products.motor, from: '2026-01-01', to: '2026-06-30' },
  });
  const { body: less } = await world.call(withdrawAuthorisation, {
    params: { id: agent.id, authorisation: id },
  });
  expect(less.authorisations.map((each) => each.productId)).toEqual([world.products.life]);
  const events = await world.published();
  expect(events.at(-1)!.payload.authorisations).toEqual([
    { productId: world.products.life, from: '2024-01-01', to: null },
  ]);
});

test('authorisations of a product do not overlap, not by a day', async () => {
  const [first] = agent.authorisations;
  const path = { id: agent.id, authorisation: first!.id };
  await world.call(changeAuthorisation, { params: path, body: { to: '2026-01-31' } });
  const second = (from: string) =>
    world.call(authorise, { params: params(), body: { productId: world.products.life, from, to: null } });
  await expect(second('2026-01-31')).rejects.toMatchObject({ code: 'authorisations_overlap' });
  expect((await second('2026-02-01')).body.authorisations).toHaveLength(2);
  await expect(world.call(changeAuthorisation, { params: path, body: { to: null } })).rejects.toMatchObject({
    code: 'authorisations_overlap',
  });
  await expect(
    world.call(changeAuthorisation, { params: path, body: { to: '2023-12-31' } }),
  ).rejects.toMatchObject({ code: 'range_reversed' });
});

import { newId, readSecret } from '@moonbase/data';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  addEndpoint,
  changeEndpoint,
  ENDPOINT_SECRETS,
  listEndpoints,
  removeEndpoint,
  renewSecret,
  sealEndpointSecrets,
} from './keep-endpoints.ts';
import { agentEvent, createContext, personEvent, principal, type TestContext } from './test-context.ts';

const nimal = { id: newId(), name: 'Nimal Perera' };
const malini = { id: newId(), name: 'Malini', email: 'malini@example.com' };

let world: TestContext;
beforeEach(async () => {
  world = await createContext();
  await world.react(agentEvent(nimal), personEvent(malini));
});
afterEach(() => world.drop());

test('webhooks: one’s own are one’s own, the organisation’s ask for the permission', async () => {
  const me = principal(malini.id);
  const writer = principal(newId(), { permissions: ['notifications:read', 'notifications:write'] });
  const body = { url: 'https://hooks.example/a', kinds: [], own: true };
  const { body: own } = await world.call(addEndpoint, { principal: me, body });
  expect(own.secret).toMatch(/^whsec_.{43}$/);
  await expect(
    world.call(addEndpoint, { principal: me, body: { ...body, own: false } }),
  ).rejects.toMatchObject({
    code: 'endpoint_forbidden',
  });
  const { body: shared } = await world.call(addEndpoint, {
    principal: writer,
    body: { ...body, own: false },
  });
  const ids = async (of: ReturnType<typeof principal>) =>
    (await world.call(listEndpoints, { principal: of })).body.items.map((each) => each.id);
  expect(await ids(me)).toEqual([own.id]);
  expect(await ids(writer)).toEqual([shared.id]);
  const listed = await world.call(listEndpoints, { principal: me });
  expect(JSON.stringify(listed.body)).not.toContain('whsec_');
  const path = { params: { id: own.id } };
  await expect(
    world.call(changeEndpoint, { ...path, principal: writer, body: { active: false } }),
  ).rejects.toMatchObject({ code: 'endpoint_unknown' });
  expect(
    (await world.call(changeEndpoint, { ...path, principal: me, body: { active: false } })).body.active,
  ).toBe(false);
  const renewed = await world.call(renewSecret, { ...path, principal: me });
  expect(renewed.body.secret).not.toBe(own.secret);
  await expect(world.call(removeEndpoint, { ...path, principal: writer })).rejects.toMatchObject({
    code: 'endpoint_unknown',
  });
  await world.call(removeEndpoint, { ...path, principal: me });
  expect(await ids(me)).toEqual([]);
});

test('a webhook to an address of the own network is refused with the field', async () => {
  const adding = (url: string) =>
    world.call(addEndpoint, { principal: principal(malini.id), body: { url, kinds: [], own: true } });
  for (const url of [
    'http://127.0.0.1:8000/api',
    'http://localhost/',
    'http://[::1]/',
    'http://169.254.169.254/',
  ])
    await expect(adding(url)).rejects.toMatchObject({ code: 'address_refused', faults: [{ at: '/url' }] });
  world.webhooks.allowPrivateAddresses = true;
  expect((await adding('http://127.0.0.1:8000/')).status).toBe(201);
});

test('a secret lies in the database encrypted, also one that an older release left in the clear', async () => {
  const body = { url: 'https://hooks.example/a', kinds: [], own: true };
  const me = principal(malini.id);
  const { body: own } = await world.call(addEndpoint, { principal: me, body });
  const stored = async () => {
    const found = await world.db.query<{ secret: string }>('SELECT secret FROM notifications.endpoints');
    return found.rows[0]!.secret;
  };
  const place = { purpose: ENDPOINT_SECRETS.purpose, row: own.id };
  expect(await stored()).toMatch(/^sealed1:/);
  expect(await readSecret(world.db, place, await stored())).toBe(own.secret);
  const renewed = await world.call(renewSecret, { principal: me, params: { id: own.id } });
  expect(await stored()).toMatch(/^sealed1:/);
  expect(await readSecret(world.db, place, await stored())).toBe(renewed.body.secret);

  await world.db.query(`UPDATE notifications.endpoints SET secret = 'whsec_before'`);
  await sealEndpointSecrets({ db: world.db });
  expect(await stored()).toMatch(/^sealed1:/);
  expect(await readSecret(world.db, place, await stored())).toBe('whsec_before');
});

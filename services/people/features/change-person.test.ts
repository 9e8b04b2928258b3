import { EventLog } from '@moonbase/events';
import { type Principal, SYSTEM } from '@moonbase/identity';
import { createLogger } from '@moonbase/telemetry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { peopleChanged, peopleErased } from '../events.ts';
import { changePassword, resetPassword } from './change-password.ts';
import { changePerson } from './change-person.ts';
import { createPerson } from './create-person.ts';
import { erasePerson } from './erase-person.ts';
import { ensureFirstAdministrator, resetPasswordOf } from './first-administrator.ts';
import { listPeople, readPerson } from './list-people.ts';
import { type PeopleUnderTest, peopleUnderTest } from './people-under-test.ts';
import { changeProfile } from './read-session.ts';
import { signIn } from './sign-in.ts';

let people: PeopleUnderTest;
let administrator: Principal;
beforeEach(async () => {
  people = await peopleUnderTest();
  administrator = await people.add('admin@example.com', ['administrator']);
});
afterEach(() => people.drop());

const create = (body: Record<string, unknown>, principal = administrator) =>
  people.call(createPerson, { principal, body: { roles: [], ...body } });
const change = (id: string, body: Record<string, unknown>, principal = administrator) =>
  people.call(changePerson, { principal, params: { id }, body });

async function events(): Promise<{ type: string; change?: string; name?: string | null }[]> {
  const log = new EventLog({
    db: people.db,
    declarations: [peopleChanged, peopleErased],
    log: createLogger({ level: 'silent' }),
  });
  await log.start();
  await log.drained();
  const read = await log.read({ after: 0, limit: 100 });
  await log.stop();
  return read.map(({ type, payload }) => {
    const { change, name } = payload as { change?: string; name?: string | null };
    return { type, change, name };
  });
}

test('a new person signs in with the temporary password that is shown once, and changes it', async () => {
  const created = await create({ name: 'Amal', email: 'Amal@Example.com', roles: ['branch-manager'] });
  expect(created).toMatchObject({
    status: 201,
    body: {
      person: { email: 'amal@example.com', roles: ['branch-manager'], active: true, passwordTemporary: true },
    },
  });
  const temporary = created.body.temporaryPassword;
  expect(temporary).toMatch(/^\w{4}-\w{4}-\w{4}$/);
  const first = await people.call(signIn, { body: { email: 'amal@example.com', password: temporary } });
  expect(first.body.person.passwordTemporary).toBe(true);
  const cookie = first.headers['set-cookie'].split(';')[0];
  await people.call(signIn, { body: { email: 'amal@example.com', password: temporary } });

  const principal = { ...administrator, id: created.body.person.id };
  const next = 'a new long password';
  const attempt = (current: string) =>
    people.call(changePassword, { principal, headers: { cookie }, body: { current, next } });
  await expect(attempt('wrong')).rejects.toMatchObject({ code: 'password_wrong' });
  expect((await attempt(temporary)).status).toBe(204);
  // The other session has ended, this one stays.
  expect((await people.db.query('SELECT FROM people.sessions')).rowCount).toBe(1);
  await expect(
    people.call(signIn, { body: { email: 'amal@example.com', password: temporary } }),
  ).rejects.toMatchObject({ code: 'sign_in_refused' });
  const again = await people.call(signIn, { body: { email: 'amal@example.com', password: next } });
  expect(again.body.person.passwordTemporary).toBe(false);
});

test('an address belongs to one person, whatever its case, and an agent to one active person', async () => {
  await create({ name: 'Amal', email: 'amal@example.com', agentId: '01900000-0000-7000-8000-000000000001' });
  await expect(create({ name: 'Other', email: 'AMAL@example.com' })).rejects.toMatchObject({
    code: 'email_taken',
  });
  await expect(
    create({ name: 'Other', email: 'o@example.com', agentId: '01900000-0000-7000-8000-000000000001' }),
  ).rejects.toMatchObject({ code: 'agent_taken' });
  expect((await people.db.query('SELECT FROM people.people')).rowCount).toBe(2);
});

test('nobody gives or takes rights beyond their own', async () => {
  const lead: Principal = { ...administrator, permissions: ['people:write', 'people:read', 'sales:read'] };
  await expect(
    create({ name: 'A', email: 'a@example.com', roles: ['administrator'] }, lead),
  ).rejects.toMatchObject({
    code: 'role_beyond_own',
  });
  await expect(create({ name: 'A', email: 'a@example.com', roles: ['emperor'] })).rejects.toMatchObject({
    code: 'role_unknown',
    faults: [{ at: '/roles/0' }],
  });
  await expect(change(administrator.id, { name: 'Mine now' }, lead)).rejects.toMatchObject({
    code: 'role_beyond_own',
  });
  await expect(
    people.call(resetPassword, { principal: lead, params: { id: administrator.id } }),
  ).rejects.toMatchObject({ code: 'role_beyond_own' });
  expect((await create({ name: 'A', email: 'a@example.com' }, lead)).status).toBe(201);
});

test('the last active administrator cannot be deactivated, demoted or erased, even by two at once', async () => {
  const last = { code: 'last_administrator' };
  await expect(change(administrator.id, { active: false })).rejects.toMatchObject(last);
  await expect(change(administrator.id, { roles: [] })).rejects.toMatchObject(last);
  await expect(
    people.call(erasePerson, { principal: administrator, params: { id: administrator.id } }),
  ).rejects.toMatchObject(last);
  const second = await people.add('second@example.com', ['administrator']);
  const both = await Promise.allSettled([
    change(administrator.id, { roles: [] }),
    change(second.id, { active: false }),
  ]);
  expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('deactivating ends the sessions and bars the door; reactivating opens it', async () => {
  const amal = await people.add('amal@example.com', ['agent'], 'correct horse battery');
  const enter = () =>
    people.call(signIn, { body: { email: 'amal@example.com', password: 'correct horse battery' } });
  await enter();
  expect((await change(amal.id, { active: false })).body.active).toBe(false);
  expect((await people.db.query('SELECT FROM people.sessions')).rowCount).toBe(0);
  await expect(enter()).rejects.toMatchObject({ code: 'sign_in_refused' });
  await change(amal.id, { active: true });
  expect((await enter()).status).toBe(200);
});

test('every change is told with its kind, and what is so already is not told', async () => {
  const amal = await people.add('amal@example.com', ['agent']);
  await change(amal.id, { name: 'Amal P.' });
  await change(amal.id, { name: 'Amal P.' });
  await change(amal.id, { active: false });
  await change(amal.id, { active: true });
  await people.call(changeProfile, { principal: amal, body: { zone: 'Asia/Colombo', locale: 'si-LK' } });
  await people.call(erasePerson, { principal: administrator, params: { id: amal.id } });
  const changed = (change: string) => ({ type: 'people.changed', change, name: null });
  expect((await events()).slice(1)).toEqual([
    changed('created'),
    changed('changed'),
    changed('deactivated'),
    changed('reactivated'),
    changed('changed'),
    { type: 'people.erased', change: undefined, name: undefined },
  ]);
});

test('other services learn the name of whoever is not erased', async () => {
  expect(await events()).toEqual([{ type: 'people.changed', change: 'created', name: 'admin' }]);
});

test('of an erased person nothing personal remains, and the address is free again', async () => {
  const amal = await people.add('amal@example.com', ['agent'], 'correct horse battery');
  await people.call(erasePerson, { principal: administrator, params: { id: amal.id } });
  const rows = await people.db.query('SELECT to_jsonb(p) AS person FROM people.people p');
  expect(JSON.stringify(rows.rows)).not.toMatch(/amal/i);
  expect((await people.db.query('SELECT FROM people.accounts')).rowCount).toBe(0);
  await expect(people.call(readPerson, { params: { id: amal.id } })).rejects.toMatchObject({
    code: 'person_unknown',
  });
  expect((await create({ name: 'Amal', email: 'amal@example.com' })).status).toBe(201);
});

test('people are listed by name, a page at a time, and found by part of a name or address', async () => {
  for (const name of ['chitra', 'Bimal', 'amal', 'dilani'])
    await people.add(`${name}@example.com`, ['agent']);
  const list = async (query: Record<string, unknown>) => {
    const { body } = await people.call(listPeople, { query: { limit: 2, ...query } });
    return { names: body.items.map((each: { name: string }) => each.name), next: body.next };
  };
  const first = await list({});
  expect(first.names).toEqual(['admin', 'amal']);
  const second = await list({ cursor: first.next });
  expect(second.names).toEqual(['Bimal', 'chitra']);
  expect(await list({ cursor: second.next })).toEqual({ names: ['dilani'], next: null });
  expect((await list({ search: 'IMAL' })).names).toEqual(['Bimal']);
  expect((await list({ role: 'administrator' })).names).toEqual(['admin']);
  expect((await list({ active: false })).names).toEqual([]);
});

test('the first administrator is made once, with the password given or a random one', async () => {
  expect(await ensureFirstAdministrator(people.db)).toBeUndefined();
  const fresh = await peopleUnderTest();
  const made = await Promise.all(
    [1, 2, 3].map(() => ensureFirstAdministrator(fresh.db, { email: 'Boss@Example.com' })),
  );
  const signIns = made.filter((each) => each !== undefined);
  expect(signIns).toMatchObject([{ email: 'boss@example.com' }]);
  const answer = await fresh.call(signIn, { body: signIns[0] });
  expect(answer.body.person).toMatchObject({ roles: ['administrator'], passwordTemporary: false });
  const word = await resetPasswordOf(fresh.db, 'boss@example.com');
  expect((await fresh.call(signIn, { body: { email: 'boss@example.com', password: word } })).status).toBe(
    200,
  );
  expect(await resetPasswordOf(fresh.db, 'nobody@example.com')).toBeUndefined();
  await fresh.drop();
});

test('the system may change anybody', async () => {
  await people.add('second@example.com', ['administrator']);
  expect((await change(administrator.id, { name: 'Root' }, SYSTEM)).body.name).toBe('Root');
});

/** Consent, the notice and retention, over real HTTP. */
import { createClient } from '@moonbase/http/client';
import { people } from '@moonbase/people/service.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHost, type TestHost } from '../../testing.ts';
import { defineService } from '../declaration.ts';
import { privacyApi } from './privacy-api.ts';

const notes = defineService({
  name: 'notes',
  title: 'Notes',
  personal: {
    tables: {
      notes: {
        columns: 'text',
        purpose: 'Notes that people write',
        basis: 'contract',
        kept: 'ten days',
        of: { person: 'author = $1' },
        retention: {
          notes: { title: 'Notes', days: 10, past: 'at < $1' },
          texts: { title: 'Texts of notes', days: 5, past: `at < $1 AND text <> ''`, empty: `text = ''` },
        },
      },
    },
    impersonal: { notes: 'author' },
  },
  purposes: {
    'share-notes': {
      title: 'Sharing notes',
      text: 'Colleagues see your notes.',
      version: 2,
      basis: 'consent',
      refusable: true,
      assumed: false,
    },
    'keep-notes': {
      title: 'Keeping notes',
      text: 'Notes are kept.',
      version: 1,
      basis: 'contract',
      refusable: false,
      assumed: true,
    },
  },
});

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost([people, notes], {
    setup: async (owner) => {
      await owner.query(`CREATE SCHEMA notes;
        CREATE TABLE notes.notes (author text NOT NULL, text text NOT NULL, at timestamptz NOT NULL);
        GRANT USAGE ON SCHEMA notes TO moonbase_host;
        GRANT SELECT, UPDATE, DELETE ON notes.notes TO moonbase_host`);
    },
  });
});
afterAll(() => host.stop());

const all = (...permissions: string[]) => host.client(privacyApi, ...permissions);

/** Signed in as a new person with these roles. */
async function enter(email: string, roles: string[] = []) {
  const headers = {
    ...(await host.key('people:write', 'people:read', 'privacy:read', 'privacy:write')),
    'content-type': 'application/json',
  };
  const added = await fetch(`${host.url}/api/people`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: email, email, roles }),
  });
  const { temporaryPassword: password } = (await added.json()) as { temporaryPassword: string };
  const entered = await fetch(`${host.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
  return createClient(privacyApi, { url: host.url, headers: { cookie } });
}

test('consent is said for the text that was shown, withdrawn, and every word of it is kept', async () => {
  const person = await enter('nimal@example.com');
  const [before] = (await person.readConsents()).items.filter(({ name }) => name === 'notes.share-notes');
  expect(before).toMatchObject({ given: false, version: 2, history: [] });
  const params = { purpose: 'notes.share-notes' };
  await expect(person.setConsent({ params, body: { given: true, version: 1 } })).rejects.toMatchObject({
    code: 'purpose_changed',
  });
  expect(await person.setConsent({ params, body: { given: true, version: 2 } })).toMatchObject({
    given: true,
  });
  const after = await person.setConsent({ params, body: { given: false, version: 2 } });
  expect(after.given).toBe(false);
  expect(after.history.map(({ given, version }) => [given, version])).toEqual([
    [false, 2],
    [true, 2],
  ]);
  await expect(
    person.setConsent({ params: { purpose: 'notes.keep-notes' }, body: { given: false, version: 1 } }),
  ).rejects.toMatchObject({ code: 'purpose_needed' });
  await expect(
    person.setConsent({ params: { purpose: 'notes.none' }, body: { given: false, version: 1 } }),
  ).rejects.toMatchObject({ code: 'purpose_unknown' });
  await expect((await all('privacy:read')).readConsents()).rejects.toMatchObject({ code: 'not_for_keys' });
});

test('the notice is public, says what is processed, and every published version is kept', async () => {
  const stranger = createClient(privacyApi, { url: host.url });
  const first = await stranger.readNotice();
  expect(first).toMatchObject({ version: 0, content: { controller: 'Moonbase' } });
  expect(first.processing.map(({ purpose }) => purpose)).toContain('Notes that people write');
  expect(first.purposes.map(({ name }) => name)).toContain('notes.share-notes');
  const officer = await all('privacy:read', 'privacy:write');
  const content = {
    ...{
      controller: 'Serendib Insurance',
      address: 'Colombo',
      contact: 'privacy@example.com',
      officer: 'N. P.',
    },
    ...{ officerContact: 'dpo@example.com', authority: 'Data Protection Authority of Sri Lanka', text: '' },
  };
  await expect(stranger.publishNotice({ body: content })).rejects.toMatchObject({ status: 401 });
  expect(await officer.publishNotice({ body: content })).toMatchObject({ version: 1, content });
  await officer.publishNotice({ body: { ...content, text: 'More.' } });
  expect((await stranger.readNotice()).version).toBe(2);
  expect((await officer.listNotices()).items.map(({ version }) => version)).toEqual([2, 1]);
});

test('what is past its period goes, what is not stays; a period can be set and set back', async () => {
  const days = (count: number) => `now() - interval '${count} days'`;
  await host.owner.query(
    `INSERT INTO notes.notes VALUES ('a', 'old', ${days(11)}), ('a', 'middle', ${days(6)}), ('a', 'new', ${days(1)})`,
  );
  const officer = await all('privacy:read', 'privacy:write');
  const ofNotes = async () =>
    (await officer.readRetention()).items
      .filter(({ name }) => name.startsWith('notes.'))
      .map(({ name, days: kept, wouldGo }) => [name, kept, wouldGo]);
  expect(await ofNotes()).toEqual([
    ['notes.notes', 10, 1],
    ['notes.texts', 5, 2],
  ]);
  const set = await officer.setRetention({ params: { rule: 'notes.notes' }, body: { days: 4 } });
  expect(set).toMatchObject({ days: 4, declared: 10, wouldGo: 2 });
  await officer.setRetention({ params: { rule: 'notes.notes' }, body: { days: null } });
  await expect(
    officer.setRetention({ params: { rule: 'notes.none' }, body: { days: 4 } }),
  ).rejects.toMatchObject({ code: 'rule_unknown' });

  await host.db.transaction((tx) => host.host.context('privacy').enqueue(tx, 'retention', {}));
  await host.settled();
  const left = await host.owner.query<{ text: string }>('SELECT text FROM notes.notes ORDER BY at');
  expect(left.rows.map(({ text }) => text)).toEqual(['', 'new']);
  const [run] = await host.host.jobs.runs({ service: 'privacy', job: 'retention', limit: 1 });
  expect(run).toMatchObject({ state: 'succeeded', counts: { 'notes.notes': 1, 'notes.texts': 1 } });
  expect(await ofNotes()).toEqual([
    ['notes.notes', 10, 0],
    ['notes.texts', 5, 0],
  ]);
});

test('an archive is for its owner and the privacy officer only, one a day, and gone when its period is over', async () => {
  const [nimal, kamala] = [await enter('n@example.com'), await enter('k@example.com')];
  const asked = await nimal.startOwnExport();
  expect((await nimal.startOwnExport()).id).toBe(asked.id);
  await host.settled();
  const [ready] = (await nimal.listOwnExports()).items;
  expect(ready).toMatchObject({ id: asked.id, state: 'ready', subjectKind: 'person' });
  expect((await kamala.listOwnExports()).items).toEqual([]);
  const params = { id: asked.id };
  await expect(kamala.downloadExport({ params })).rejects.toMatchObject({ code: 'export_unknown' });
  await expect((await all('privacy:read')).downloadExport({ params })).rejects.toMatchObject({ status: 404 });
  const text = await ((await nimal.downloadExport({ params })) as Response).text();
  expect(
    JSON.parse(text).tables.find(({ table }: { table: string }) => table === 'people').rows,
  ).toMatchObject([{ email: 'n@example.com' }]);
  // Nobody is given digests of passwords or tokens.
  expect(text).not.toMatch(/"(token|password)"/);
  await host.owner.query(`UPDATE privacy.parts SET made_at = now() - interval '8 days'`);
  await host.db.transaction((tx) => host.host.context('privacy').enqueue(tx, 'retention', {}));
  await host.settled();
  expect((await nimal.listOwnExports()).items[0]).toMatchObject({ state: 'expired' });
  await expect(nimal.downloadExport({ params })).rejects.toMatchObject({ code: 'export_unknown' });
});

test('nobody erases a person with rights beyond their own, and nothing is half done', async () => {
  await enter('chief@example.com', []);
  const chief = await host.owner.query<{ id: string }>(
    `UPDATE people.people SET roles = '{administrator}' WHERE email = 'chief@example.com' RETURNING id`,
  );
  const officer = await all('privacy:read', 'privacy:write');
  const id = chief.rows[0]!.id;
  await expect(officer.eraseSubjects({ body: { kind: 'person', ids: [id] } })).rejects.toMatchObject({
    code: 'role_beyond_own',
  });
  expect(await officer.checkErasure({ params: { kind: 'person', id } })).toMatchObject({ erased: false });
  await expect(officer.eraseSubjects({ body: { kind: 'agent', ids: [id] } })).rejects.toMatchObject({
    code: 'subject_kind_unknown',
  });
});

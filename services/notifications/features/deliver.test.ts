import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@moonbase/data';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DELIVERY_RETRIES, deliver } from './deliver.ts';
import { listOutbox } from './list-outbox.ts';
import { retry, retryFailed } from './retry-failed.ts';
import { sendMessage } from './send-message.ts';
import { agentEvent, createContext, personEvent, type TestContext } from './test-context.ts';

let world: TestContext;
const closing: (() => Promise<unknown>)[] = [];
const nimal = { id: newId(), name: 'Nimal Perera', email: 'nimal@example.com' };

beforeEach(async () => {
  world = await createContext();
});
afterEach(async () => {
  delete process.env.SMTP_URL;
  for (const close of closing.splice(0)) await close();
  await world.drop();
});

/** Tells Nimal something. @returns the id of what is to be delivered */
async function send(message = 'Hello there'): Promise<string> {
  await world.react(agentEvent(nimal));
  await world.call(sendMessage, {
    body: {
      to: { agents: [nimal.id], teams: [], branches: [], people: [], everyone: false },
      title: 'News',
      message,
    },
  });
  return world.enqueued.at(-1)!;
}

function run(id: string, more: { id?: string; attempt?: number; signal?: AbortSignal } = {}) {
  return deliver(
    world.context,
    {
      id: more.id ?? newId(),
      attempt: more.attempt ?? 1,
      signal: more.signal ?? new AbortController().signal,
    },
    id,
  );
}

async function state(id: string) {
  const answer = await world.db.query<{ status: string; attempts: number; last_error: string | null }>(
    'SELECT status, attempts, last_error FROM notifications.notifications WHERE id = $1',
    [id],
  );
  return answer.rows[0]!;
}

interface Mail {
  from: string;
  to: string[];
  content: string;
}

/** A real mail server. @param refuse code to answer recipients with */
async function startMailServer(refuse?: () => number | undefined): Promise<Mail[]> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, done) => {
      const code = refuse?.();
      done(code ? Object.assign(new Error('No such mailbox'), { responseCode: code }) : null);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((each) => each.address),
          content: Buffer.concat(chunks).toString('utf8'),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  process.env.SMTP_URL = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return mails;
}

interface Call {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real receiver of webhooks. @param statuses answered one after the other, the last one for ever */
async function startReceiver(...statuses: number[]): Promise<{ url: string; calls: Call[]; server: Server }> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      calls.push({ headers: request.headers, body });
      response.writeHead(statuses[Math.min(calls.length, statuses.length) - 1] ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, calls, server };
}

/** A webhook of the organisation for what is sent next. @returns the id of its notification */
async function sendToWebhook(url: string): Promise<string> {
  await world.db.query(
    `INSERT INTO notifications.endpoints (id, url, secret, kinds, created_at) VALUES ($1, $2, 'whsec_test', '{}', now())`,
    [newId(), url],
  );
  await send();
  const answer = await world.db.query<{ id: string }>(
    `SELECT id FROM notifications.notifications WHERE channel = 'webhook'`,
  );
  return answer.rows[0]!.id;
}

test('without a mail server a mail is kept in the outbox, and counts as sent', async () => {
  const id = await send();
  expect(await run(id)).toEqual({ counts: { sent: 1 } });
  expect(await state(id)).toEqual({ status: 'SENT', attempts: 1, last_error: null });
  const { body } = await world.call(listOutbox, { query: { limit: 10, cursor: undefined } });
  expect(body).toEqual({
    items: [
      {
        id,
        to: nimal.email,
        subject: 'News',
        text: 'Hello Nimal Perera,\n\nHello there\n\nSerendib\n',
        at: '2026-03-10T06:30:00.000Z',
      },
    ],
    next: null,
    mailServer: false,
  });
});

test('a mail server gets the mail once, as text and HTML, under an id that stays', async () => {
  const mails = await startMailServer();
  const id = await send('Grüße <b>an alle</b>');
  await run(id);
  await run(id);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatchObject({ from: 'moonbase@localhost', to: [nimal.email] });
  expect(mails[0]!.content).toContain(`Message-ID: <${id}@moonbase>`);
  expect(mails[0]!.content).toContain('Subject: News');
  expect(mails[0]!.content).toMatch(/multipart\/alternative/);
  expect(mails[0]!.content).not.toContain('<b>an alle</b></p>');
  expect((await world.published()).map(({ channel, before, after }) => [channel, before, after])).toEqual(
    expect.arrayContaining([
      ['in-app', null, 'SENT'],
      ['email', null, 'PENDING'],
      ['email', 'PENDING', 'SENT'],
    ]),
  );
});

test('a mail server that is away leaves it pending with the error, and the job tries again', async () => {
  process.env.SMTP_URL = 'smtp://127.0.0.1:9';
  const id = await send();
  await expect(run(id)).rejects.toThrow('The mail server did not take it');
  expect(await state(id)).toMatchObject({ status: 'PENDING', attempts: 1 });
  expect((await state(id)).last_error).toContain('ECONNREFUSED');
  const mails = await startMailServer();
  await run(id, { attempt: 2 });
  expect(await state(id)).toEqual({ status: 'SENT', attempts: 2, last_error: null });
  expect(mails).toHaveLength(1);
});

test('the last attempt leaves it failed, and somebody can have it delivered again', async () => {
  process.env.SMTP_URL = 'smtp://127.0.0.1:9';
  const id = await send();
  expect(await run(id, { attempt: DELIVERY_RETRIES + 1 })).toEqual({ counts: { failed: 1 } });
  expect((await state(id)).status).toBe('FAILED');
  const mails = await startMailServer();
  const before = world.enqueued.length;
  const { body } = await world.call(retry, { params: { id } });
  expect(body.status).toBe('PENDING');
  expect(world.enqueued.slice(before)).toEqual([id]);
  await expect(world.call(retry, { params: { id } })).rejects.toMatchObject({ code: 'not_failed' });
  await run(id);
  expect((await state(id)).status).toBe('SENT');
  expect(mails).toHaveLength(1);
  const moves = (await world.published()).filter((event) => event.notificationId === id);
  expect(moves.map(({ before, after }) => [before, after])).toEqual([
    [null, 'PENDING'],
    ['PENDING', 'FAILED'],
    ['FAILED', 'PENDING'],
    ['PENDING', 'SENT'],
  ]);
});

test('all that failed goes out again at once', async () => {
  process.env.SMTP_URL = 'smtp://127.0.0.1:9';
  const ids = [await send('one'), await send('two')];
  for (const id of ids) await run(id, { attempt: DELIVERY_RETRIES + 1 });
  expect((await world.call(retryFailed, {})).body).toEqual({ retried: 2 });
  expect((await world.call(retryFailed, {})).body).toEqual({ retried: 0 });
  expect(world.enqueued.slice(-2).toSorted()).toEqual(ids.toSorted());
});

test('a mailbox that does not exist fails at once; one that is full for now is tried again', async () => {
  let code = 550;
  await startMailServer(() => code);
  const gone = await send();
  expect(await run(gone)).toEqual({ counts: { failed: 1 } });
  expect(await state(gone)).toMatchObject({
    status: 'FAILED',
    last_error: expect.stringContaining('No such mailbox'),
  });
  code = 452;
  const full = await send();
  await expect(run(full)).rejects.toThrow();
  expect((await state(full)).status).toBe('PENDING');
});

test('two jobs for one notification do not deliver it twice', async () => {
  const mails = await startMailServer();
  const id = await send();
  const results = await Promise.allSettled([run(id), run(id), run(id)]);
  expect(mails).toHaveLength(1);
  expect(
    results.filter((result) => result.status === 'fulfilled' && result.value?.counts?.sent === 1),
  ).toHaveLength(1);
});

test('after a crash in the middle the same job goes on at once, another one when the time is up', async () => {
  const mails = await startMailServer();
  const id = await send();
  const job = newId();
  // As a crash leaves it: claimed, nothing settled.
  await world.db.query(
    `UPDATE notifications.notifications SET attempts = 1, claimed_by = $2, claimed_until = $3 WHERE id = $1`,
    [id, job, '2026-03-10T06:31:00Z'],
  );
  await expect(run(id)).rejects.toThrow('at this moment');
  expect(mails).toHaveLength(0);
  await run(id, { id: job, attempt: 2 });
  expect(mails).toHaveLength(1);
  expect((await state(id)).status).toBe('SENT');
});

test('when the host stops nothing is settled, and nothing is lost', async () => {
  const { url } = await startReceiver(500);
  world.webhooks.allowPrivateAddresses = true;
  const id = await sendToWebhook(url);
  const stop = new AbortController();
  stop.abort();
  await expect(run(id, { signal: stop.signal, attempt: DELIVERY_RETRIES + 1 })).rejects.toThrow();
  expect((await state(id)).status).toBe('PENDING');
});

test('a webhook is signed over time and body, so that nobody can forge or repeat it', async () => {
  const { url, calls } = await startReceiver();
  world.webhooks.allowPrivateAddresses = true;
  const id = await sendToWebhook(url);
  await run(id);
  expect(calls).toHaveLength(1);
  const { headers, body } = calls[0]!;
  expect(JSON.parse(body)).toMatchObject({ id, kind: 'message', subject: 'News', body: 'Hello there' });
  expect(headers['moonbase-delivery']).toBe(id);
  const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['moonbase-signature'] as string)!;
  expect(Number(time)).toBe(Date.parse('2026-03-10T06:30:00Z') / 1000);
  expect(mac).toBe(createHmac('sha256', 'whsec_test').update(`${time}.${body}`).digest('hex'));
});

test('a webhook that fails is tried again under the same id', async () => {
  const { url, calls } = await startReceiver(503, 200);
  world.webhooks.allowPrivateAddresses = true;
  const id = await sendToWebhook(url);
  await expect(run(id)).rejects.toThrow('503');
  expect(await state(id)).toMatchObject({ status: 'PENDING', last_error: 'The webhook answered 503.' });
  await run(id, { attempt: 2 });
  expect((await state(id)).status).toBe('SENT');
  expect(calls.map((call) => call.headers['moonbase-delivery'])).toEqual([id, id]);
});

test('redirects are not followed', async () => {
  const { url, calls } = await startReceiver(302);
  world.webhooks.allowPrivateAddresses = true;
  await expect(run(await sendToWebhook(url))).rejects.toThrow('302');
  expect(calls).toHaveLength(1);
});

test('a webhook that is gone or removed fails at once', async () => {
  const { url, calls } = await startReceiver(410);
  world.webhooks.allowPrivateAddresses = true;
  const id = await sendToWebhook(url);
  expect(await run(id)).toEqual({ counts: { failed: 1 } });
  await world.db.query('DELETE FROM notifications.endpoints');
  expect(await run(id)).toEqual({ counts: { failed: 1 } });
  expect(await state(id)).toMatchObject({ status: 'FAILED', last_error: 'The webhook was removed.' });
  expect(calls).toHaveLength(1);
});

test('a private address is refused for good unless the setting allows it', async () => {
  const { url, calls } = await startReceiver();
  const id = await sendToWebhook(url);
  expect(await run(id)).toEqual({ counts: { failed: 1 } });
  expect((await state(id)).last_error).toContain('not a public address');
  expect(calls).toEqual([]);
});

test('who was erased meanwhile gets no mail', async () => {
  const mails = await startMailServer();
  const id = await send();
  await world.db.query('UPDATE notifications.agents SET name = NULL, email = NULL');
  expect(await run(id)).toEqual({ counts: { failed: 1 } });
  expect(mails).toEqual([]);
});

test('a person’s mail goes to their own address, not to the agent’s', async () => {
  const mails = await startMailServer();
  const person = { id: newId(), name: 'Nimal P', email: 'np@example.com' };
  await world.react(personEvent(person, { agentId: nimal.id }));
  await run(await send());
  expect(mails.map((mail) => mail.to)).toEqual([['np@example.com']]);
});

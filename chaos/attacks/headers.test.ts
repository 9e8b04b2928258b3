/** What every answer tells browsers, and what a session's cookie is. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AttackedHost, startAttackedHost } from './attacked-host.ts';

let folder: string;
let host: AttackedHost;
let behind: AttackedHost;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moonbase-headers-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(
    join(folder, 'index.html'),
    '<html><meta property="csp-nonce" nonce="@nonce@"><script src="/assets/main-1.js"></script></html>',
  );
  await writeFile(join(folder, 'assets', 'main-1.js'), 'void 0;');
  [host, behind] = await Promise.all([
    startAttackedHost({ consoleFolder: folder }),
    startAttackedHost({ consoleFolder: folder, behindProxy: true }),
  ]);
}, 120_000);
afterAll(async () => {
  await Promise.all([host.stop(), behind.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}, url = host.url) =>
  fetch(url + path, { headers });

test.each([
  ['an answer of the API', '/api/agents', 200],
  ['a refusal', '/api/people/1', 422],
  ['somebody unknown', '/api/agents?signed=out', 401],
  ['an address that is not there', '/api/nothing', 404],
  ['the console', '/', 200],
  ['a page of the console', '/agents', 200],
  ['an asset', '/assets/main-1.js', 200],
  ['the reference', '/docs', 200],
  ['its style', '/docs/start.css', 200],
  ['the document of the API', '/openapi.json', 200],
  ['health', '/health/live', 200],
  ['metrics', '/metrics', 200],
])('%s says what browsers may do with it', async (what, path, status) => {
  const signedOut = what === 'somebody unknown';
  const answer = await get(path, { accept: 'text/html,*/*', ...(signedOut ? {} : host.all) });
  expect(answer.status).toBe(status);
  const policy = answer.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:/);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
  });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect(answer.headers.get('strict-transport-security')).toBeNull();
});

test('a live stream carries the headers too', async () => {
  const end = new AbortController();
  const answer = await fetch(`${host.url}/api/live?types=sales.recorded`, {
    headers: host.all,
    signal: end.signal,
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.headers.get('cache-control')).toBe('no-store');
  end.abort();
});

test('nothing keeps answers about people; assets are kept for ever, pages are asked for each time', async () => {
  const caching = async (path: string) =>
    (await get(path, { accept: 'text/html,*/*', ...host.all })).headers.get('cache-control');
  for (const path of ['/api/agents', '/api/people', '/api/session', '/api/nothing', '/health', '/metrics'])
    expect([path, await caching(path)]).toEqual([path, 'no-store']);
  expect(await caching('/assets/main-1.js')).toBe('public, max-age=31536000, immutable');
  expect(await caching('/')).toBe('no-cache');
  expect(await caching('/docs')).toBe('no-cache');
});

test('each page has a nonce of its own, the same in header and page, and no validator that would keep an old one', async () => {
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const answer = await get('/', { accept: 'text/html' });
      const [, nonce] = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy')!)!;
      expect(await answer.text()).toContain(`nonce="${nonce}"`);
      expect(answer.headers.get('etag') ?? answer.headers.get('last-modified')).toBeNull();
      return nonce!;
    }),
  );
  expect(nonces[0]).not.toBe(nonces[1]);
  expect(Buffer.from(nonces[0]!, 'base64')).toHaveLength(16);
});

test('the page of the reference holds no script and no style of its own', async () => {
  const page = await (await get('/docs')).text();
  expect(page).not.toMatch(/<style|<script>|style=|onload=/);
});

test('https is remembered where the trusted proxy says so, and not where anybody says so', async () => {
  const https = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
  expect((await get('/api/session', https, behind.url)).headers.get('strict-transport-security')).toMatch(
    /^max-age=\d{8,}/,
  );
  expect((await get('/', https)).headers.get('strict-transport-security')).toBeNull();
  expect((await get('/', {}, behind.url)).headers.get('strict-transport-security')).toBeNull();
});

test('by https a session’s cookie belongs to this host alone; one that a neighbour could have set counts for nothing', async () => {
  const ann = await behind.person('Ann', 'analyst');
  const https = { 'x-forwarded-proto': 'https' };
  const status = async (headers: Record<string, string>) =>
    (await get('/api/sessions', headers, behind.url)).status;
  const whole = async (headers: Record<string, string>) =>
    (await (await get('/api/session', headers, behind.url)).json()) as { person?: { id: string } | null };
  const secure = await whole({ ...https, cookie: `__Host-moonbase_session=${ann.token}` });
  expect(JSON.stringify(secure)).toContain(ann.id);
  const tossed = await whole({ ...https, cookie: `moonbase_session=${ann.token}` });
  expect(JSON.stringify(tossed)).not.toContain(ann.id);
  expect(await status({ ...https, cookie: `moonbase_session=${ann.token}` })).not.toBe(200);
});

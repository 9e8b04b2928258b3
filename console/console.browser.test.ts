/** One manager's morning in the console, in a real browser against a whole host. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { agents } from '@moonbase/agents/service.ts';
import { anomalies } from '@moonbase/anomalies/service.ts';
import { commissions } from '@moonbase/commissions/service.ts';
import { insights } from '@moonbase/insights/service.ts';
import { notifications } from '@moonbase/notifications/service.ts';
import { ensureFirstAdministrator } from '@moonbase/people/features/first-administrator.ts';
import { people } from '@moonbase/people/service.ts';
import { salesApi } from '@moonbase/sales/api.ts';
import { sales } from '@moonbase/sales/service.ts';
import { startTestHost, type TestHost } from '@moonbase/service/testing';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buildConsole } from './build.ts';

const ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
const administrator = { email: 'asha@example.com', password: 'a long enough passphrase 1' };

let running: TestHost;
let folder: string;
let browser: BrowserContext;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moonbase-browser-'));
  const consoleFolder = process.env.MOONBASE_CONSOLE ?? (await buildConsole()).folder;
  running = await startTestHost([people, agents, sales, commissions, anomalies, notifications, insights], {
    consoleFolder,
  });
  await ensureFirstAdministrator(running.db, administrator);
  // The people and agents of the demo, not its sales: what is sold here is what the test sells.
  for (const service of [people, agents]) await service.seed?.(running.host.context(service.name));
  await running.settled();
  browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env.MOON_CHROMIUM || '/usr/bin/chromium',
    args: ARGS,
    viewport: { width: 1280, height: 860 },
    locale: 'en-GB',
    timezoneId: 'Asia/Colombo',
    reducedMotion: 'reduce',
  });
  browser.setDefaultTimeout(20_000);
  page = browser.pages()[0] ?? (await browser.newPage());
  page.on('pageerror', (error) => complaints.push(error.message));
  // What the policy of the page refused: a style or script that it was not made for.
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
});

// A picture says more than a locator that waited in vain.
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail' || !process.env.MOON_TEST_PICTURES) return;
  await page.screenshot({
    path: join(process.env.MOON_TEST_PICTURES, `${task.name.replaceAll(/\W+/g, '-')}.png`),
  });
});

/** Chooses an option of a field that is searched by typing. */
async function choose(label: string, typed: string, option: RegExp): Promise<void> {
  const field = page
    .getByRole('dialog')
    .getByLabel(new RegExp(`^${label}\\b`))
    .first();
  await field.click();
  await field.fill(typed);
  await page.getByRole('option', { name: option }).first().click();
}

async function see(text: string | RegExp): Promise<void> {
  await page.getByText(text).filter({ visible: true }).first().waitFor();
}

test('a wrong password is refused without telling whether the address is known', {
  timeout: 60_000,
}, async () => {
  await page.goto(running.url);
  await page.getByLabel('Email').fill('nobody@example.com');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.keyboard.press('Enter');
  const unknown = await page.getByRole('alert').first().textContent();
  await page.getByLabel('Email').fill(administrator.email);
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByRole('alert').first().textContent()).toBe(unknown);
});

test('she signs in and sees the overview', { timeout: 60_000 }, async () => {
  await page.getByLabel('Email').fill(administrator.email);
  await page.getByLabel('Password', { exact: true }).fill(administrator.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await see('No sales yet');
});

test('a sale that a core system pushes arrives on the open page', { timeout: 60_000 }, async () => {
  const core = await running.client(salesApi, 'sales:write');
  await core.recordSale({
    body: {
      ...{ source: 'core', reference: 'LIVE-1', agent: 'AGT001', product: 'LIFE-TERM', amount: '1250.00' },
      soldAt: new Date().toISOString(),
    },
  });
  await see('$1,250.00');
});

test('she finds an agent with the palette', { timeout: 60_000 }, async () => {
  await page.keyboard.press('Control+k');
  const search = page.getByRole('combobox', { name: 'Search or jump to' });
  await search.fill('Nimal');
  await page
    .getByRole('option', { name: /Nimal Perera/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Nimal Perera' }).waitFor();
});

test('she sets a target for the company', { timeout: 60_000 }, async () => {
  await page.goto(`${running.url}/targets`);
  await page.getByRole('button', { name: 'Set a target' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Of\b/).first().click();
  await page.getByRole('option', { name: /company/i }).click();
  await dialog.getByLabel('To reach').fill('5000');
  await dialog.getByRole('button', { name: /^Set/ }).click();
  await dialog.waitFor({ state: 'hidden' });
  await see('$5,000.00');
});

test('she records a sale, and hears that the target was reached', { timeout: 90_000 }, async () => {
  await page.goto(`${running.url}/sales`);
  await page.getByRole('button', { name: 'Record a sale' }).first().click();
  await choose('Agent', 'AGT002', /AGT002/);
  await choose('Product', 'Term', /Term/);
  await page.getByRole('dialog').getByLabel('Amount').fill('4200.50');
  await page.getByRole('dialog').getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await see(/4,200\.50/);
  await page.goto(`${running.url}/notifications`);
  await see(/100\s?%/);
});

test('she corrects a sale and cancels another, each with a reason', { timeout: 90_000 }, async () => {
  const reader = await running.client(salesApi, 'sales:read');
  const { items } = await reader.listSales({ query: {} });
  const [made, pushed] = [
    items.find((sale) => sale.source === 'console')!,
    items.find((sale) => sale.source === 'core')!,
  ];
  await page.goto(`${running.url}/sales/${made.saleId}`);
  await page.getByRole('button', { name: 'Correct', exact: true }).first().click();
  await page.getByRole('dialog').getByLabel('Amount').fill('4300.25');
  await page.getByRole('dialog').getByLabel('Reason').fill('Typed wrong');
  await page.getByRole('dialog').getByRole('button', { name: 'Correct', exact: true }).click();
  await see('Typed wrong');
  await page.goto(`${running.url}/sales/${pushed.saleId}`);
  await page.getByRole('button', { name: 'Cancel the sale' }).first().click();
  await page.getByRole('dialog').getByRole('textbox').first().fill('The customer withdrew');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the sale' }).click();
  await see('The customer withdrew');
  await running.settled();
  const after = await reader.listSales({ query: {} });
  expect(Object.fromEntries(after.items.map((sale) => [sale.source, [sale.amount, sale.status]]))).toEqual({
    console: ['4300.2500', 'recorded'],
    core: ['1250.0000', 'cancelled'],
  });
});

test('the overview says what is left', { timeout: 60_000 }, async () => {
  await page.goto(running.url);
  await see('$4,300.25');
});

const addresses = [
  ...[
    '/',
    '/agents',
    '/branches',
    '/teams',
    '/products',
    '/agents/import',
    '/sales',
    '/sales/upload',
    '/sales/rejected',
  ],
  ...[
    '/targets',
    '/anomalies',
    '/anomalies/detectors',
    '/notifications',
    '/notifications/preferences',
    '/notifications/templates',
    '/notifications/deliveries',
  ],
  ...[
    '/notifications/failed',
    '/notifications/outbox',
    '/notifications/webhooks',
    '/insights',
    '/insight-tables',
    '/sql',
  ],
  ...[
    '/status',
    '/settings/profile',
    '/settings/people',
    '/settings/keys',
    '/settings/organisation',
    '/settings/my-data',
    '/settings/privacy',
    '/settings/privacy?view=register',
    '/settings/privacy?view=retention',
    '/settings/privacy?view=notice',
    '/privacy',
  ],
  ...[
    '/commissions',
    '/commissions/plans',
    '/commissions/plans/new',
    '/commissions/what-if',
    '/commissions/disputes',
  ],
];

test.each(['light', 'dark'] as const)(
  'axe finds nothing on any page, %s',
  { timeout: 240_000 },
  async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found: string[] = [];
    for (const address of addresses) {
      await page.goto(running.url + address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expect.poll(() => page.locator('[aria-busy=true], .mantine-Skeleton-root').count()).toBe(0);
      const { violations } = await new AxeBuilder({ page }).analyze();
      found.push(...violations.map(({ id, nodes }) => `${address}: ${id} at ${nodes[0]?.target.join(' ')}`));
    }
    expect(found).toEqual([]);
  },
);

test('the reference of the API works under its policy', { timeout: 60_000 }, async () => {
  await page.goto(`${running.url}/docs`);
  await page.locator('.opblock-tag').first().click();
  await page.locator('.opblock-summary').first().click();
  await page.getByRole('button', { name: 'Execute' }).first().waitFor();
  expect(await page.locator('body').evaluate((body) => getComputedStyle(body).margin)).toBe('0px');
  if (process.env.MOON_TEST_PICTURES)
    await page.screenshot({ path: join(process.env.MOON_TEST_PICTURES, 'reference.png') });
});

test('nothing broke meanwhile in any page', () => {
  expect(complaints).toEqual([]);
});

test('what gets into a page from outside runs nothing and styles nothing', { timeout: 60_000 }, async () => {
  await page.goto(running.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const { width, colour } = await page.evaluate(() => {
    const style = document.createElement('style');
    style.textContent = 'body { border-top: 7px solid red }';
    const block = document.createElement('div');
    block.innerHTML =
      '<b id="probe" style="color: rgb(1, 2, 3)">x</b><img src="x:" onerror="window.ran = true">';
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(style, block, script);
    return {
      width: getComputedStyle(document.body).borderTopWidth,
      colour: getComputedStyle(document.getElementById('probe')!).color,
    };
  });
  expect(width).toBe('0px');
  expect(colour).not.toBe('rgb(1, 2, 3)');
  await expect
    .poll(() => complaints.filter((each) => /script|event handler/.test(each)).length)
    .toBeGreaterThan(1);
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
});

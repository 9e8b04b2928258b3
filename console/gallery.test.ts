/** The page kit in a real browser, on the gallery's made-up answers. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const executablePath = process.env.MOON_CHROMIUM ?? '/usr/bin/chromium';
const configFile = join(import.meta.dirname, 'gallery/vite.config.ts');

/** Waits for what a slow machine takes its time with. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

let folder: string;
let server: PreviewServer;
let browser: BrowserContext;
let page: Page;
let origin: string;
let complaints: string[] = [];

/** What opens over a page, and how. */
const overlays = [
  { name: 'a form', path: '/sales?new=1', show: async () => {}, shown: () => page.getByRole('dialog') },
  {
    name: 'the palette',
    path: '/sales',
    show: () => page.keyboard.press('Control+k'),
    shown: () => page.getByRole('combobox', { name: 'Search or jump to' }),
  },
  {
    name: 'the choice of a period',
    path: '/sales',
    show: () => page.getByRole('button', { name: /^Period/ }).click(),
    shown: () => page.getByRole('button', { name: 'Last 7 days' }),
  },
  {
    name: 'the account menu',
    path: '/',
    show: () => page.getByRole('button', { name: /^Account of/ }).click(),
    shown: () => page.getByRole('menuitem', { name: 'Sign out' }),
  },
];

describe.runIf(existsSync(executablePath))('the page kit in a browser', () => {
  beforeAll(async () => {
    process.env.NODE_ENV = 'production';
    folder = await mkdtemp(join(tmpdir(), 'gallery-'));
    const outDir = join(folder, 'built');
    await build({ configFile, logLevel: 'error', build: { outDir } });
    server = await preview({ configFile, logLevel: 'error', build: { outDir }, preview: { port: 0 } });
    origin = server.resolvedUrls!.local[0]!.replace(/\/$/, '');
    browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'Asia/Colombo',
    });
    page = browser.pages()[0] ?? (await browser.newPage());
    page.on('pageerror', (error) => complaints.push(error.message));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    complaints = [];
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  });

  async function open(path: string): Promise<void> {
    await page.goto(`${origin}${path}`);
    await page.locator('h1').first().waitFor();
    await page.waitForTimeout(150);
  }

  const faults = async () => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    return violations.map(({ id, nodes }) => {
      const told = nodes.map((node) => `${node.html.slice(0, 140)} ${node.failureSummary ?? ''}`);
      return `${id}: ${told.join(' | ')}`;
    });
  };

  describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
    it.each([
      '/',
      '/sales',
      '/agents',
      '/insights',
      '/targets',
      '/sales/rejected',
      '/status',
      '/status?view=jobs',
      '/status?view=stuck',
      '/status?view=errors',
      '/settings/people',
    ])('axe finds nothing on %s', async (path) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${origin}${path}`);
      await page.locator('#content').waitFor();
      await page.waitForTimeout(700);
      expect(await faults()).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('axe finds nothing on the sign-in page, also when it refuses', async () => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open('/sign-in');
      expect(await faults()).toEqual([]);
      await page.getByLabel('Email').fill('amara@moon.example');
      await page.getByLabel('Password', { exact: true }).fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      expect(await faults()).toEqual([]);
    });

    it.each(overlays)('axe finds nothing on $name', async ({ path, show, shown }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open(path);
      await show();
      await shown().waitFor();
      expect(await faults()).toEqual([]);
    });
  });

  it.each(['/', '/sales', '/targets', '/status?view=jobs'])(
    'axe finds nothing on a narrow %s',
    async (path) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await open(path);
      expect(await faults()).toEqual([]);
    },
  );

  it('the navigation of a narrow screen opens, leads on, and is gone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open('/sales');
    await page.getByRole('button', { name: 'Open the navigation' }).click();
    expect(await faults()).toEqual([]);
    await page.getByRole('dialog').getByRole('link', { name: 'Insights' }).click();
    await eventually(() => page.url()).toContain('/insights');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('nothing is wider than a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of ['/', '/sales', '/agents', '/insights', '/targets', '/status', '/sign-in']) {
      await open(path);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over, path).toBeLessThanOrEqual(0);
    }
  });

  it('a long list draws only what is in sight, loads more, and is walked with the keyboard', async () => {
    await open('/sales');
    const rows = page.locator('tbody tr[data-row]');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThan(50);
    // The rows may be drawn once more as the page settles: the focus is then set again.
    await eventually(async () => {
      await rows.first().focus();
      await page.keyboard.press('ArrowDown');
      return page.evaluate(() => document.activeElement?.getAttribute('data-row'));
    }).toBe('1');
    await page.keyboard.press('End');
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('49');
    await page.getByText('100 shown').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Opened from the table').waitFor();
    await page.keyboard.press(' ');
    await page.getByText('1 selected').waitFor();
  });

  it('filters stand in the address, and an address opens them', async () => {
    await open('/sales');
    await page.getByRole('searchbox', { name: 'Search' }).fill('8799');
    await eventually(() => page.url()).toContain('q=8799');
    await page.getByLabel('Branch', { exact: true }).first().click();
    await page.getByRole('option', { name: 'Harbour' }).click();
    await eventually(() => page.url()).toContain('branch=Harbour');
    const address = page.url();
    await open('/');
    await page.goto(address);
    await eventually(() => page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('8799');
    await eventually(() => page.locator('tbody tr[data-row]').first().textContent()).toContain('Harbour');
  });

  it("a form says what is missing, then shows the server's faults where they belong", async () => {
    await open('/sales?new=1');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Record' }).click();
    await eventually(() => dialog.getByText('This is needed.').count()).toBe(3);
    await dialog.locator('[data-path=reference]').fill('POL-1');
    await dialog.locator('[data-path=product]').click();
    await page.getByRole('option', { name: 'Term Life' }).click();
    await dialog.locator('[data-path=amount]').fill('999999');
    await dialog.getByRole('button', { name: 'Record' }).click();
    await dialog.getByText('Above the limit of this product.').waitFor();
    await dialog.getByText('The shares do not add up to 100 %.').waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-path')))
      .toBe('amount');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keep editing' }).click();
    expect(await dialog.locator('[data-path=reference]').inputValue()).toBe('POL-1');
  });

  it('a reason is asked for and not gone without', async () => {
    await open('/sales');
    await page.locator('tbody [type=checkbox]').first().check();
    await page.getByRole('button', { name: 'Cancel sales' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Cancel sales' }).click();
    await dialog.getByText('Say why; it is kept with the change.').waitFor();
    await dialog.getByLabel('Reason').fill('Customer withdrew');
    await dialog.getByRole('button', { name: 'Cancel sales' }).click();
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('a chart says what it shows, and shows it as a table', async () => {
    await open('/insights');
    const chart = page.getByRole('figure', { name: /^Deliveries by status\. .*highest 1,842 \(Sent\)/ });
    await chart.locator('svg').first().waitFor();
    await chart.getByRole('button', { name: /as table/ }).click();
    await chart.getByRole('cell', { name: '1,842' }).waitFor();
  });

  it('the palette finds pages, actions and records and goes there', async () => {
    await open('/');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('ami');
    await page.getByRole('option', { name: /Amir Haddad/ }).waitFor();
    await page.getByRole('combobox').fill('rec');
    await page.getByRole('option', { name: 'Record a sale' }).waitFor();
    await page.keyboard.press('Enter');
    await eventually(() => page.url()).toContain('/sales?new=1');
  });

  it('keys go to pages, focus follows, and typing is left alone', async () => {
    await open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await eventually(() => page.url()).toContain('/sales');
    await eventually(() => page.evaluate(() => document.activeElement?.id)).toBe('page-title');
    await eventually(() => page.title()).toBe('Sales · Moonbase');
    await page.keyboard.press('/');
    await page.keyboard.type('g i');
    expect(page.url()).toContain('/sales');
    expect(await page.getByRole('searchbox').inputValue()).toBe('g i');
  });

  it('colours stay as chosen', async () => {
    await open('/');
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    await page.reload();
    await page.locator('h1').waitFor();
    const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
    expect(await scheme()).toBe('dark');
    await page.evaluate(() => localStorage.removeItem('moonbase-colour'));
  });

  it('a page that fails leaves the shell standing; one not open to the viewer says what it needs', async () => {
    await page.goto(`${origin}/notifications`);
    await page.getByText('Something on this page went wrong.').waitFor();
    await page.getByRole('link', { name: 'Agents' }).click();
    await page.getByRole('heading', { name: 'Nimal Perera' }).waitFor();
    await page.goto(`${origin}/settings/people`);
    await page.getByText('people:everything').waitFor();
    await page.goto(`${origin}/nowhere`);
    await page.getByText('There is nothing at this address').waitFor();
  });

  it('signed out, every page leads to the sign-in page and from there back', async () => {
    await open('/sales?branch=North');
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Moonbase' }).waitFor();
    await page.goto(`${origin}/sales?branch=North`);
    await page.getByLabel('Email').fill('amara@moon.example');
    await page.getByLabel('Password', { exact: true }).fill('moonlight');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await eventually(() => page.url()).toBe(`${origin}/sales?branch=North`);
    await page.getByRole('heading', { name: 'Sales' }).waitFor();
  });

  it('events arrive live, and the shell says so', async () => {
    await open('/');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('249', { exact: true }).waitFor({ timeout: 8_000 });
  });
});

if (!existsSync(executablePath)) {
  it('the page kit in a browser: NOT RUN, there is no Chromium here (set MOON_CHROMIUM)', () => {
    console.warn(`No browser at ${executablePath}: the page kit was not tried in one.`);
  });
}

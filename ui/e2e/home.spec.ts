/** Home in every state, in six languages, both themes and three sizes. */
import { expect, test } from '@playwright/test';
import type { ConnectionState, ErrorCode, Work } from '../src/ipc/generated';
import { preferences, start } from '../src/testing/start';
import { axe, fits, languages, sizes, stretch, themes } from './checks';
import { connected, open, tidewater } from './replies';

test.beforeEach(async ({ page }) => {
  await page.clock.setFixedTime(new Date('2026-11-21T15:00:00Z'));
});

const heading = (page: import('@playwright/test').Page) => page.getByRole('heading', { level: 1 });
const failed =
  (kind: 'stopped' | 'retrying') =>
  (code: ErrorCode): ConnectionState => ({
    kind,
    error: { code, message: 'as the service said', hint: null, retryAfterSeconds: null, service: null },
    since: '2026-11-21T07:42:00Z',
    tries: 7,
  });
const stopped = failed('stopped');
const retrying = failed('retrying');

const states: [string, ConnectionState][] = [
  ['in step', { kind: 'inStep' }],
  ['in step but for one contact', { kind: 'except', contacts: 1 }],
  ['differing', { kind: 'differs' }],
  ['syncing', { kind: 'syncing' }],
  ['paused', { kind: 'paused' }],
  ['waiting for a yes', { kind: 'waits', changes: 310 }],
  ['with changes that are not sent', { kind: 'unsent', changes: 310, foundAt: '2026-11-21T14:50:00Z' }],
  ['not finished', { kind: 'unfinished' }],
  ['offline', { kind: 'offline', service: null }],
  ['with one service not reached', { kind: 'offline', service: 'mailchimp' }],
  ['signed out of QuickBooks', stopped('sign_in_quickbooks')],
  ['signed out of Mailchimp', stopped('sign_in_mailchimp')],
  ['over the Mailchimp limit', stopped('mailchimp_limit')],
  ['without its audience', stopped('audience_gone')],
  ['with its company closed', retrying('company_closed')],
  ['throttled', retrying('throttled')],
  ['disconnected', { kind: 'disconnected' }],
];

for (const [name, state] of states) {
  test(`Home ${name} is accessible and whole`, async ({ page }) => {
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      await open(page, '#/home', connected({ state }));
      await expect(heading(page)).toBeVisible();
      await axe(page, name, colorScheme);
    }
    for (const size of sizes) {
      await page.setViewportSize(size);
      await fits(page);
    }
    await page.setViewportSize(sizes[0]);
    await stretch(page);
    await fits(page);
  });
}

for (const language of languages) {
  test(`Home fits in ${language} in the smallest window`, async ({ page }) => {
    await page.setViewportSize(sizes[0]);
    await open(page, '#/home', {
      ...connected(),
      read_start: start({ preferences: { ...preferences, language } }),
    });
    await expect(heading(page)).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await fits(page);
  });
}

/** A sync whose service has let a request wait since 8 seconds before the clock of these tests. */
const waiting: Work = {
  id: 1,
  task: 'sync',
  company: tidewater.company,
  byItself: false,
  startedAt: '2026-11-21T14:59:40Z',
  state: {
    kind: 'running',
    progress: {
      phases: [],
      done: 3,
      total: 12,
      secondsLeft: null,
      heldUp: { why: 'slowAnswer', service: 'quickbooks', since: '2026-11-21T14:59:52Z' },
      latest: [],
    },
  },
};

test('a service that does not answer is seen to be waited for, and read out once', async ({ page }) => {
  await page.setViewportSize(sizes[0]);
  await open(page, '#/home', connected({ state: { kind: 'syncing' } }), waiting);
  const status = page.getByRole('status').filter({ hasText: 'Ledgerpost keeps waiting' });
  await expect(status.locator('[aria-hidden=true]', { hasText: 'for 8 sec;' })).toBeVisible();
  await expect(status.getByText('QuickBooks has not answered yet')).toHaveCount(1);
  await axe(page, 'waiting', 'light');
  await fits(page);
});

test('three things to look at need no scrolling at 720', async ({ page }) => {
  await open(page, '#/home', connected());
  await expect(heading(page)).toHaveText(/except/);
  const { scrollHeight, clientHeight } = await page
    .locator('.page__body')
    .evaluate(({ scrollHeight, clientHeight }) => ({ scrollHeight, clientHeight }));
  expect(scrollHeight).toBeLessThanOrEqual(clientHeight);
});

test('the figures are the exact ones', async ({ page }) => {
  await open(page, '#/home', connected());
  const orders = page.getByRole('row', { name: /^Orders/ });
  await expect(orders).toContainText('5,179');
  await expect(orders).toContainText('$742,318.40');
  await expect(orders).toContainText('5,177');
  await expect(orders).toContainText('$548.00');
  expect(tidewater.totals?.orders.quickbooks).toBe(3298 + 1881);
});

test('the regions are walked with F6 and the rail with Ctrl and a number', async ({ page }) => {
  await open(page, '#/home', connected());
  await expect(heading(page)).toBeVisible();
  await page.keyboard.press('F6');
  await expect(page.locator('nav.rail')).toContainText('Tidewater');
  expect(await page.evaluate(() => document.activeElement?.closest('nav.rail') !== null)).toBe(true);
  await page.keyboard.press('F6');
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
});

/** Pictures of the screens for docs/screenshots: NN-name-language-theme.png. */
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { Language, Theme } from '../src/ipc/generated';
import { connected, open, tidewater } from './replies';
import type { Program } from './program';
import { home, preferences, start } from '../src/testing/start';
import { expect, test } from './test';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');
const looks: [Language, Theme][] = [
  ['de', 'light'],
  ['de', 'dark'],
  ['en', 'dark'],
  ['en', 'light'],
];
/** Long enough for four pictures. */
const HELD_MS = 30_000;

const title = (page: Page, name: string | RegExp) =>
  expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout: 400_000 });
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();

/** One picture of what stands. */
async function picture(page: Page, name: string, language: Language, theme: Theme): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(FOLDER, `${name}-${language}-${theme}.png`), animations: 'disabled' });
}

/** What stands, in each language and theme; in English and light at the end. */
async function pictures(page: Page, program: Program, name: string, whole?: Locator): Promise<void> {
  for (const slip of await page.locator('.slip').all()) await slip.getByRole('button').last().click();
  await page.mouse.move(0, 0);
  for (const [language, theme] of looks) {
    const { preferences: now } = await program.call('read_start', {});
    // As often as the window does it for everybody; other tests let the schedule rest.
    await program.call('save_preferences', { ...now, language, theme, minutesInUse: 1 });
    if (whole) await expect(whole).toBeVisible();
    await picture(page, name, language, theme);
  }
}

/** Begins a sign-in here and allows it on the page that the program opened. */
async function signIn(page: Page, program: Program, button: string): Promise<void> {
  const before = (await program.asked()).opened.length;
  await press(page, button);
  await program.agree(before);
}

/** Waits for a person on the simulated consent page. */
test.describe('sign-in', () => {
  test.use({ scene: { askForConsent: true } });

  test('waiting for the browser', async ({ page, program }) => {
    await page.goto('/');
    await press(page, /^Connect my accounts/);
    await title(page, 'Sign in to QuickBooks');
    await press(page, 'Open QuickBooks to sign in');
    await title(page, 'Sign in to QuickBooks in your browser');
    await pictures(page, program, '02b-quickbooks-waiting');
  });
});

test.describe('keys', () => {
  test.use({ scene: { withoutKeys: true } });

  test('of the owner’s own', async ({ page, program }) => {
    await page.goto('/');
    await press(page, /^Connect my accounts/);
    await title(page, 'Enter your own keys for QuickBooks');
    await pictures(page, program, '02d-own-keys');
  });
});

test('the set-up, and a day with the company', async ({ page, program }) => {
  const take = (name: string) => pictures(page, program, name);
  await page.goto('/');
  await title(page, 'Keep your Mailchimp audience in step with QuickBooks');
  await take('01-welcome');
  await press(page, /^Connect my accounts/);
  await title(page, 'Sign in to QuickBooks');
  await take('02-quickbooks');
  await signIn(page, program, 'Open QuickBooks to sign in');
  await title(page, /right company\?$/);
  await expect(page.getByText('1,284', { exact: true })).toBeVisible();
  await take('02c-company');
  await press(page, 'Next: Mailchimp account');

  await title(page, 'Connect your Mailchimp account');
  await page.getByRole('tab', { name: 'Create an account' }).click();
  await expect(page.getByRole('textbox', { name: /^Email/ }).first()).toBeVisible();
  await take('03b-account-create');
  await page.getByRole('tab', { name: 'I have an account' }).click();
  await signIn(page, program, 'Open Mailchimp to sign in');
  await expect(page.getByRole('radio', { name: 'Tidewater Ceramics' })).toBeChecked();
  await expect(page.getByText('1,195 customers that can be sent')).toBeVisible();
  await take('03-account');
  await press(page, 'Next: choose an audience');

  await title(page, 'Choose the audience for your customers');
  await page.getByRole('radio', { name: 'Tidewater customers' }).check();
  await expect(page.getByText(/of your 1,\d+ customers are here already/)).toBeVisible();
  await take('04-audience');
  await page.getByRole('radio', { name: 'Create a new audience' }).check();
  await expect(page.getByRole('textbox', { name: /^Audience name/ })).toBeVisible();
  await take('04b-audience-create');
  // The page that it brings back has no such choice, so there is no tick to wait for.
  await page.getByRole('radio', { name: /^Use one of your/ }).click();
  await page.getByRole('radio', { name: 'Tidewater customers' }).check();
  await press(page, 'Next: marketing status');

  await title(page, 'May you send them marketing?');
  await expect(page.getByText('877 not subscribed, 0 subscribed, 0 unsubscribed.')).toBeVisible();
  await take('05-status');
  await press(page, 'Next: review');

  await title(page, 'Review, then connect');
  await take('06-review');
  await press(page, /^See all/);
  await title(page, 'All customers of the dry run');
  await take('06b-review-customers');
  await press(page, 'Back to the review');
  // A batch of orders stands still while its picture is taken.
  await program.faults({
    service: 'mailchimp',
    method: 'POST',
    path: '/batches$',
    nth: 8,
    action: { kind: 'delay', milliseconds: HELD_MS },
  });
  await press(page, 'Connect and send 1,195 contacts');
  await title(page, /^Sending orders/);
  await expect(page.getByText('New order').first()).toBeVisible({ timeout: 60_000 });
  await take('07-first-sync');

  await title(page, 'Connected, and everything adds up');
  await take('08-success');
  await press(page, 'Go to Home');
  await title(page, 'Everything is in step');
  await take('09-home');
  await page.getByRole('link', { name: 'Contacts' }).click();
  await title(page, 'Contacts');
  await take('10-contacts');
  const row = page.getByRole('grid', { name: 'Contacts' }).locator('tbody tr[aria-rowindex]').nth(2);
  await row.click();
  await expect(page.getByRole('complementary')).toBeVisible();
  await take('10b-contact');
  await page.goto('/#/contacts?tab=leftAlone');
  await row.click();
  await expect(page.getByRole('complementary')).toBeVisible();
  await take('10c-contact-left-alone');
  await page.getByRole('link', { name: 'Activity' }).click();
  await title(page, 'Activity');
  await expect(page.getByText('7,621 changes')).toBeVisible();
  await take('11-activity');
  await page.getByRole('link', { name: 'Settings' }).click();
  await title(page, 'Settings');
  await take('19-settings');
});

test('leaving', async ({ page, program }) => {
  await program.connect();
  await page.goto('/#/home');
  await title(page, 'Everything is in step');
  await press(page, 'Disconnect');
  await pictures(page, program, '12-disconnect', page.locator('.conseq__red'));
});

test('states that come by themselves', async ({ page }) => {
  const signedOut = {
    code: 'sign_in_quickbooks' as const,
    message: 'the sign-in was withdrawn',
    hint: null,
    retryAfterSeconds: null,
    service: null,
  };
  const states = {
    '09b-home-attention': connected(),
    '17-sign-in-again': connected({
      state: { kind: 'stopped', error: signedOut, since: '2026-11-21T14:42:00Z', tries: 3 },
      quickbooks: { standing: 'signedOut', daysLeft: null },
      attention: [],
      nextSync: null,
      totals: tidewater.totals,
    }),
    '18-nothing-connected': {
      read_start: start({ companies: [], current: null }),
      read_home: home(),
      save_preferences: preferences,
    },
  };
  // The day of the replies: any other would make tomorrow of their next sync, or yesterday.
  await page.clock.setFixedTime(new Date('2026-11-21T15:00:00Z'));
  for (const [name, replies] of Object.entries(states)) {
    for (const [language, theme] of looks) {
      const look = start({ ...replies.read_start, preferences: { ...preferences, language, theme } });
      await open(page, '#/home', { ...replies, read_start: look });
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await picture(page, name, language, theme);
    }
  }
});

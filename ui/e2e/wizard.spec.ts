/** From Welcome to success: each step as a person sees it, with the keys alone where it says so. */
import type { Page } from '@playwright/test';
import { axe, fits, focusIsVisible, sizes } from './checks';
import { expect, test } from './test';
import type { Program } from './program';

/** What holds on every page: accessible in both themes, nothing cut in any size. */
async function wellMade(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await axe(page);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  for (const size of sizes) {
    await page.setViewportSize(size);
    await fits(page);
  }
  await page.setViewportSize(sizes[1]);
}

const title = (page: Page, name: string | RegExp) =>
  expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

/** Says yes on the page that this step asked the browser to open. */
async function signIn(page: Page, program: Program, button: string): Promise<void> {
  const opened = (await program.asked()).opened.length;
  await press(page, button);
  await program.agree(opened);
}

test('a connection is set up from Welcome to success', async ({ page, program }) => {
  test.setTimeout(240_000);
  await page.goto('/');
  await title(page, 'Keep your Mailchimp audience in step with QuickBooks');
  await wellMade(page);
  await press(page, /Connect my accounts/);

  await title(page, 'Sign in to QuickBooks');
  await wellMade(page);
  await signIn(page, program, 'Open QuickBooks to sign in');
  await title(page, /Is Tidewater Ceramics the right company/);
  await wellMade(page);
  await press(page, 'Next: Mailchimp account');

  await title(page, 'Connect your Mailchimp account');
  await wellMade(page);
  await signIn(page, program, 'Open Mailchimp to sign in');
  await expect(page.getByRole('button', { name: 'Next: choose an audience' })).not.toHaveAttribute(
    'aria-disabled',
  );
  await wellMade(page);
  await press(page, 'Next: choose an audience');

  await title(page, 'Choose the audience for your customers');
  await expect(page.getByRole('radio').first()).toBeVisible();
  await wellMade(page);
  await page.getByRole('radio', { name: 'Tidewater customers' }).check();
  await press(page, 'Next: marketing status');

  await title(page, 'May you send them marketing?');
  await wellMade(page);
  await press(page, 'Next: review');

  await title(page, 'Review, then connect');
  await expect(page.getByText('1,284', { exact: true }).first()).toBeVisible();
  await wellMade(page);
  await press(page, 'Connect and send 1,195 contacts');

  await title(page, 'Connected, and everything adds up');
  await wellMade(page);
});

test('closing in the middle loses nothing', async ({ page, program }) => {
  await page.goto('/');
  await press(page, /Connect my accounts/);
  await signIn(page, program, 'Open QuickBooks to sign in');
  await title(page, /Is Tidewater Ceramics the right company/);
  await press(page, 'Next: Mailchimp account');
  await title(page, 'Connect your Mailchimp account');
  await program.restart();
  await page.goto('/');
  await title(page, 'Connect your Mailchimp account');
  await expect(page.getByRole('navigation')).toContainText('Tidewater Ceramics');
});

test('the first steps are done with the keys alone', async ({ page, program }) => {
  await page.goto('/');
  await title(page, 'Keep your Mailchimp audience in step with QuickBooks');
  await page.keyboard.press('Tab');
  await focusIsVisible(page);
  await expect(page.getByRole('button', { name: /Connect my accounts/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to QuickBooks' })).toBeFocused();
  const opened = (await program.asked()).opened.length;
  await page.keyboard.press('Alt+ArrowRight');
  await program.agree(opened);
  await title(page, /Is Tidewater Ceramics the right company/);
  await page.keyboard.press('Alt+ArrowRight');
  await title(page, 'Connect your Mailchimp account');
  await page.keyboard.press('Alt+ArrowLeft');
  await title(page, /Is Tidewater Ceramics the right company/);
});

test.describe('a copy without app keys', () => {
  test.use({ scene: { withoutKeys: true } });
  test('asks for the owner’s own', async ({ page }) => {
    await page.goto('/');
    await press(page, /Connect my accounts/);
    await expect(page.getByRole('textbox', { name: /client id/i })).toBeVisible();
    await wellMade(page);
  });
});

test.describe('a data folder that another program holds', () => {
  test.use({ scene: { folderInUse: true } });
  test('is said, and trying again goes on once it is free', async ({ page, program }) => {
    await page.goto('/');
    await expect(page.getByRole('alert')).toContainText('Another Ledgerpost has the data open');
    await axe(page);
    await fits(page);
    await program.release();
    await press(page, 'Try again');
    await title(page, 'Keep your Mailchimp audience in step with QuickBooks');
  });
});

test('choosing another language redraws at once and is remembered', async ({ page, program }) => {
  await page.goto('/');
  await title(page, 'Keep your Mailchimp audience in step with QuickBooks');
  await page.getByRole('radio', { name: 'Deutsch' }).check();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await program.restart();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Deutsch' })).toBeChecked();
});

/** The whole window with the keys alone: no step needs a pointer, and the focus can always be seen. */
import type { Page } from '@playwright/test';
import { focusIsVisible } from './checks';
import { title } from './journey';
import type { Program } from './program';
import { expect, test } from './test';

test.describe.configure({ timeout: 240_000 });
test.use({ scene: { customers: 40, documents: 60, items: 12 } });

/**
 * Goes on with Tab until the focus is where it is wanted; it has to be seen at every stop. Ends when what
 * has it can be used: keys that come earlier do nothing, as they should.
 */
async function tabTo(page: Page, role: 'button' | 'radio' | 'link' | 'tab', name: string | RegExp) {
  const wanted = page.getByRole(role, { name }).first();
  await expect(wanted).toBeVisible();
  for (let stops = 0; stops < 60; stops += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      await expect(wanted).toBeEnabled();
      return;
    }
    await page.keyboard.press('Tab');
    await focusIsVisible(page);
  }
  throw new Error(`Tab does not come to ${String(name)}`);
}

/** Next and Back without Tab, once Next does something. */
async function walk(page: Page, key: 'Alt+ArrowRight' | 'Alt+ArrowLeft', to: string | RegExp) {
  if (key === 'Alt+ArrowRight') await expect(page.getByRole('button', { name: /^Next/ })).toBeEnabled();
  await page.keyboard.press(key);
  await title(page, to);
}

/** Presses what has the focus, and says yes in the browser that opens. */
async function signIn(page: Page, program: Program): Promise<void> {
  const before = (await program.asked()).opened.length;
  await page.keyboard.press('Enter');
  await program.agree(before);
}

test('from Welcome to disconnected', async ({ page, program }) => {
  await page.goto('/');
  await title(page, 'Keep your Mailchimp audience in step with QuickBooks');
  await tabTo(page, 'button', /^Connect my accounts/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to QuickBooks' })).toBeFocused();
  await tabTo(page, 'button', 'Open QuickBooks to sign in');
  await signIn(page, program);
  await title(page, /right company\?$/);
  await walk(page, 'Alt+ArrowRight', 'Connect your Mailchimp account');
  await walk(page, 'Alt+ArrowLeft', /right company\?$/);
  await walk(page, 'Alt+ArrowRight', 'Connect your Mailchimp account');

  // Tabs and choices are one stop each and are walked with the arrows.
  await tabTo(page, 'tab', 'I have an account');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Create an account' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Your name' })).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await tabTo(page, 'radio', /^Sign in with the browser/);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^Paste an API key/ })).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await tabTo(page, 'button', 'Open Mailchimp to sign in');
  await signIn(page, program);
  await tabTo(page, 'button', 'Next: choose an audience');
  await page.keyboard.press('Enter');

  await title(page, 'Choose the audience for your customers');
  const first = page.getByRole('radio').first();
  await tabTo(page, 'radio', (await first.getAttribute('aria-label')) ?? '');
  await page.keyboard.press('Space');
  await expect(first).toBeChecked();
  await tabTo(page, 'button', 'Next: marketing status');
  await page.keyboard.press('Enter');
  await title(page, 'May you send them marketing?');
  await tabTo(page, 'button', 'Next: review');
  await page.keyboard.press('Enter');

  await title(page, 'Review, then connect', 60_000);
  await tabTo(page, 'button', /^See (the|all)/);
  await page.keyboard.press('Enter');
  await title(page, 'All customers of the dry run');
  await page.keyboard.press('Escape');
  await title(page, 'Review, then connect');
  await tabTo(page, 'button', /^Connect and send/);
  await page.keyboard.press('Enter');
  await title(page, /^Connected/, 60_000);
  await tabTo(page, 'button', 'Go to Home');
  await page.keyboard.press('Enter');
  await title(page, /in step/i);

  await page.keyboard.press('Control+2');
  await title(page, 'Contacts');
  await page.keyboard.press('/');
  await expect(page.getByPlaceholder('Name or email')).toBeFocused();
  await page.keyboard.type('a');
  const rows = page.getByRole('grid', { name: 'Contacts' }).locator('tr[data-index]');
  await expect(rows.first()).toBeVisible();
  for (let stops = 0; stops < 20; stops += 1) {
    if (await rows.first().evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(rows.first()).toBeFocused();
  await focusIsVisible(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary')).toBeVisible();
  await page.keyboard.press('F6');
  expect(await page.evaluate(() => document.activeElement?.closest('aside') !== null)).toBe(true);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toBeHidden();
  await expect(rows.nth(1)).toBeFocused();

  await page.keyboard.press('Control+3');
  await title(page, 'Activity');
  await page.keyboard.press('Control+,');
  await title(page, 'Settings');
  await page.keyboard.press('Control+1');
  await title(page, /in step/i);

  // A dialog begins at its safe answer, holds the focus, and gives it back.
  await tabTo(page, 'button', 'Disconnect');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('alertdialog');
  await expect(dialog.getByRole('button', { name: 'Keep connected' })).toBeFocused();
  await expect(dialog.getByRole('button', { name: /^Disconnect/ })).toBeVisible();
  for (let stops = 0; stops < 4; stops += 1) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Disconnect' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: /^Disconnect/ })).toBeEnabled();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await title(page, 'Disconnected', 60_000);
});

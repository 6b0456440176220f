/** Every part in every state, under the window's content security policy. */
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { axe, fits, focusIsVisible, themes } from './checks';

const FOLDER = join(import.meta.dirname, '..', 'dist-gallery');
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

async function open(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.route('https://gallery.test/**', (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/favicon.ico') return route.fulfill({ status: 204 });
    return route.fulfill({
      body: readFileSync(join(FOLDER, path)),
      contentType: TYPES[extname(path)] ?? 'application/octet-stream',
      headers: { 'content-security-policy': POLICY, 'access-control-allow-origin': '*' },
    });
  });
  await page.goto('https://gallery.test/gallery.html');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  return complaints;
}

for (const theme of themes) {
  test(`all parts are accessible in ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await open(page);
    await axe(page);
  });
}

test('nothing needs an inline style or script, layers included', async ({ page }) => {
  const complaints = await open(page);
  await page.getByLabel('Status: Any status').click();
  await page.getByRole('option', { name: 'Not subscribed' }).click();
  await page.getByRole('button', { name: 'Tag: 2' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Point here' }).hover();
  await expect(page.locator('.tip')).toBeVisible();
  await page.getByRole('button', { name: 'Disconnect' }).last().click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('nothing is cut or stands outside', async ({ page }) => {
  await open(page);
  await fits(page);
});

test('a dialog begins at its safe answer, which is what Esc and Enter give', async ({ page }) => {
  await open(page);
  const opener = page.getByRole('button', { name: 'Disconnect' }).last();
  await opener.click();
  await expect(page.getByRole('button', { name: 'Keep the connection' })).toBeFocused();
  await axe(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toBeHidden();
  await expect(opener).toBeFocused();
  await opener.click();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alertdialog')).toBeHidden();
});

test('a table is one tab stop whose rows are walked with the arrows', async ({ page }) => {
  await open(page);
  const table = page.getByRole('grid', { name: 'Row states' });
  await table.getByRole('button', { name: 'Customer' }).focus();
  await page.keyboard.press('Tab');
  await expect(table.getByRole('row', { name: 'Selected' })).toBeFocused();
  await focusIsVisible(page);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(table.getByRole('row', { name: 'Walk with' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Tab');
  expect(await table.evaluate((element) => element.contains(document.activeElement))).toBe(false);
});

test('a hundred thousand rows are walked to their end, and few of them are drawn', async ({ page }) => {
  await open(page);
  const table = page.getByRole('grid', { name: 'A hundred thousand contacts' });
  await expect(table).toHaveAttribute('aria-rowcount', '100001');
  await table.getByText('Contact 1', { exact: true }).click();
  await page.keyboard.press('End');
  await expect(table.getByRole('row', { name: 'Contact 100,000' })).toBeFocused();
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Enter');
  await expect(table.locator('[aria-selected="true"]')).toHaveCount(1);
  expect(await table.locator('tr').count()).toBeLessThan(80);
});

test('a slip stays eight seconds, and can be closed', async ({ page }) => {
  await page.clock.install();
  await open(page);
  await page.getByRole('button', { name: 'Show one' }).click();
  await expect(page.getByRole('status').getByText('3 left alone')).toBeVisible();
  await page.clock.fastForward(9_000);
  await expect(page.getByText('3 left alone')).toBeHidden();
  await page.getByRole('button', { name: 'Show one' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText('3 left alone')).toBeHidden();
});

test('choices, tabs and filters answer to the keys', async ({ page }) => {
  await open(page);
  await page.getByRole('radio', { name: /Not subscribed/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^Subscribed/ })).toBeChecked();
  await page.getByRole('tab', { name: 'All' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Left alone' })).toBeFocused();
  await page.getByRole('button', { name: 'Tag: 2' }).press('Enter');
  await page.getByRole('checkbox', { name: 'Studio' }).press('Space');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Tag: Wholesale' })).toBeFocused();
});

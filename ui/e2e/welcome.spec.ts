/** The first page: languages, and a data folder that is taken. */
import { axe, fits } from './checks';
import { expect, test } from './test';
import type { Page } from '@playwright/test';

const title = (page: Page, name: string | RegExp) =>
  expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

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

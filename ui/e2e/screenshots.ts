/** Pictures of the screens for docs/screenshots: NN-name-language-theme.png. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Language, Theme } from '../src/ipc/generated';
import { expect, test } from './test';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');
const looks: [Language, Theme][] = [
  ['en', 'light'],
  ['en', 'dark'],
  ['de', 'light'],
  ['de', 'dark'],
];

/** What stands at an address once the program is where it should be. */
const screens = [
  { name: '09-home', hash: '#/home' },
  { name: '10-contacts', hash: '#/contacts' },
  { name: '11-activity', hash: '#/activity' },
  { name: '19-settings', hash: '#/settings' },
];

async function picture(page: Page, name: string, language: Language, theme: Theme): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(FOLDER, `${name}-${language}-${theme}.png`) });
}

test('screens of a connected company', async ({ page, program }) => {
  await program.connect();
  for (const [language, theme] of looks) {
    const { preferences } = await program.call('read_start', {});
    await program.call('save_preferences', { ...preferences, language, theme });
    for (const { name, hash } of screens) {
      await page.goto(`/${hash}`);
      await page.reload();
      await picture(page, name, language, theme);
    }
  }
});

test('Welcome', async ({ page, program }) => {
  for (const [language, theme] of looks) {
    const { preferences } = await program.call('read_start', {});
    await program.call('save_preferences', { ...preferences, language, theme });
    await page.goto('/#/welcome');
    await page.reload();
    await picture(page, '01-welcome', language, theme);
  }
});

/** What a person does on every screen, and what has to hold on each of them. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { axe, fits, languages, sizes } from './checks';
import type { Program } from './program';
import { expect } from './test';

/** Where to save a picture of each page that is checked, to look at; none are saved without it. */
const PICTURES = process.env.LEDGERPOST_PICTURES;
/** As large as the window opens, and the smallest and a large one. */
const [small, usual, large] = sizes;

export const title = (page: Page, name: string | RegExp, timeout = 30_000) =>
  expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout });
export const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).click();

/** Changes the language of the window that stands, as the settings of another window would. */
export async function speak(page: Page, program: Program, language: (typeof languages)[number]) {
  const { preferences } = await program.call('read_start', {});
  await program.call('save_preferences', { ...preferences, language });
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

/**
 * The page that stands is accessible in both themes, and whole in six languages, in the smallest and in
 * a large window. Leaves it as it was: in English, light, in its usual size.
 */
export async function wellMade(page: Page, program: Program, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await axe(page, name, colorScheme);
  }
  for (const language of languages) {
    await speak(page, program, language);
    for (const size of [large, small]) {
      await page.setViewportSize(size);
      await fits(page, `${name} in ${language}, ${size.width} wide`);
      if (PICTURES && (language === 'en' || language === 'de'))
        await look(page, `${name}-${language}-${size.width}`);
    }
  }
  await page.setViewportSize(usual);
  await speak(page, program, 'en');
}

/** Saves what stands, light and dark. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({
      path: join(PICTURES ?? '', `${name}-${colorScheme}.png`),
      animations: 'disabled',
    });
  }
}

/** The page that the program asked to open last, in a second tab, as the owner's browser opens it. */
export async function opened(page: Page, program: Program, before: number): Promise<Page> {
  await expect.poll(async () => (await program.asked()).opened.length).toBeGreaterThan(before);
  const address = (await program.asked()).opened.at(-1) ?? '';
  const tab = await page.context().newPage();
  await tab.goto(address);
  return tab;
}

/** Begins a sign-in here and allows it there. */
export async function signIn(page: Page, program: Program, button: string | RegExp): Promise<void> {
  const before = (await program.asked()).opened.length;
  await press(page, button);
  await allow(await opened(page, program, before));
}

/** Says yes on a consent page of the simulator, and reads what comes back from Ledgerpost. */
export async function allow(tab: Page): Promise<void> {
  await tab.getByRole('button', { name: /^(Connect|Allow)$/ }).click();
  await expect(tab.getByRole('heading', { level: 1 })).toHaveText('Ledgerpost has the answer');
  await tab.close();
}

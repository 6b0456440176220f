import { defineConfig } from '@playwright/test';
import { browser } from './e2e/browser';

/** Pictures of every screen for docs/screenshots: English and German, light and dark. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: 'screenshots.ts',
  workers: 1,
  timeout: 1_500_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: { ...browser, actionTimeout: 30_000 },
});

import { defineConfig } from '@playwright/test';
import { browser } from './e2e/browser';

/** Journeys and states in a browser, against the development server with its simulated services. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  fullyParallel: false,
  workers: process.env.CI ? 2 : 1,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: { ...browser, actionTimeout: 30_000 },
});

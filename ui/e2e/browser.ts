import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from '@playwright/test';

/** Debian's Chromium; nothing is downloaded, and it talks to nobody but the tests. */
export const browser: Partial<PlaywrightTestOptions & PlaywrightWorkerOptions> = {
  browserName: 'chromium',
  viewport: { width: 1040, height: 720 },
  locale: 'en-US',
  timezoneId: 'America/New_York',
  // Colours that are still on their way to another theme are not those of either.
  contextOptions: { reducedMotion: 'reduce' },
  launchOptions: {
    executablePath: process.env.LEDGERPOST_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  },
};

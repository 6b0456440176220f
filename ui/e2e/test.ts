/** `test` with the program behind it; one program per worker, everything anew for each test. */
import { test as base, expect } from '@playwright/test';
import { Program, type Scene } from './program';

interface Fixtures {
  /** What the test begins with: `test.use({ scene: { withoutKeys: true } })`. */
  scene: Scene;
  /** Complaints of the browser: errors, and what the content security policy refused. */
  complaints: string[];
  program: Program;
}

export const test = base.extend<Fixtures, { running: Program }>({
  running: [
    async ({}, use) => {
      const program = await Program.start();
      await use(program);
      await program.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  scene: [{}, { option: true }],
  program: async ({ running, scene }, use) => {
    await running.reset(scene);
    if (!scene.folderInUse) await running.quiet();
    await use(running);
  },
  baseURL: async ({ running }, use) => use(running.address),
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        // A command that is refused answers 422, which the browser calls an error; the window does not.
        if (message.type() === 'error' && !message.text().includes('422')) complaints.push(message.text());
      });
      await use(complaints);
      expect(complaints, 'the browser has nothing to complain about').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

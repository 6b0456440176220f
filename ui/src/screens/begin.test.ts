import { expect, it } from 'vitest';
import { useTransport } from '../ipc';
import { app } from '../state/app.svelte';
import { router } from '../state/router.svelte';
import { slips } from '../state/slips.svelte';
import { program } from '../testing/connected';
import { start } from '../testing/start';
import { showCompany } from './begin';

it('stays with the company and says so when another one cannot be shown', async () => {
  app.adopt(start());
  router.go({ screen: 'contacts' });
  useTransport(
    program().on('choose_company', () => {
      throw { code: 'not_found', message: '', hint: null, retryAfterSeconds: null, service: null };
    }),
  );
  await showCompany('2');
  expect(slips.shown).toHaveLength(1);
  expect(router.route.screen).toBe('contacts');
  expect(app.start?.current).toBe(start().current);
});

/** What begins from a work screen and leads elsewhere; a failure is said where the owner is. */
import { errorWords } from '../i18n/errors';
import { callError } from '../ipc';
import { app } from '../state/app.svelte';
import { router } from '../state/router.svelte';
import { setup } from '../state/setup.svelte';
import { slips } from '../state/slips.svelte';

export const beginSetup = (): Promise<void> => attempt(() => setup.begin());

/** Shows another company. The former one stays when the change fails. */
export const showCompany = (company: string): Promise<void> =>
  attempt(async () => {
    await app.chooseCompany(company);
    router.go({ screen: 'home' });
  });

async function attempt(what: () => Promise<void>): Promise<void> {
  try {
    await what();
  } catch (reason) {
    const failure = callError(reason);
    slips.show(() => errorWords(failure).title);
  }
}

/** Begins a set-up from a work screen; a failure is said where the owner is. */
import { errorWords } from '../i18n/errors';
import { callError } from '../ipc';
import { setup } from '../state/setup.svelte';
import { slips } from '../state/slips.svelte';

export async function beginSetup(): Promise<void> {
  try {
    await setup.begin();
  } catch (reason) {
    slips.show(errorWords(callError(reason)).title);
  }
}

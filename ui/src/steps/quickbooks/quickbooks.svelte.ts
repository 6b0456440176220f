/** Step 1: sign in to QuickBooks, and say whether it is the right company. */
import { callError, type CallError } from '../../ipc';
import { app, type AppState } from '../../state/app.svelte';
import { setup, type SetupState } from '../../state/setup.svelte';
import { SignIn } from '../parts/sign-in.svelte';

export type QuickbooksView = 'keys' | 'ready' | 'waiting' | 'found';

export class QuickbooksStep {
  readonly signIn: SignIn;
  /** The owner wants to enter keys although there are some. */
  changingKeys = $state(false);
  /** Why the company's details could not be read. */
  failure = $state.raw<CallError>();
  readonly #app: AppState;
  readonly #setup: SetupState;

  view = $derived.by<QuickbooksView>(() => {
    if (this.signIn.running || this.signIn.wanted) return 'waiting';
    if (this.changingKeys || this.#app.start?.quickbooksKeys === 'missing') return 'keys';
    return this.#setup.draft?.company && !this.signIn.failure ? 'found' : 'ready';
  });

  constructor(state: AppState = app, steps: SetupState = setup) {
    this.#app = state;
    this.#setup = steps;
    this.signIn = new SignIn('quickbooks', state);
  }

  /** Takes over the company that was signed in to. For an effect. */
  async settle(): Promise<void> {
    const outcome = this.signIn.takeOutcome();
    if (outcome?.kind === 'company') await this.#setup.chooseCompany(outcome.company);
  }

  async readDetails(): Promise<void> {
    this.failure = undefined;
    try {
      await this.#setup.readDetails();
    } catch (reason) {
      this.failure = callError(reason);
    }
  }

  /** Keys were saved: the sign-in can begin. */
  async keysSaved(): Promise<void> {
    this.changingKeys = false;
    if (this.#app.start) this.#app.adopt({ ...this.#app.start, quickbooksKeys: 'own' });
    this.signIn.dismiss();
    await this.signIn.begin();
  }
}

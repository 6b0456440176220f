/** A sign-in in the browser: waiting for it, helping it along, and what came of it. */
import { attempt, call, type CallError, type Service } from '../../ipc';
import { app, type AppState } from '../../state/app.svelte';
import { FollowedWork } from './work.svelte';

export class SignIn extends FollowedWork {
  readonly service: Service;
  /** What the person pastes when the browser does not come back. */
  pasted = $state('');
  #trouble = $state.raw<CallError>();

  waiting = $derived.by(() => (this.work?.state.kind === 'waitingForBrowser' ? this.work.state : undefined));
  finishing = $derived(this.work?.state.kind === 'finishingSignIn');
  /** The text that was pasted is of no use. */
  pasteProblem = $derived(this.#trouble ?? this.waiting?.pasted ?? undefined);

  constructor(service: Service, state: AppState = app) {
    super(
      service === 'quickbooks' ? 'signInQuickbooks' : 'signInMailchimp',
      () => call(service === 'quickbooks' ? 'start_quickbooks_sign_in' : 'start_mailchimp_sign_in', {}),
      state,
    );
    this.service = service;
  }

  async reopen(): Promise<void> {
    await this.#ask(() => call('reopen_sign_in', {}));
  }

  async paste(): Promise<void> {
    const address = this.pasted.trim();
    if (address === '') return;
    this.pasted = '';
    await this.#ask(() => call('paste_sign_in', { address }));
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.#trouble = refusal));
  }
}

/** What disconnecting would do, and the yes to it. */
import { call, callError, type CallError, type DisconnectPreview } from '../../ipc';
import { router, type Router } from '../../state/router.svelte';

export class DisconnectState {
  readonly company: string;
  preview = $state.raw<DisconnectPreview>();
  failure = $state.raw<CallError>();
  readonly #router: Router;

  constructor(company: string, navigation: Router = router) {
    this.company = company;
    this.#router = navigation;
  }

  async read(): Promise<void> {
    this.failure = undefined;
    try {
      this.preview = await call('preview_disconnect', { company: this.company });
    } catch (reason) {
      this.failure = callError(reason);
    }
  }

  /** Begins; Home shows how it goes. `true` when it began. */
  async begin(): Promise<boolean> {
    this.failure = undefined;
    try {
      await call('start_disconnect', { company: this.company });
      this.#router.go({ screen: 'home' });
      return true;
    } catch (reason) {
      this.failure = callError(reason);
      return false;
    }
  }
}

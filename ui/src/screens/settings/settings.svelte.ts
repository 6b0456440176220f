/** The settings of a connection: edited as a copy, saved as a whole, and then planned. */
import { call, callError, type CallError, type CompanySettings, type ConnectionSettings } from '../../ipc';
import { router, type Router } from '../../state/router.svelte';

const MOST_TAG = 100;

export class ConnectionForm {
  readonly company: string;
  saved = $state.raw<CompanySettings>();
  /** What the owner has changed, not saved yet. */
  draft = $state.raw<ConnectionSettings>();
  failure = $state.raw<CallError>();
  readonly #router: Router;

  changed = $derived(JSON.stringify(this.draft) !== JSON.stringify(this.saved?.settings));
  groundsMissing = $derived(this.draft?.status === 'subscribed' && this.draft.grounds.trim() === '');
  tagWrong = $derived.by(() => {
    const length = this.draft?.tag.trim().length ?? 1;
    return length < 1 || length > MOST_TAG;
  });
  ready = $derived(this.changed && !this.groundsMissing && !this.tagWrong);

  constructor(company: string, navigation: Router = router) {
    this.company = company;
    this.#router = navigation;
  }

  async read(): Promise<void> {
    await this.#ask(async () => {
      this.saved = await call('read_settings', { company: this.company });
      this.draft = this.saved.settings;
    });
  }

  change(change: Partial<ConnectionSettings>): void {
    if (this.draft) this.draft = { ...this.draft, ...change };
  }

  discard(): void {
    this.draft = this.saved?.settings;
  }

  /** Saves, has the plan made anew and shows it: nothing is sent before the yes. */
  async save(): Promise<void> {
    const settings = this.draft;
    if (!settings || !this.ready) return;
    await this.#ask(async () => {
      this.saved = await call('save_settings', { company: this.company, settings });
      this.draft = this.saved.settings;
      this.#router.go({ screen: 'home', query: { show: 'plan', fresh: '1' } });
    });
  }

  async #ask(what: () => Promise<unknown>): Promise<void> {
    this.failure = undefined;
    try {
      await what();
    } catch (reason) {
      this.failure = callError(reason);
    }
  }
}

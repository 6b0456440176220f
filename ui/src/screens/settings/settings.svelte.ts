/** The settings of a connection: edited as a copy, saved as a whole, and then planned. */
import { call, type CompanyDetails, type CompanySettings, type ConnectionSettings } from '../../ipc';
import { router, type Router } from '../../state/router.svelte';
import { blank, StatusLists, type Lacking } from '../../steps/status/lists.svelte';

const MOST_TAG = 100;

/** Why *Save* is off, the first that applies. */
export type Wrong = 'grounds' | 'tag' | Lacking;

export class ConnectionForm extends StatusLists {
  readonly company: string;
  saved = $state.raw<CompanySettings>();
  /** What the owner has changed, not saved yet. */
  draft = $state.raw<ConnectionSettings>();
  details = $state.raw<CompanyDetails>();
  readonly #router: Router;

  settings = $derived(this.draft);
  changed = $derived(JSON.stringify(this.draft) !== JSON.stringify(this.saved?.settings));
  wrong = $derived.by<Wrong | undefined>(() => {
    const { draft } = this;
    if (!draft) return undefined;
    if (draft.status === 'subscribed' && blank(draft.grounds)) return 'grounds';
    if (blank(draft.tag) || draft.tag.trim().length > MOST_TAG) return 'tag';
    return this.lacking;
  });
  ready = $derived(this.changed && this.wrong === undefined);

  constructor(company: string, navigation: Router = router) {
    super();
    this.company = company;
    this.#router = navigation;
  }

  async read(): Promise<void> {
    await this.ask(async () => {
      this.saved = await call('read_settings', { company: this.company });
      this.draft = this.saved.settings;
    });
  }

  async readDetails(): Promise<void> {
    if (this.details) return;
    await this.ask(async () => {
      this.details = await call('read_company_details', { company: this.company });
    });
  }

  change(change: Partial<ConnectionSettings>): Promise<void> {
    if (this.draft) this.draft = { ...this.draft, ...change };
    return Promise.resolve();
  }

  discard(): void {
    this.draft = this.saved?.settings;
    this.fileResult = undefined;
  }

  /** Saves, has the plan made anew and shows it: nothing is sent before the yes. */
  async save(): Promise<void> {
    const settings = this.draft;
    if (!settings || !this.ready) return;
    await this.ask(async () => {
      this.saved = await call('save_settings', { company: this.company, settings });
      this.draft = this.saved.settings;
      this.#router.go({ screen: 'home', query: { show: 'plan', fresh: '1' } });
    });
  }
}

/** Step 6: the first sync as it runs, and how it ended. */
import {
  attempt,
  call,
  callError,
  type CallError,
  type CompanySettings,
  type ContactFacets,
  type Home,
  type Progress,
  type Work,
} from '../../ipc';
import { app, type AppState } from '../../state/app.svelte';
import { setup, type SetupState } from '../../state/setup.svelte';

export type SyncView = 'beginning' | 'running' | 'paused' | 'stopping' | 'stopped' | 'failed' | 'done';

/** Whether the first sync did not come to its end, for whatever reason. */
function isCutOff({ state, totals }: Home): boolean {
  if (state.kind === 'unfinished') return true;
  return totals === null && ['offline', 'retrying', 'stopped'].includes(state.kind);
}

export class SyncStep {
  home = $state.raw<Home>();
  settings = $state.raw<CompanySettings>();
  facets = $state.raw<ContactFacets>();
  #failure = $state.raw<CallError>();
  /** The work whose end was read. */
  #readAfter = $state(0);
  /** The first sync came to its end. */
  #over = $state(false);
  /** The work that was the first sync, or its latest part. */
  #first = $state.raw<Work>();
  readonly #app: AppState;
  readonly #setup: SetupState;

  /** What the schedule begins after the first sync is shown on Home and not here. */
  work = $derived.by<Work | undefined>(() => {
    const work = this.#app.work?.task === 'sync' ? this.#app.work : undefined;
    return this.#over && work?.byItself ? this.#first : work;
  });
  /** The last progress that was told; kept when the work is over. */
  #last = $state.raw<Progress>();
  progress = $derived.by<Progress | undefined>(() => {
    const state = this.work?.state;
    return state && 'progress' in state ? state.progress : this.#last;
  });
  failure = $derived.by<CallError | undefined>(() => {
    if (this.#failure) return this.#failure;
    const state = this.work?.state;
    return state?.kind === 'failed' ? callError(state.error) : undefined;
  });
  view = $derived.by<SyncView>(() => {
    switch (this.work?.state.kind) {
      case 'running':
      case 'paused':
      case 'stopping':
      case 'stopped':
      case 'failed':
        return this.work.state.kind;
      case 'done':
        return this.asksAgain ? 'beginning' : 'done';
      case undefined:
      case 'waitingForBrowser':
      case 'finishingSignIn':
        if (this.#setup.sending) return 'beginning';
        // Nothing runs: what became of it is in the files.
        if (!this.home) return 'beginning';
        return isCutOff(this.home) ? 'stopped' : 'done';
    }
  });
  /** What is to be sent went beyond the yes meanwhile: Home shows it and asks for another one. */
  asksAgain = $derived.by(() => {
    const state = this.work?.state;
    return state?.kind === 'done' && state.outcome.kind === 'needsYes';
  });
  totals = $derived.by(() => this.home?.totals ?? undefined);
  /** Everything that was to go is there, to the cent. */
  agrees = $derived.by(() => {
    const { totals } = this;
    return (
      totals !== undefined &&
      /^-?0*(\.0*)?$/.test(totals.orders.difference.amount) &&
      totals.orders.quickbooks === totals.orders.mailchimp &&
      totals.contacts.quickbooks === totals.contacts.mailchimp &&
      totals.products.quickbooks === totals.products.mailchimp
    );
  });

  /** Home with nothing but the contacts that Mailchimp refused, where they are why the counts differ. */
  refused = $derived.by<Home | undefined>(() => {
    const { home } = this;
    const attention = home?.attention.filter(
      ({ kind }) => kind === 'contactRefused' || kind === 'contactsRefused',
    );
    return home && attention?.length ? { ...home, attention } : undefined;
  });

  constructor(state: AppState = app, steps: SetupState = setup) {
    this.#app = state;
    this.#setup = steps;
  }

  get company(): string {
    return this.work?.company ?? this.#setup.draft?.company?.company ?? this.#app.company?.company ?? '';
  }

  /** Keeps the progress for when the work is over. For an effect. */
  remember(): void {
    const state = this.work?.state;
    if (state) this.#setup.sending = false;
    if (state && 'progress' in state) this.#last = state.progress;
    if (state) this.#first = this.work;
  }

  /** Reads how it ended, once for each end. For an effect. */
  async settle(): Promise<void> {
    const id = this.work?.id ?? -1;
    if (this.#readAfter === id || this.#setup.sending) return;
    this.#readAfter = id;
    await this.read();
  }

  async read(): Promise<void> {
    const company = this.company;
    if (company === '') return;
    await this.#ask(async () => {
      [this.home, this.settings, this.facets] = await Promise.all([
        call('read_home', { company }),
        call('read_settings', { company }),
        call('read_contact_facets', { company }),
      ]);
      this.#over ||= this.home.state.kind !== 'syncing' && !isCutOff(this.home);
    });
  }

  async pause(paused: boolean): Promise<void> {
    await this.#ask(() => call('set_paused', { company: this.company, paused }));
  }

  async stop(): Promise<void> {
    await this.#ask(() => call('stop_work', {}));
  }

  /** Goes on where it stopped. Nothing is sent twice. */
  async carryOn(): Promise<void> {
    await this.#ask(() => call('start_sync', { company: this.company, approvedPlan: null }));
  }

  /** After a failure: whether the set-up can still be changed is the program's to say. */
  async refresh(): Promise<void> {
    const changed = this.failure?.code === 'plan_changed';
    await this.#ask(async () => this.#app.adopt(await call('read_start', {})));
    if (changed && this.#setup.draft && !this.#app.connected) this.#setup.reviewAgain();
  }

  /** Sets up another company. */
  async another(): Promise<void> {
    await this.#ask(() => this.#setup.begin());
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.#failure = refusal));
  }
}

/** Step 4: the marketing status of people who are new in Mailchimp, and who is added at all. */
import { call, type ConnectionSettings, type MarketingStatus, type StatusForecast } from '../../ipc';
import { app, type AppState } from '../../state/app.svelte';
import { setup, type SetupState } from '../../state/setup.svelte';
import { FollowedWork } from '../parts/work.svelte';
import { blank, StatusLists, type Lacking } from './lists.svelte';

/** Why Next is off, the first that applies. */
export type Blocked = 'agree' | 'grounds' | Lacking;

export class StatusStep extends StatusLists {
  readonly reading: FollowedWork;
  forecast = $state.raw<StatusForecast>();
  /** *These people agreed* is ticked. */
  agreed = $state(false);
  grounds = $state('');
  readonly #setup: SetupState;
  #asked = 0;

  settings = $derived.by<ConnectionSettings | undefined>(() => this.#setup.draft?.settings);
  details = $derived.by(() => this.#setup.details);
  /** The audience asks people to confirm by mail. */
  doubleOptin = $derived.by(() => this.#setup.audience?.doubleOptin === true);
  welcomeMail = $derived.by(() => this.#setup.audience?.welcomeAutomation === true);
  addsNobody = $derived(this.settings?.scope === 'onlyExisting');
  blocked = $derived.by<Blocked | undefined>(() => {
    const settings = this.settings;
    if (!settings || settings.scope === 'onlyExisting') return undefined;
    if (settings.status === 'subscribed') {
      if (!this.agreed) return 'agree';
      if (blank(this.grounds)) return 'grounds';
    }
    return this.lacking;
  });

  constructor(state: AppState = app, steps: SetupState = setup) {
    super();
    this.#setup = steps;
    this.grounds = steps.draft?.settings.grounds ?? '';
    this.agreed = !blank(this.grounds);
    this.reading = new FollowedWork(
      'readCompany',
      () => call('start_reading_company', { company: this.company }),
      state,
    );
  }

  get company(): string {
    return this.#setup.draft?.company?.company ?? '';
  }

  async open(): Promise<void> {
    await this.ask(async () => {
      await Promise.all([this.#setup.readDetails(), this.#setup.readAudiences(), this.#setup.readAccounts()]);
      if (this.#setup.details?.sendable === null) await this.reading.begin();
      else await this.count();
    });
  }

  readDetails(): Promise<void> {
    return this.ask(() => this.#setup.readDetails());
  }

  /** QuickBooks was read: the counts can be made. For an effect. */
  async counted(): Promise<void> {
    if (!this.reading.takeOutcome()) return;
    await this.ask(async () => {
      await this.#setup.readDetails(true);
      await this.count();
    });
  }

  /** Counts how many get which status with the settings as saved. */
  async count(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const forecast = await call('forecast_status', { company: this.company });
    if (asked === this.#asked) this.forecast = forecast;
  }

  async change(change: Partial<ConnectionSettings>): Promise<void> {
    const settings = this.settings;
    if (!settings) return;
    await this.ask(async () => {
      await this.#setup.save({ settings: { ...settings, ...change } });
      if (this.#setup.details?.sendable !== null) await this.count();
    });
  }

  async choose(status: MarketingStatus): Promise<void> {
    // The grounds stay with *subscribed*: another status needs none.
    await this.change({ status, grounds: status === 'subscribed' && this.agreed ? this.grounds.trim() : '' });
  }

  async agree(agreed: boolean): Promise<void> {
    this.agreed = agreed;
    await this.keepGrounds();
  }

  async keepGrounds(): Promise<void> {
    await this.change({ grounds: this.agreed ? this.grounds.trim() : '' });
  }
}

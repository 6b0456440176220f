/** Step 4: the marketing status of people who are new in Mailchimp, and who is added at all. */
import {
  call,
  callError,
  type CallError,
  type ConnectionSettings,
  type CustomerHit,
  type FailedRow,
  type MarketingStatus,
  type RuleCondition,
  type StatusException,
  type StatusForecast,
  type StatusRule,
} from '../../ipc';
import { app, type AppState } from '../../state/app.svelte';
import { setup, type SetupState } from '../../state/setup.svelte';
import { FollowedWork } from '../parts/work.svelte';

/** Why Next is off, the first that applies. */
export type Blocked = 'agree' | 'grounds' | 'groundsOfRule' | 'groundsOfException';

/** What came of a file of exceptions. */
export interface FileResult {
  file: string;
  added: number;
  failed: readonly FailedRow[];
}

const blank = (text: string): boolean => text.trim() === '';

export class StatusStep {
  readonly reading: FollowedWork;
  forecast = $state.raw<StatusForecast>();
  failure = $state.raw<CallError>();
  /** *These people agreed* is ticked. */
  agreed = $state(false);
  grounds = $state('');
  fileResult = $state.raw<FileResult>();
  readonly #setup: SetupState;
  #asked = 0;

  settings = $derived.by<ConnectionSettings | undefined>(() => this.#setup.draft?.settings);
  /** Somebody may become subscribed. */
  subscribes = $derived.by(() => {
    const settings = this.settings;
    return (
      settings !== undefined &&
      (settings.status === 'subscribed' ||
        settings.rules.some((rule) => rule.status === 'subscribed') ||
        settings.exceptions.some((exception) => exception.status === 'subscribed'))
    );
  });
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
    if (settings.rules.some((rule) => rule.status === 'subscribed' && blank(rule.grounds)))
      return 'groundsOfRule';
    const lacking = settings.exceptions.some((each) => each.status === 'subscribed' && blank(each.grounds));
    return lacking ? 'groundsOfException' : undefined;
  });

  constructor(state: AppState = app, steps: SetupState = setup) {
    this.#setup = steps;
    this.grounds = steps.draft?.settings.grounds ?? '';
    this.agreed = !blank(this.grounds);
    this.reading = new FollowedWork(
      'readCompany',
      () => call('start_reading_company', { company: this.#company }),
      state,
    );
  }

  async open(): Promise<void> {
    await this.#ask(async () => {
      await Promise.all([this.#setup.readDetails(), this.#setup.readAudiences(), this.#setup.readAccounts()]);
      if (this.#setup.details?.sendable === null) await this.reading.begin();
      else await this.count();
    });
  }

  /** QuickBooks was read: the counts can be made. For an effect. */
  async counted(): Promise<void> {
    if (!this.reading.takeOutcome()) return;
    await this.#ask(async () => {
      await this.#setup.readDetails(true);
      await this.count();
    });
  }

  /** Counts how many get which status with the settings as saved. */
  async count(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const forecast = await call('forecast_status', { company: this.#company });
    if (asked === this.#asked) this.forecast = forecast;
  }

  async change(change: Partial<ConnectionSettings>): Promise<void> {
    const settings = this.settings;
    if (!settings) return;
    await this.#ask(async () => {
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

  async addRule(when: RuleCondition, status: MarketingStatus): Promise<void> {
    await this.#changeRules((rules) => [...rules, { when, status, grounds: '' }]);
  }

  async changeRule(index: number, change: Partial<StatusRule>): Promise<void> {
    await this.#changeRules((rules) =>
      rules.map((rule, at) => (at === index ? { ...rule, ...change } : rule)),
    );
  }

  async removeRule(index: number): Promise<void> {
    await this.#changeRules((rules) => rules.filter((_, at) => at !== index));
  }

  /** The first rule that fits wins: its place matters. */
  async moveRule(index: number, by: -1 | 1): Promise<void> {
    await this.#changeRules((rules) => {
      const moved = [...rules];
      const [rule] = moved.splice(index, 1);
      if (rule) moved.splice(index + by, 0, rule);
      return moved;
    });
  }

  searchCustomers(text: string): Promise<CustomerHit[]> {
    return call('search_customers', { company: this.#company, text, limit: 20 });
  }

  /** Adds an exception, or changes the one that the customer has. */
  async addException(exception: StatusException): Promise<void> {
    await this.#changeExceptions((all) => [
      exception,
      ...all.filter((each) => each.customer !== exception.customer),
    ]);
  }

  async changeException(customer: string, change: Partial<StatusException>): Promise<void> {
    await this.#changeExceptions((all) =>
      all.map((each) => (each.customer === customer ? { ...each, ...change } : each)),
    );
  }

  /** Takes an exception away; what comes back puts it there again. */
  async removeException(customer: string): Promise<() => Promise<void>> {
    const before = this.settings?.exceptions ?? [];
    await this.#changeExceptions((all) => all.filter((each) => each.customer !== customer));
    return () => this.change({ exceptions: before });
  }

  async readFile(): Promise<void> {
    await this.#ask(async () => {
      const read = await call('read_exceptions', { company: this.#company });
      if (read.file === null) return;
      const named = new Set(read.exceptions.map((each) => each.customer));
      this.fileResult = { file: read.file, added: read.exceptions.length, failed: read.failed };
      if (read.exceptions.length > 0)
        await this.#changeExceptions((all) => [
          ...read.exceptions,
          ...all.filter((each) => !named.has(each.customer)),
        ]);
    });
  }

  get #company(): string {
    return this.#setup.draft?.company?.company ?? '';
  }

  async #changeRules(how: (rules: StatusRule[]) => StatusRule[]): Promise<void> {
    if (this.settings) await this.change({ rules: how(this.settings.rules) });
  }

  async #changeExceptions(how: (all: StatusException[]) => StatusException[]): Promise<void> {
    if (this.settings) await this.change({ exceptions: how(this.settings.exceptions) });
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

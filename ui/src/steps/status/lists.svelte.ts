/** Rules and exceptions while they are edited: in the set-up, and later in Settings. */
import {
  call,
  callError,
  type CallError,
  type CompanyDetails,
  type ConnectionSettings,
  type CustomerHit,
  type FailedRow,
  type RuleCondition,
  type StatusException,
  type StatusRule,
} from '../../ipc';

/** Whose grounds are missing, the first that applies. */
export type Lacking = 'groundsOfRule' | 'groundsOfException';

/** What came of a file of exceptions. */
export interface FileResult {
  file: string;
  added: number;
  failed: readonly FailedRow[];
}

export const blank = (text: string): boolean => text.trim() === '';

export abstract class StatusLists {
  failure = $state.raw<CallError>();
  fileResult = $state.raw<FileResult>();

  abstract readonly company: string;
  abstract readonly settings: ConnectionSettings | undefined;
  /** The customer types and countries that a rule can be for. */
  abstract readonly details: CompanyDetails | undefined;

  /** Nobody is subscribed without saying how the owner knows. */
  lacking = $derived.by<Lacking | undefined>(() => {
    const { settings } = this;
    if (!settings || settings.scope === 'onlyExisting') return undefined;
    if (settings.rules.some((rule) => rule.status === 'subscribed' && blank(rule.grounds)))
      return 'groundsOfRule';
    const unsaid = settings.exceptions.some((each) => each.status === 'subscribed' && blank(each.grounds));
    return unsaid ? 'groundsOfException' : undefined;
  });
  /** Somebody may become subscribed. */
  subscribes = $derived.by(() => {
    const { settings } = this;
    return (
      settings !== undefined &&
      (settings.status === 'subscribed' ||
        settings.rules.some((rule) => rule.status === 'subscribed') ||
        settings.exceptions.some((exception) => exception.status === 'subscribed'))
    );
  });

  abstract change(change: Partial<ConnectionSettings>): Promise<void>;
  /** Reads `details`, unless they are there. */
  abstract readDetails(): Promise<void>;

  async addRule(when: RuleCondition, status: StatusRule['status']): Promise<void> {
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
    return call('search_customers', { company: this.company, text, limit: 20 });
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
    await this.ask(async () => {
      const read = await call('read_exceptions', { company: this.company });
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

  protected async ask(what: () => Promise<unknown>): Promise<void> {
    this.failure = undefined;
    try {
      await what();
    } catch (reason) {
      this.failure = callError(reason);
    }
  }

  async #changeRules(how: (rules: StatusRule[]) => StatusRule[]): Promise<void> {
    if (this.settings) await this.change({ rules: how(this.settings.rules) });
  }

  async #changeExceptions(how: (all: StatusException[]) => StatusException[]): Promise<void> {
    if (this.settings) await this.change({ exceptions: how(this.settings.exceptions) });
  }
}

/** Step 2: a Mailchimp account, one that is there or one that is signed up for. */
import { attempt, call, callError, type CallError, type MailchimpAccount } from '../../ipc';
import { app, type AppState } from '../../state/app.svelte';
import { setup, type SetupState } from '../../state/setup.svelte';
import { SignIn } from '../parts/sign-in.svelte';
import { FollowedWork } from '../parts/work.svelte';
import { SignUpForm } from './sign-up.svelte';

export type AccountTab = 'have' | 'create';

/** Roles that cannot write contacts and orders (`mailchimp.md` 1.5). */
const lowRoles: readonly string[] = ['viewer', 'author'];

export const usable = (account: MailchimpAccount): boolean =>
  account.problem === null && !lowRoles.includes(account.role);

export class AccountStep {
  readonly signIn: SignIn;
  readonly signUp: SignUpForm;
  /** Counts customers meanwhile. */
  readonly reading: FollowedWork;
  tab = $state<AccountTab>('have');
  /** The checklist of the sign-up is open. */
  checklist = $state(false);
  /** The page for the owner's own keys is open. */
  enteringKeys = $state(false);
  way = $state<'browser' | 'key'>('browser');
  key = $state('');
  checkingKey = $state(false);
  keyProblem = $state.raw<CallError>();
  /** The account that the last key belongs to. */
  keyAccount = $state.raw<MailchimpAccount>();
  failure = $state.raw<CallError>();
  readonly #app: AppState;
  readonly #setup: SetupState;

  chosen = $derived.by(() => this.#setup.account);
  canGoOn = $derived(this.chosen !== undefined && usable(this.chosen));
  keysMissing = $derived.by(() => this.#app.start?.mailchimpKeys === 'missing');
  /** Customers that can be sent, as far as is known; `exact` once QuickBooks was read. */
  bring = $derived.by<{ count: number; exact: boolean } | undefined>(() => {
    const details = this.#setup.details;
    return details && { count: details.sendable ?? details.customers, exact: details.sendable !== null };
  });

  constructor(state: AppState = app, steps: SetupState = setup) {
    this.#app = state;
    this.#setup = steps;
    this.signIn = new SignIn('mailchimp', state);
    this.signUp = new SignUpForm(steps);
    this.reading = new FollowedWork(
      'readCompany',
      () => call('start_reading_company', { company: steps.draft?.company?.company ?? '' }),
      state,
    );
    const signUp = steps.draft?.signUp;
    if (signUp && !steps.draft?.account) {
      this.tab = 'create';
      this.checklist = signUp.openedAt !== null;
    }
    if (state.start?.mailchimpKeys === 'missing') this.way = 'key';
  }

  async open(): Promise<void> {
    await this.#ask(async () => {
      await Promise.all([this.#setup.readAccounts(), this.#setup.readDetails(), this.signUp.begin()]);
      if (this.#setup.details) this.signUp.fill(this.#setup.details);
      if (this.#setup.details?.sendable === null) await this.reading.begin();
      await this.#chooseOnlyOne();
    });
  }

  /** QuickBooks was read: the counts are known now. For an effect. */
  async counted(): Promise<void> {
    if (this.reading.takeOutcome()) await this.#ask(() => this.#setup.readDetails(true));
  }

  /** Takes over the account that was signed in to. For an effect. */
  async settle(): Promise<void> {
    const outcome = this.signIn.takeOutcome();
    if (outcome?.kind === 'account') await this.#take(outcome.account);
  }

  async checkKey(): Promise<void> {
    const key = this.key.trim();
    if (key === '' || this.checkingKey) return;
    this.checkingKey = true;
    this.keyProblem = undefined;
    this.keyAccount = undefined;
    try {
      const account = await call('connect_api_key', { key });
      this.key = '';
      this.keyAccount = account;
      await this.#take(account);
    } catch (reason) {
      this.keyProblem = callError(reason);
    } finally {
      this.checkingKey = false;
    }
  }

  async choose(account: string): Promise<void> {
    await this.#ask(() => this.#setup.chooseAccount(account));
  }

  /** Signs out of an account; no connection may use it. */
  async forget(account: string): Promise<void> {
    await this.#ask(async () => {
      await call('forget_account', { text: account });
      if (this.#setup.draft?.account === account) await this.#setup.save({ account: null, audience: null });
      if (this.keyAccount?.account === account) this.keyAccount = undefined;
      await this.#setup.readAccounts();
    });
  }

  /** The checklist is done: what is left is to sign in. */
  async signInNow(): Promise<void> {
    this.tab = 'have';
    this.checklist = false;
    this.way = this.keysMissing ? 'key' : 'browser';
    if (!this.keysMissing) await this.signIn.begin();
  }

  async keysSaved(): Promise<void> {
    this.enteringKeys = false;
    if (this.#app.start) this.#app.adopt({ ...this.#app.start, mailchimpKeys: 'own' });
    this.way = 'browser';
    this.signIn.dismiss();
    await this.signIn.begin();
  }

  async show(kind: 'mailchimpApiKeys' | 'mailchimpPlans'): Promise<void> {
    await this.#ask(() => call('open_link', { kind }));
  }

  async #take(account: MailchimpAccount): Promise<void> {
    await this.#ask(async () => {
      await this.#setup.readAccounts();
      if (usable(account)) await this.#setup.chooseAccount(account.account);
    });
  }

  async #chooseOnlyOne(): Promise<void> {
    const [only, ...others] = this.#setup.accounts ?? [];
    if (only && others.length === 0 && !this.chosen && usable(only))
      await this.#setup.chooseAccount(only.account);
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.failure = refusal));
  }
}

/**
 * What the steps of the set-up share: the draft, what was read for it, and what the rail says of each
 * step. The draft is saved at every change, so that closing and going back lose nothing.
 */
import {
  call,
  callError,
  type Audience,
  type Audiences,
  type CallError,
  type CompanyDetails,
  type Draft,
  type MailchimpAccount,
  type Step,
} from '../ipc';
import { number } from '../i18n/format';
import { m } from '../i18n/messages';
import { app, type AppState } from './app.svelte';
import { router, steps, type Router } from './router.svelte';
import { statusName } from './statuses';

export class SetupState {
  /** What a step says under its name in the rail, where that is more than the draft says. */
  said = $state<Partial<Record<Step, string>>>({});
  /** Everything was sent: all steps are done. */
  over = $state(false);
  /** The yes was given and the sync it began is not heard of yet. */
  sending = $state(false);
  /** What Alt+Right does: the Next of the step that is open; nothing while Next is off. */
  next = $state.raw<() => unknown>();
  /** What Alt+Left does. */
  back = $state.raw<() => unknown>();
  /** What QuickBooks knows of the company. */
  details = $state.raw<CompanyDetails>();
  /** The Mailchimp accounts that are signed in. */
  accounts = $state.raw<readonly MailchimpAccount[]>();
  /** The audiences of the chosen account. */
  audiences = $state.raw<Audiences>();
  /** What was chosen differs from what the last dry run was made with. */
  reviewStale = $state(false);
  /** When the dry run was made that the owner said yes to. */
  agreedTo = $state<string>();
  /** The services were not as that dry run said: another is due. When the former one was made. */
  changedSince = $state<string>();

  readonly #app: AppState;
  readonly #router: Router;
  #finished = $state.raw<Draft>();
  #saving: Promise<unknown> = Promise.resolve();
  #saves = 0;
  #readFor: { company?: string; audiences?: string } = {};

  /** Under each step in the rail: what was chosen there. */
  notes = $derived.by<Partial<Record<Step, string>>>(() => ({ ...this.#chosen(), ...this.said }));
  account = $derived(this.accounts?.find((account) => account.account === this.draft?.account));
  audience = $derived.by<Audience | undefined>(() => {
    const choice = this.draft?.audience;
    if (choice?.kind !== 'existing') return undefined;
    return this.audiences?.audiences.find((audience) => audience.id === choice.id);
  });

  constructor(state: AppState = app, navigation: Router = router) {
    this.#app = state;
    this.#router = navigation;
  }

  get draft(): Draft | undefined {
    return this.#app.start?.draft ?? undefined;
  }

  /** The furthest step that can be open: none lies behind an answer that is missing. */
  get reached(): Step | undefined {
    const { draft } = this;
    if (!draft) return undefined;
    const missing: Step | undefined = !draft.company
      ? 'quickbooks'
      : !draft.account
        ? 'account'
        : !draft.audience
          ? 'audience'
          : undefined;
    return missing && steps.indexOf(missing) < steps.indexOf(draft.step) ? missing : draft.step;
  }

  /** Begins a set-up, or goes on with the one that is there, at the step that was reached. */
  async begin(): Promise<void> {
    const draft = this.draft ?? (await call('begin_setup', {}));
    this.#hold(draft);
    this.#router.go({ screen: 'set-up', step: this.reached ?? draft.step });
  }

  /** Called by each step as it opens: a step that cannot be open yet leads to the one that is. */
  async enter(step: Step): Promise<void> {
    this.said = {};
    if (!this.draft && step === 'quickbooks') this.#hold(await call('begin_setup', {}));
    const { reached } = this;
    if (!reached && step !== 'sync') this.#router.replace({ screen: 'welcome' });
    else if (reached && steps.indexOf(step) > steps.indexOf(reached))
      this.#router.replace({ screen: 'set-up', step: reached });
  }

  /** Saves a change of the draft. What was typed shows at once; saves follow one another in order. */
  async save(change: Partial<Draft>): Promise<void> {
    if (!this.draft) return;
    const draft = { ...this.draft, ...change };
    if (change.company || change.account || change.audience || change.settings) this.reviewStale = true;
    this.#hold(draft);
    this.#saves += 1;
    const turn = this.#saves;
    this.#saving = this.#saving
      .catch(() => undefined)
      .then(async () => {
        const saved = await call('save_draft', draft);
        if (turn === this.#saves && this.draft) this.#hold(saved);
      });
    await this.#saving;
  }

  /** Goes on to a step; the furthest one reached is kept, so that going back loses nothing. */
  async reach(step: Step, change: Partial<Draft> = {}): Promise<void> {
    const reached = this.reached ?? step;
    const furthest = steps.indexOf(step) > steps.indexOf(reached) ? step : reached;
    if (furthest !== this.draft?.step || Object.keys(change).length > 0)
      await this.save({ ...change, step: furthest });
    this.#router.go({ screen: 'set-up', step });
  }

  /** Goes back to a step without changing anything. */
  goBack(step: Step | 'welcome'): void {
    this.#router.go(step === 'welcome' ? { screen: 'welcome' } : { screen: 'set-up', step });
  }

  /** Another company: what was chosen for the former one does not fit it. */
  async chooseCompany(company: Draft['company']): Promise<void> {
    const draft = this.draft;
    if (!draft || !company || draft.company?.company === company.company) return;
    const settings = { ...draft.settings, rules: [], exceptions: [], leftAlone: [] };
    this.details = undefined;
    this.audiences = undefined;
    await this.save({ company, settings, step: 'quickbooks' });
  }

  /** Another account: the audience of the former one is not in it. */
  async chooseAccount(account: string): Promise<void> {
    if (this.draft?.account === account) return;
    this.audiences = undefined;
    await this.save({ account, audience: null, step: 'account' });
  }

  async readDetails(again = false): Promise<void> {
    const company = this.draft?.company?.company;
    if (!company || (this.details && this.#readFor.company === company && !again)) return;
    if (this.#readFor.company !== company) this.details = undefined;
    const details = await call('read_company_details', { company });
    if (this.draft?.company?.company !== company) return;
    this.details = details;
    this.#readFor.company = company;
  }

  async readAccounts(): Promise<void> {
    this.accounts = await call('list_accounts', {});
  }

  async readAudiences(again = false): Promise<void> {
    const { company, account } = this.draft ?? {};
    if (!company || !account) return;
    const key = `${company.company} ${account}`;
    if (this.audiences && this.#readFor.audiences === key && !again) return;
    const audiences = await call('list_audiences', { company: company.company, account });
    if (this.draft?.account !== account) return;
    this.audiences = audiences;
    this.#readFor.audiences = key;
  }

  /** The yes was to other figures than there are now: back to the review, for a new dry run. */
  reviewAgain(): void {
    this.changedSince = this.agreedTo;
    this.reviewStale = true;
    this.#router.replace({ screen: 'set-up', step: 'review' });
  }

  /** The draft is over: the rail goes on saying what was chosen. */
  finish(): void {
    this.#finished = this.draft ?? this.#finished;
  }

  /** Gives up the set-up. */
  async drop(): Promise<CallError | undefined> {
    try {
      await call('drop_draft', {});
    } catch (reason) {
      return callError(reason);
    }
    this.details = this.audiences = this.accounts = undefined;
    if (this.#app.start) this.#app.adopt({ ...this.#app.start, draft: null });
    this.#router.go({ screen: 'welcome' });
    return undefined;
  }

  #hold(draft: Draft): void {
    if (this.#app.start) this.#app.adopt({ ...this.#app.start, draft });
  }

  #chosen(): Partial<Record<Step, string>> {
    const draft = this.draft ?? this.#finished;
    if (!draft) return {};
    const notes: Partial<Record<Step, string>> = {};
    const reached = steps.indexOf(this.reached ?? draft.step);
    if (draft.company) notes.quickbooks = draft.company.name;
    const account = this.accounts?.find((each) => each.account === draft.account);
    if (account)
      notes.account = account.dataCentre
        ? m.note_account({ name: account.name, centre: account.dataCentre })
        : account.name;
    if (draft.audience)
      notes.audience = draft.audience.kind === 'new' ? draft.audience.details.name : draft.audience.name;
    if (reached >= steps.indexOf('status')) {
      const count = draft.settings.exceptions.length;
      const status = statusName(draft.settings.status);
      notes.status = count === 0 ? status : m.note_exceptions({ status, count, shown: number(count) });
    }
    return notes;
  }
}

export const setup = new SetupState();

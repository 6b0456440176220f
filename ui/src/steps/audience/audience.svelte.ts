/** Step 3: the audience that the customers go to, one that is there or a new one. */
import { language } from '../../i18n/language.svelte';
import { attempt, call, type Audience, type CallError, type NewAudience, type StatusCounts } from '../../ipc';
import { m } from '../../i18n/messages';
import { app, type AppState } from '../../state/app.svelte';
import { setup, type SetupState } from '../../state/setup.svelte';
import { FollowedWork } from '../parts/work.svelte';

type Answer =
  'name' | 'fromName' | 'fromEmail' | 'permissionReminder' | 'businessName' | 'line1' | 'city' | 'country';

/** Contacts that can be seen in the audience: the sum of the three columns. */
export const contactsOf = (counts: StatusCounts): number =>
  counts.subscribed + counts.unsubscribed + counts.notSubscribed;

export class AudienceStep {
  readonly reading: FollowedWork;
  failure = $state.raw<CallError>();
  /** The owner is creating one. */
  creating = $state(false);
  details = $state<NewAudience>();
  left = $state<Partial<Record<Answer, boolean>>>({});
  tag = $state('');
  changingTag = $state(false);
  readonly #setup: SetupState;

  audiences = $derived.by<readonly Audience[] | undefined>(() => this.#setup.audiences?.audiences);
  recommended = $derived(this.audiences?.find((audience) => audience.recommended !== null));
  /** The plan allows another one, or Mailchimp does not say. */
  mayCreate = $derived.by(() => this.#setup.audiences?.mayCreate !== false);
  chosen = $derived.by(() => this.#setup.audience);
  totals = $derived.by(() => {
    const sum = { contacts: 0, subscribed: 0, unsubscribed: 0, notSubscribed: 0 };
    for (const { counts } of this.audiences ?? []) {
      sum.contacts += contactsOf(counts);
      sum.subscribed += counts.subscribed;
      sum.unsubscribed += counts.unsubscribed;
      sum.notSubscribed += counts.notSubscribed;
    }
    return sum;
  });
  /** Answers about a new audience that are missing. */
  missing = $derived.by<Answer[]>(() => {
    const { details } = this;
    if (!details) return [];
    const needed: [Answer, string][] = [
      ['name', details.name],
      ['fromName', details.fromName],
      ['fromEmail', /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(details.fromEmail.trim()) ? 'good' : ''],
      ['permissionReminder', details.permissionReminder],
      ['businessName', details.businessName],
      ['line1', details.address.line1],
      ['city', details.address.city],
      ['country', details.address.country],
    ];
    return needed.filter(([, value]) => value.trim() === '').map(([answer]) => answer);
  });
  canGoOn = $derived(this.creating ? this.missing.length === 0 && this.mayCreate : this.chosen !== undefined);

  constructor(state: AppState = app, steps: SetupState = setup) {
    this.#setup = steps;
    this.reading = new FollowedWork(
      'readCompany',
      () => call('start_reading_company', { company: steps.draft?.company?.company ?? '' }),
      state,
    );
    const choice = steps.draft?.audience;
    if (choice?.kind === 'new') {
      this.creating = true;
      this.details = structuredClone(choice.details);
    }
    this.tag = steps.draft?.settings.tag ?? '';
  }

  async open(again = false): Promise<void> {
    await this.#ask(async () => {
      await Promise.all([
        this.#setup.readAudiences(again),
        this.#setup.readDetails(),
        this.#setup.accounts ? undefined : this.#setup.readAccounts(),
      ]);
      if (this.audiences?.some((audience) => audience.alreadyCustomers === null)) await this.reading.begin();
      const choice = this.#setup.draft?.audience;
      const gone = choice?.kind === 'existing' && !this.chosen;
      if (!choice || gone) {
        if (this.recommended) await this.choose(this.recommended);
        else if (this.audiences?.length === 0 && this.mayCreate) await this.create();
      }
    });
  }

  /** QuickBooks was read: who is in which audience is known now. For an effect. */
  async counted(): Promise<void> {
    if (!this.reading.takeOutcome()) return;
    await this.#ask(() => Promise.all([this.#setup.readAudiences(true), this.#setup.readDetails(true)]));
  }

  async choose(audience: Audience): Promise<void> {
    this.creating = false;
    await this.#ask(() =>
      this.#setup.save({ audience: { kind: 'existing', id: audience.id, name: audience.name } }),
    );
  }

  /** Back to the table: to what was recommended, or to the first. */
  async useExisting(): Promise<void> {
    const audience = this.recommended ?? this.audiences?.[0];
    if (audience) await this.choose(audience);
  }

  async create(): Promise<void> {
    if (!this.mayCreate) return;
    this.details ??= this.#prefilled();
    this.creating = true;
    await this.keep();
  }

  lacks(answer: Answer): boolean {
    return this.left[answer] === true && this.missing.includes(answer);
  }

  async leave(answer?: Answer): Promise<void> {
    if (answer) this.left[answer] = true;
    await this.keep();
  }

  async keep(): Promise<void> {
    const { details } = this;
    if (!details) return;
    await this.#ask(() => this.#setup.save({ audience: { kind: 'new', details: $state.snapshot(details) } }));
  }

  async keepTag(): Promise<void> {
    const { draft } = this.#setup;
    const tag = this.tag.trim();
    this.changingTag = false;
    if (!draft || tag === '' || tag === draft.settings.tag) {
      this.tag = draft?.settings.tag ?? '';
      return;
    }
    await this.#ask(() => this.#setup.save({ settings: { ...draft.settings, tag } }));
  }

  #prefilled(): NewAudience {
    const { details, account } = this.#setup;
    const company = details?.name ?? this.#setup.draft?.company?.name ?? '';
    return {
      name: m.audience_new_name_default({ company }),
      fromName: company,
      fromEmail: account?.email ?? details?.email ?? '',
      permissionReminder: m.audience_new_reminder_default({ company }),
      businessName: company,
      address: details
        ? { ...details.address }
        : { line1: '', line2: '', city: '', region: '', postalCode: '', country: '' },
      phone: details?.phone ?? '',
      language: language.current,
    };
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.failure = refusal));
  }
}

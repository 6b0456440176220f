/** The answers for Mailchimp's sign-up form, and the checklist of what is done on its site. */
import {
  attempt,
  call,
  type CallError,
  type CompanyDetails,
  type EmailCheck,
  type PostalAddress,
  type SignUp,
  type SignUpStep,
} from '../../ipc';
import { setup, type SetupState } from '../../state/setup.svelte';

export const signUpSteps = ['form', 'activation', 'robot', 'plan', 'details'] as const satisfies SignUpStep[];

type Answer = 'email' | 'userName' | 'profileName' | 'businessName' | 'line1' | 'city' | 'country';

const noAddress: PostalAddress = { line1: '', line2: '', city: '', region: '', postalCode: '', country: '' };

/** What QuickBooks can answer already. */
export function prefilled(details: CompanyDetails | undefined): SignUp {
  const email = details?.email ?? '';
  return {
    email,
    userName: email,
    profileName: '',
    businessName: details?.name ?? '',
    website: details?.website ?? '',
    phone: details?.phone ?? '',
    address: { ...(details?.address ?? noAddress) },
    done: [],
    openedAt: null,
  };
}

/** An address of the person at the same domain, which may exist: the owner decides. */
export function personalAddress(email: string, name: string): string | undefined {
  const domain = email.split('@')[1];
  const first = name
    .trim()
    .split(/\s+/)[0]
    ?.normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9.-]/g, '')
    .toLowerCase();
  return domain && first ? `${first}@${domain}` : undefined;
}

export class SignUpForm {
  answers = $state<SignUp>(prefilled(undefined));
  check = $state.raw<EmailCheck>();
  checking = $state(false);
  failure = $state.raw<CallError>();
  /** Fields that were left: only then is a missing answer named. */
  left = $state<Partial<Record<Answer, boolean>>>({});
  readonly #setup: SetupState;
  #checked = '';

  refused = $derived(this.check !== undefined && this.check.kind !== 'good');
  /** What has to be answered and is not. */
  missing = $derived.by<Answer[]>(() => {
    const { address, ...rest } = this.answers;
    const required: [Answer, string][] = [
      ['email', rest.email],
      ['userName', rest.userName],
      ['profileName', rest.profileName],
      ['businessName', rest.businessName],
      ['line1', address.line1],
      ['city', address.city],
      ['country', address.country],
    ];
    return required.filter(([, value]) => value.trim() === '').map(([answer]) => answer);
  });
  /** Answers to correct or to fill in before Mailchimp's page makes sense. */
  open = $derived(this.missing.length + (this.refused && !this.missing.includes('email') ? 1 : 0));
  better = $derived(
    this.check?.kind === 'role' ? personalAddress(this.answers.email, this.answers.profileName) : undefined,
  );
  stepsLeft = $derived(signUpSteps.length - this.answers.done.length);

  constructor(steps: SetupState = setup) {
    this.#setup = steps;
  }

  /** Takes up what was answered before, or what QuickBooks says. */
  async begin(): Promise<void> {
    const kept = this.#setup.draft?.signUp;
    this.answers = kept ? structuredClone($state.snapshot(kept)) : prefilled(this.#setup.details);
    await this.checkEmail();
  }

  /** QuickBooks answered after the form was opened: fills what is still empty. */
  fill(details: CompanyDetails): void {
    if (this.#setup.draft?.signUp) return;
    this.answers = { ...prefilled(details), profileName: this.answers.profileName };
    void this.checkEmail();
  }

  lacks(answer: Answer): boolean {
    return this.left[answer] === true && this.missing.includes(answer);
  }

  async leave(answer?: Answer): Promise<void> {
    if (answer) this.left[answer] = true;
    await this.save();
  }

  /** Checks the address and lets the user name follow it unless it was changed. */
  async leaveEmail(): Promise<void> {
    const email = this.answers.email.trim();
    if (this.answers.userName === this.#checked || this.answers.userName === '')
      this.answers.userName = email;
    this.answers.email = email;
    this.left.email = true;
    await this.checkEmail();
    await this.save();
  }

  async useBetter(): Promise<void> {
    if (!this.better) return;
    this.answers.email = this.better;
    await this.leaveEmail();
  }

  async checkEmail(): Promise<void> {
    const email = this.answers.email.trim();
    if (this.answers.userName === '') this.answers.userName = email;
    this.#checked = email;
    this.check = undefined;
    if (email === '') return;
    this.checking = true;
    await this.#ask(async () => {
      const check = await call('check_email', { text: email });
      if (this.#checked === email) this.check = check;
    });
    this.checking = false;
  }

  /** Opens Mailchimp's page; from then on the checklist is shown. */
  async goToMailchimp(): Promise<boolean> {
    return this.#ask(async () => {
      await call('open_link', { kind: 'mailchimpSignUp' });
      if (this.answers.openedAt === null) this.answers.openedAt = new Date().toISOString();
      await this.#keep();
    });
  }

  async tick(step: SignUpStep, done: boolean): Promise<void> {
    this.answers.done = signUpSteps.filter((each) =>
      each === step ? done : this.answers.done.includes(each),
    );
    await this.save();
  }

  async save(): Promise<void> {
    await this.#ask(() => this.#keep());
  }

  async #keep(): Promise<void> {
    await this.#setup.save({ signUp: $state.snapshot(this.answers) });
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.failure = refusal));
  }
}

/** One customer, opened beside the list. */
import { attempt, call, callError, type CallError, type ContactDetail, type Link } from '../../ipc';
import { m } from '../../i18n/messages';
import { slips, type Slips } from '../../state/slips.svelte';
import { copyText } from '../../steps/parts/copy';

export class ContactDetailState {
  readonly company: string;
  detail = $state.raw<ContactDetail>();
  failure = $state.raw<CallError>();
  #customer: string | undefined;
  readonly #slips: Slips;

  constructor(company: string, slip: Slips = slips) {
    this.company = company;
    this.#slips = slip;
  }

  /** Reads a customer. What is shown stays until the answer; a late answer for another is dropped. */
  async read(customer: string): Promise<void> {
    this.#customer = customer;
    this.failure = undefined;
    try {
      const detail = await call('read_contact', { company: this.company, customer });
      if (this.#customer === customer) this.detail = detail;
    } catch (reason) {
      if (this.#customer !== customer) return;
      this.detail = undefined;
      this.failure = callError(reason);
    }
  }

  async open(link: Link): Promise<void> {
    await this.#ask(() => call('open_link', link));
  }

  async leaveAlone(leaveAlone: boolean): Promise<void> {
    const { detail, company } = this;
    if (!detail) return;
    const { customer, name } = detail.row;
    const ask = async (wanted: boolean) => {
      await call('leave_alone', { company, customer, leaveAlone: wanted });
      if (this.#customer === customer) await this.read(customer);
    };
    await this.#ask(async () => {
      await ask(leaveAlone);
      this.#slips.show(
        () => (leaveAlone ? m.contact_left({ name }) : m.contact_brought_back({ name })),
        () => this.#ask(() => ask(!leaveAlone)),
      );
    });
  }

  async copyForm(): Promise<void> {
    const form = this.detail?.signUpForm;
    if (!form) return;
    this.#slips.show((await copyText(form)) ? m.contact_form_copied : m.contact_copy_failed);
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.failure = refusal));
  }
}

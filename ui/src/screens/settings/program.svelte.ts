/** What is set for this computer, and what the program says about itself. */
import {
  attempt,
  call,
  type About,
  type CallError,
  type KeysHelp,
  type Link,
  type MailchimpAccount,
  type Preferences,
  type Service,
} from '../../ipc';
import { m } from '../../i18n/messages';
import { app, type AppState } from '../../state/app.svelte';
import { slips, type Slips } from '../../state/slips.svelte';
import { copyText } from '../../steps/parts/copy';

const services: Service[] = ['quickbooks', 'mailchimp'];

export class ProgramSettings {
  accounts = $state.raw<readonly MailchimpAccount[]>();
  keys = $state.raw<Partial<Record<Service, KeysHelp>>>({});
  about = $state.raw<About>();
  failure = $state.raw<CallError>();
  readonly #app: AppState;
  readonly #slips: Slips;

  constructor(state: AppState = app, shown: Slips = slips) {
    this.#app = state;
    this.#slips = shown;
  }

  async prefer(change: Partial<Preferences>): Promise<void> {
    await this.#ask(() => this.#app.choosePreferences(change));
  }

  async readAccounts(): Promise<void> {
    await this.#ask(async () => {
      this.accounts = await call('list_accounts', {});
    });
  }

  async readKeys(): Promise<void> {
    await this.#ask(async () => {
      const read = await Promise.all(
        services.map(async (service) => [service, await call('read_keys_help', { service })] as const),
      );
      this.keys = Object.fromEntries(read);
    });
  }

  async readAbout(): Promise<void> {
    await this.#ask(async () => {
      this.about = await call('read_about', {});
    });
  }

  async signOut(account: MailchimpAccount): Promise<void> {
    await this.#ask(async () => {
      await call('forget_account', { text: account.account });
      this.accounts = await call('list_accounts', {});
      this.#slips.show(() => m.settings_account_out_done({ account: account.name }));
    });
  }

  async forgetKeys(service: Service, name: string): Promise<void> {
    await this.#ask(async () => {
      this.keys = { ...this.keys, [service]: await call('forget_keys', { service }) };
      this.#slips.show(() => m.settings_keys_forgotten({ service: name }));
    });
  }

  async open(link: Link): Promise<void> {
    await this.#ask(() => call('open_link', link));
  }

  async copyDiagnostics(): Promise<void> {
    await this.#ask(async () => {
      const { text } = await call('read_diagnostics', {});
      const copied = await copyText(text);
      this.#slips.show(copied ? m.settings_diagnostics_copied : m.settings_copy_failed);
    });
  }

  async leaveDemo(): Promise<void> {
    await this.#ask(async () => this.#app.adopt(await call('leave_demo', {})));
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.failure = refusal));
  }
}

/** The owner's own app keys: what to register, what was typed, whether it can be saved. */
import { attempt, call, type CallError, type KeysHelp, type Service } from '../../ipc';

export class OwnKeys {
  readonly service: Service;
  help = $state.raw<KeysHelp>();
  clientId = $state('');
  clientSecret = $state('');
  development = $state(false);
  relay = $state('');
  failure = $state.raw<CallError>();
  /** Fields that were left, to check them only then. */
  left = $state<Partial<Record<'clientId' | 'clientSecret' | 'relay', boolean>>>({});

  /** Production keys of QuickBooks come back through a page with https. */
  needsRelay = $derived.by(() => this.service === 'quickbooks' && !this.development);
  relayWrong = $derived(this.needsRelay && !/^https:\/\/[^\s/]+\.[^\s]+$/.test(this.relay.trim()));
  missing = $derived(
    [this.clientId.trim() === '', this.clientSecret.trim() === '', this.relayWrong].filter(Boolean).length,
  );

  constructor(service: Service) {
    this.service = service;
  }

  async read(): Promise<void> {
    await this.#ask(async () => {
      this.help = await call('read_keys_help', { service: this.service });
    });
  }

  /** Saves the keys; `true` when they are saved. They are not kept here any longer. */
  async save(): Promise<boolean> {
    return this.#ask(async () => {
      this.help = await call('save_keys', {
        service: this.service,
        clientId: this.clientId.trim(),
        clientSecret: this.clientSecret.trim(),
        development: this.service === 'quickbooks' && this.development,
        relay: this.needsRelay ? this.relay.trim() : '',
      });
      this.clientSecret = '';
    });
  }

  async open(): Promise<void> {
    await this.#ask(() =>
      call('open_link', { kind: this.service === 'quickbooks' ? 'intuitDeveloper' : 'mailchimpDeveloper' }),
    );
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.failure = refusal));
  }
}

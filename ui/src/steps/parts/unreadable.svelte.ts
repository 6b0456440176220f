/** The records that QuickBooks cannot deliver. */
import { attempt, call, type CallError, type Link, type UnreadableRow } from '../../ipc';

/** So many are listed; there is hardly ever more than one. */
const LISTED = 200;

export class UnreadableRecords {
  rows = $state.raw<readonly UnreadableRow[]>();
  total = $state.raw(0);
  failure = $state.raw<CallError>();

  async read(company: string): Promise<void> {
    await this.#ask(async () => {
      const page = await call('list_unreadable', { company, page: { offset: 0, limit: LISTED } });
      this.rows = page.rows;
      this.total = page.total;
    });
  }

  async open(link: Link): Promise<void> {
    await this.#ask(() => call('open_link', link));
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.failure = refusal));
  }
}

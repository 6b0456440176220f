/** Why the totals differ: the documents behind the amount. */
import { call, callError, type CallError, type DataKind, type NotSentRow, type SkipCode } from '../../ipc';

/** Documents are listed by kind; both are read one after the other as if they were one list. */
const kinds: DataKind[] = ['invoices', 'salesReceipts'];
const LISTED = 200;

export class DifferenceState {
  rows = $state.raw<readonly NotSentRow[]>([]);
  total = $state.raw<number>();
  failure = $state.raw<CallError>();
  #question = 0;

  /** Reads the documents that stay out for these reasons, the first of each. */
  async read(company: string, reasons: readonly SkipCode[]): Promise<void> {
    const question = (this.#question += 1);
    this.failure = undefined;
    const asked = kinds.flatMap((data) =>
      reasons.map((reason) =>
        call('list_not_sent', {
          company,
          data,
          reason,
          throughCustomer: true,
          page: { offset: 0, limit: LISTED },
        }),
      ),
    );
    try {
      const pages = await Promise.all(asked);
      if (question !== this.#question) return;
      this.rows = pages.flatMap((page) => page.rows);
      this.total = pages.reduce((sum, page) => sum + page.total, 0);
    } catch (reason) {
      if (question === this.#question) this.failure = callError(reason);
    }
  }
}

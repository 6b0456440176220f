/** Why the totals differ: the documents behind the amount. */
import { call, type DataKind, type NotSentRow, type SkipCode } from '../../ipc';

/** Documents are listed by kind; both are read one after the other as if they were one list. */
const kinds: DataKind[] = ['invoices', 'salesReceipts'];
const LISTED = 200;

export class DifferenceState {
  rows = $state.raw<readonly NotSentRow[]>([]);
  total = $state.raw<number>();
  #question = 0;

  /** Reads the documents that stay out for these reasons, the first of each. */
  async read(company: string, reasons: readonly SkipCode[]): Promise<void> {
    const question = (this.#question += 1);
    const asked = kinds.flatMap((data) =>
      reasons.map((reason) =>
        call('list_not_sent', { company, data, reason, page: { offset: 0, limit: LISTED } }),
      ),
    );
    const pages = (await Promise.allSettled(asked)).filter((each) => each.status === 'fulfilled');
    if (question !== this.#question) return;
    this.rows = pages.flatMap((page) => page.value.rows);
    this.total = pages.reduce((sum, page) => sum + page.value.total, 0);
  }
}

/** The words of the dry run. */
import { list, number } from '../../i18n/format';
import { reasonName } from '../../i18n/reasons';
import { contactWords, fieldInSentence } from '../../i18n/words';
import type { CodeWord, DataKind, Fate, ReviewRow } from '../../ipc';
import { m } from '../../i18n/messages';
import { statusInSentence } from '../../state/statuses';
import type { MarkKind } from '../../components/Mark.svelte';

export const fateMarks: Record<Fate, MarkKind> = {
  new: 'new',
  updated: 'updated',
  same: 'same',
  shareEmail: 'shared',
  leftAlone: 'left',
};

export const fateNames: Record<Fate, () => string> = {
  new: m.fate_new,
  updated: m.fate_updated,
  same: m.fate_same,
  shareEmail: m.fate_share,
  leftAlone: m.fate_left,
};

export const dataNames: Record<DataKind, () => string> = {
  names: m.data_names,
  addresses: m.data_addresses,
  invoices: m.data_invoices,
  salesReceipts: m.data_sales_receipts,
  items: m.data_items,
};

export const dataBecomes: Record<DataKind, () => string> = {
  names: m.data_names_becomes,
  addresses: m.data_addresses_becomes,
  invoices: m.data_invoices_becomes,
  salesReceipts: m.data_sales_receipts_becomes,
  items: m.data_items_becomes,
};

/** What happens to a customer, in one line. */
export function happens(row: ReviewRow): string {
  switch (row.fate) {
    case 'new': {
      const status = statusInSentence(row.status ?? 'notSubscribed');
      return row.exception ? m.happens_new_exception({ status }) : m.happens_new({ status });
    }
    case 'updated': {
      const fields = list(row.fields.map((change) => fieldInSentence(change.field)));
      return row.status
        ? m.happens_updated_stays({ fields, status: statusInSentence(row.status) })
        : m.happens_updated({ fields });
    }
    case 'same':
      return row.orders > 0
        ? m.happens_same_orders({ count: row.orders, shown: number(row.orders) })
        : m.happens_same();
    case 'shareEmail':
      return m.happens_share({
        count: row.orders,
        shown: number(row.orders),
        contact: row.contactName ?? row.email ?? '',
      });
    case 'leftAlone':
      return row.reason ? m.happens_left({ reason: reasonName(row.reason) }) : m.fate_left();
  }
}

/** For a file of the dry run. */
export const reviewWords = (): CodeWord[] => [
  ...contactWords(),
  ...Object.entries(fateNames).map(([code, word]) => ({ code, word: word() })),
];

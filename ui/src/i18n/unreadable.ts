/** Records that QuickBooks cannot deliver: which, where they are, why, and what helps. */
import type { Link, NamedRecord, RecordKind, UnreadableCode, UnreadableRow } from '../ipc';
import { m } from './messages';
import { day, number } from './format';
import { recordName } from './words';

const kinds: Record<RecordKind, () => string> = {
  customer: m.exceptions_customer,
  item: m.word_item,
  invoice: m.word_invoice,
  salesReceipt: m.word_sales_receipt,
  creditMemo: m.word_credit_memo,
  refundReceipt: m.word_refund_receipt,
  payment: m.word_payment,
};

/** `Invoice`, `Invoice 1041`, `Invoice: 50 records` */
export function unreadableName({ kind, records, itself }: UnreadableRow): string {
  const word = kinds[kind]();
  if (records > 1) return m.unreadable_several({ kind: word, shown: number(records) });
  if (!itself) return word;
  return itself.document ? recordName(itself) : m.word_document_number({ kind: word, number: itself.title });
}

const dated = (record: NamedRecord): string =>
  record.date
    ? m.unreadable_of_day({ record: recordName(record), day: day(record.date) })
    : recordName(record);

/** Where it is found among the others; empty where that is not known. */
export function unreadablePlace({ before, after }: UnreadableRow): string {
  if (before && after) return m.unreadable_between({ before: dated(before), after: dated(after) });
  if (before) return m.unreadable_after({ before: dated(before) });
  return after ? m.unreadable_before({ after: dated(after) }) : '';
}

const whys: Record<UnreadableCode, { says: () => string; helps: () => string }> = {
  refused: { says: m.unreadable_refused, helps: m.unreadable_refused_helps },
  tooLarge: { says: m.unreadable_large, helps: m.unreadable_large_helps },
  malformed: { says: m.unreadable_malformed, helps: m.unreadable_malformed_helps },
};

/** Why it cannot be read, in QuickBooks' words where there are any. */
export const unreadableWhy = ({ why, detail }: UnreadableRow): string =>
  detail ? m.unreadable_says({ detail }) : whys[why].says();

export const unreadableHelp = ({ why }: UnreadableRow): string => whys[why].helps();

function pageOf(company: string, kind: RecordKind, { id }: NamedRecord): Link {
  switch (kind) {
    case 'customer':
      return { kind: 'quickbooksCustomer', company, customer: id };
    case 'item':
    case 'payment':
      return { kind: 'quickbooks' };
    case 'invoice':
    case 'salesReceipt':
    case 'creditMemo':
    case 'refundReceipt':
      return { kind: 'quickbooksDocument', company, document: id };
  }
}

/** The page of QuickBooks that is nearest: of the record, of the one before or after it, or the first one. */
export function unreadableLink(company: string, row: UnreadableRow): { name: string; link: Link } {
  const nearest = row.itself ?? row.before ?? row.after;
  const link: Link = nearest ? pageOf(company, row.kind, nearest) : { kind: 'quickbooks' };
  if (!nearest || link.kind === 'quickbooks') return { name: m.error_action_quickbooks(), link };
  if (row.itself) return { name: m.unreadable_open({ record: recordName(row.itself) }), link };
  return { name: row.before ? m.unreadable_open_before() : m.unreadable_open_after(), link };
}

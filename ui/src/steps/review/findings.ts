/** What is worth a look before connecting: words, mark and the list behind each finding. */
import { money, number } from '../../i18n/format';
import { reasonDoes, reasonName } from '../../i18n/reasons';
import type { DataKind, Finding, Review } from '../../ipc';
import { m } from '../../i18n/messages';
import { isDocument, type ReviewView } from './review.svelte';

export interface FindingRow {
  key: string;
  mark: 'look' | 'left';
  what: string;
  count: number;
  does: string;
  action: string;
  /** The list behind it, or another step. */
  opens: ReviewView | 'status';
}

const customers = (change: Partial<Extract<ReviewView, { kind: 'customers' }>>): ReviewView => ({
  kind: 'customers',
  fate: null,
  reason: null,
  severalAddresses: false,
  ...change,
});

/** The kinds of documents and items that a reason keeps out. */
function kindsWith(review: Review, finding: Extract<Finding, { kind: 'notSent' }>): DataKind[] {
  return review.data
    .filter((row) => isDocument(row.kind) && row.reasons.some((reason) => reason.code === finding.code))
    .map((row) => row.kind);
}

function row(review: Review, finding: Finding): Omit<FindingRow, 'key'> {
  switch (finding.kind) {
    case 'confirmationMails':
      return {
        mark: 'look',
        what: m.finding_mails(),
        count: finding.count,
        does: m.finding_mails_does(),
        action: m.finding_change(),
        opens: 'status',
      };
    case 'doubleOptIn':
      return {
        mark: 'look',
        what: m.finding_double(),
        count: finding.count,
        does: m.finding_double_does(),
        action: m.finding_change(),
        opens: 'status',
      };
    case 'sharedAddresses': {
      const others = finding.customers - finding.contacts;
      return {
        mark: 'look',
        what: m.finding_shared(),
        count: finding.customers,
        does: m.finding_shared_does({
          count: others,
          shown: number(others),
          contacts: number(finding.contacts),
        }),
        action: m.finding_show(),
        opens: customers({ fate: 'shareEmail' }),
      };
    }
    case 'severalAddresses':
      return {
        mark: 'look',
        what: m.finding_several(),
        count: finding.count,
        does: m.finding_several_does(),
        action: m.finding_show(),
        opens: customers({ severalAddresses: true }),
      };
    case 'leftAlone':
      return {
        mark: 'left',
        what: reasonName(finding.code),
        count: finding.count,
        does: reasonDoes(finding.code),
        action: m.finding_show(),
        opens: customers({ reason: finding.code }),
      };
    case 'notSent':
      return {
        mark: 'left',
        what: reasonName(finding.code),
        count: finding.count,
        does: finding.amount
          ? m.finding_not_sent({
              does: reasonDoes(finding.code),
              amount: money(finding.amount.amount, finding.amount.currency),
            })
          : reasonDoes(finding.code),
        action: m.finding_show(),
        opens: { kind: 'notSent', data: kindsWith(review, finding), reason: finding.code },
      };
    case 'unreadable':
      return {
        mark: 'look',
        what: reasonName('unreadable'),
        count: finding.count,
        does: reasonDoes('unreadable'),
        action: m.finding_show(),
        opens: { kind: 'unreadable' },
      };
  }
}

/** The findings in the order of the dry run: consequences for money first. */
export const findingRows = (review: Review): FindingRow[] =>
  review.findings.map((finding, index) => ({ key: `${index} ${finding.kind}`, ...row(review, finding) }));

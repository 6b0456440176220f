/** Why a record stays out, and what that means for it: one row per code of the wire. */
import type { CodeWord, SkipCode } from '../ipc';
import { m } from './messages';

const words: Record<SkipCode, { name: () => string; does: () => string }> = {
  no_email: { name: m.reason_no_email, does: m.reason_no_email_does },
  invalid_email: { name: m.reason_invalid_email, does: m.reason_invalid_email_does },
  sample_domain: { name: m.reason_sample_domain, does: m.reason_sample_domain_does },
  role_address: { name: m.reason_role_address, does: m.reason_role_address_does },
  project: { name: m.reason_project, does: m.reason_project_does },
  inactive: { name: m.reason_inactive, does: m.reason_inactive_does },
  not_in_audience: { name: m.reason_not_in_audience, does: m.reason_not_in_audience_does },
  owner_left_alone: { name: m.reason_owner_left_alone, does: m.reason_owner_left_alone_does },
  archived: { name: m.reason_archived, does: m.reason_archived_does },
  cleaned: { name: m.reason_cleaned, does: m.reason_cleaned_does },
  refused: { name: m.reason_refused, does: m.reason_refused_does },
  forgotten: { name: m.reason_forgotten, does: m.reason_forgotten_does },
  deleted: { name: m.reason_deleted, does: m.reason_deleted_does },
  address_in_use: { name: m.reason_address_in_use, does: m.reason_address_in_use_does },
  no_customer: { name: m.reason_no_customer, does: m.reason_no_customer_does },
  customer_left_out: { name: m.reason_customer_left_out, does: m.reason_customer_left_out_does },
  foreign_currency: { name: m.reason_foreign_currency, does: m.reason_foreign_currency_does },
  zero_total: { name: m.reason_zero_total, does: m.reason_zero_total_does },
  voided: { name: m.reason_voided, does: m.reason_voided_does },
  negative_total: { name: m.reason_negative_total, does: m.reason_negative_total_does },
  unlinked_credit: { name: m.reason_unlinked_credit, does: m.reason_unlinked_credit_does },
  credit_applied: { name: m.reason_credit_applied, does: m.reason_credit_applied_does },
  kind_off: { name: m.reason_kind_off, does: m.reason_kind_off_does },
  category: { name: m.reason_category, does: m.reason_category_does },
  unreadable: { name: m.reason_unreadable, does: m.reason_unreadable_does },
  contact_closed: { name: m.reason_contact_closed, does: m.reason_contact_closed_does },
};

/** `No email address` */
export const reasonName = (code: SkipCode): string => words[code].name();

/** `Left alone until one is added in QuickBooks` */
export const reasonDoes = (code: SkipCode): string => words[code].does();

/** For files. */
export const reasonWords = (): CodeWord[] =>
  Object.entries(words).map(([code, { name }]) => ({ code, word: name() }));

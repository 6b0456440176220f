/**
 * The one place where a failure gets its words and what can be done about it. A code that has no row
 * here does not compile; nobody looks at the text of an error.
 */
import { serviceName } from '../i18n/words';
import { m } from '../i18n/messages';
import type { Route } from '../state/router.svelte';
import type { ErrorCode, Link, Service, WireError } from './generated';

/** The one thing to do. */
export type ErrorAction =
  | { kind: 'again' }
  | { kind: 'signIn'; service: Service }
  | { kind: 'go'; route: Route; label: () => string }
  | { kind: 'open'; link: Link; label: () => string };

type Named = (service: { service: string }) => string;

export interface ErrorRow {
  /** `quiet`: passes by itself, no colour. `look`: a person has to do something. */
  severity: 'quiet' | 'look';
  title: () => string;
  /** What it means for each side and what to do. */
  meaning: () => string;
  /** Instead of both, where it is known which service it was. */
  by?: { title: Named; meaning: Named };
  action?: ErrorAction;
  /** The service that stands in the way. */
  at?: Service;
}

const again: ErrorAction = { kind: 'again' };
const plans: ErrorAction = { kind: 'open', link: { kind: 'mailchimpPlans' }, label: m.error_action_plans };
const keys: ErrorAction = {
  kind: 'go',
  route: { screen: 'settings', query: { part: 'keys' } },
  label: m.error_action_keys,
};

export const errors: Record<ErrorCode, ErrorRow> = {
  internal: {
    severity: 'look',
    title: m.error_internal_title,
    meaning: m.error_internal_meaning,
    action: again,
  },
  bad_request: { severity: 'look', title: m.error_bad_request_title, meaning: m.error_bad_request_meaning },
  stopped: { severity: 'quiet', title: m.error_stopped_title, meaning: m.error_stopped_meaning },
  busy: { severity: 'quiet', title: m.error_busy_title, meaning: m.error_busy_meaning, action: again },
  offline: {
    severity: 'quiet',
    title: m.error_offline_title,
    meaning: m.error_offline_meaning,
    by: { title: m.error_offline_by_title, meaning: m.error_offline_by_meaning },
    action: again,
  },
  service_down: {
    severity: 'quiet',
    title: m.error_service_down_title,
    meaning: m.error_service_down_meaning,
    by: { title: m.error_service_down_by_title, meaning: m.error_service_down_by_meaning },
    action: again,
  },
  throttled: {
    severity: 'quiet',
    title: m.error_throttled_title,
    meaning: m.error_throttled_meaning,
    by: { title: m.error_throttled_by_title, meaning: m.error_throttled_by_meaning },
    action: again,
  },
  monthly_quota: {
    severity: 'look',
    title: m.error_monthly_quota_title,
    meaning: m.error_monthly_quota_meaning,
    action: keys,
    at: 'quickbooks',
  },
  sign_in_quickbooks: {
    severity: 'look',
    title: m.error_sign_in_quickbooks_title,
    meaning: m.error_sign_in_quickbooks_meaning,
    action: { kind: 'signIn', service: 'quickbooks' },
  },
  sign_in_mailchimp: {
    severity: 'look',
    title: m.error_sign_in_mailchimp_title,
    meaning: m.error_sign_in_mailchimp_meaning,
    action: { kind: 'signIn', service: 'mailchimp' },
  },
  rights_quickbooks: {
    severity: 'look',
    title: m.error_rights_quickbooks_title,
    meaning: m.error_rights_quickbooks_meaning,
    action: { kind: 'signIn', service: 'quickbooks' },
    at: 'quickbooks',
  },
  role_too_low: {
    severity: 'look',
    title: m.error_role_too_low_title,
    meaning: m.error_role_too_low_meaning,
    action: { kind: 'signIn', service: 'mailchimp' },
    at: 'mailchimp',
  },
  no_keys_quickbooks: {
    severity: 'look',
    title: m.error_no_keys_quickbooks_title,
    meaning: m.error_no_keys_quickbooks_meaning,
    action: keys,
  },
  no_keys_mailchimp: {
    severity: 'look',
    title: m.error_no_keys_mailchimp_title,
    meaning: m.error_no_keys_mailchimp_meaning,
    action: keys,
  },
  keys_refused: {
    severity: 'look',
    title: m.error_keys_refused_title,
    meaning: m.error_keys_refused_meaning,
    action: keys,
  },
  pasted_address_unusable: {
    severity: 'look',
    title: m.error_pasted_address_unusable_title,
    meaning: m.error_pasted_address_unusable_meaning,
  },
  sign_in_declined: {
    severity: 'look',
    title: m.error_sign_in_declined_title,
    meaning: m.error_sign_in_declined_meaning,
    action: again,
  },
  sign_in_timed_out: {
    severity: 'look',
    title: m.error_sign_in_timed_out_title,
    meaning: m.error_sign_in_timed_out_meaning,
    action: again,
  },
  port_taken: {
    severity: 'look',
    title: m.error_port_taken_title,
    meaning: m.error_port_taken_meaning,
    action: again,
  },
  api_key_refused: {
    severity: 'look',
    title: m.error_api_key_refused_title,
    meaning: m.error_api_key_refused_meaning,
  },
  company_closed: {
    severity: 'look',
    title: m.error_company_closed_title,
    meaning: m.error_company_closed_meaning,
    action: { kind: 'open', link: { kind: 'quickbooks' }, label: m.error_action_quickbooks },
    at: 'quickbooks',
  },
  quickbooks_refused: {
    severity: 'look',
    title: m.error_quickbooks_refused_title,
    meaning: m.error_quickbooks_refused_meaning,
    action: again,
    at: 'quickbooks',
  },
  mailchimp_refused: {
    severity: 'look',
    title: m.error_mailchimp_refused_title,
    meaning: m.error_mailchimp_refused_meaning,
    action: again,
    at: 'mailchimp',
  },
  mailchimp_limit: {
    severity: 'look',
    title: m.error_mailchimp_limit_title,
    meaning: m.error_mailchimp_limit_meaning,
    action: plans,
    at: 'mailchimp',
  },
  mailchimp_account_closed: {
    severity: 'look',
    title: m.error_mailchimp_account_closed_title,
    meaning: m.error_mailchimp_account_closed_meaning,
    action: { kind: 'open', link: { kind: 'mailchimp' }, label: m.error_action_mailchimp },
    at: 'mailchimp',
  },
  audience_gone: {
    severity: 'look',
    title: m.error_audience_gone_title,
    meaning: m.error_audience_gone_meaning,
    at: 'mailchimp',
  },
  linked_elsewhere: {
    severity: 'look',
    title: m.error_linked_elsewhere_title,
    meaning: m.error_linked_elsewhere_meaning,
    at: 'mailchimp',
  },
  no_more_audiences: {
    severity: 'look',
    title: m.error_no_more_audiences_title,
    meaning: m.error_no_more_audiences_meaning,
    action: plans,
    at: 'mailchimp',
  },
  would_mail: {
    severity: 'look',
    title: m.error_would_mail_title,
    meaning: m.error_would_mail_meaning,
    at: 'mailchimp',
  },
  status_moved: {
    severity: 'look',
    title: m.error_status_moved_title,
    meaning: m.error_status_moved_meaning,
    at: 'mailchimp',
  },
  grounds_missing: {
    severity: 'look',
    title: m.error_grounds_missing_title,
    meaning: m.error_grounds_missing_meaning,
  },
  plan_changed: {
    severity: 'look',
    title: m.error_plan_changed_title,
    meaning: m.error_plan_changed_meaning,
    action: again,
  },
  cannot_undo: { severity: 'look', title: m.error_cannot_undo_title, meaning: m.error_cannot_undo_meaning },
  not_connected: {
    severity: 'look',
    title: m.error_not_connected_title,
    meaning: m.error_not_connected_meaning,
    action: { kind: 'go', route: { screen: 'set-up', step: 'quickbooks' }, label: m.error_action_set_up },
  },
  not_found: {
    severity: 'look',
    title: m.error_not_found_title,
    meaning: m.error_not_found_meaning,
    action: again,
  },
  keychain_unavailable: {
    severity: 'look',
    title: m.error_keychain_unavailable_title,
    meaning: m.error_keychain_unavailable_meaning,
    action: again,
  },
  folder_in_use: {
    severity: 'look',
    title: m.error_folder_in_use_title,
    meaning: m.error_folder_in_use_meaning,
    action: again,
  },
  folder_read_only: {
    severity: 'look',
    title: m.error_folder_read_only_title,
    meaning: m.error_folder_read_only_meaning,
    action: { kind: 'open', link: { kind: 'dataFolder' }, label: m.error_action_folder },
  },
  disk_full: {
    severity: 'look',
    title: m.error_disk_full_title,
    meaning: m.error_disk_full_meaning,
    action: again,
  },
  newer_files: { severity: 'look', title: m.error_newer_files_title, meaning: m.error_newer_files_meaning },
  damaged_file: {
    severity: 'look',
    title: m.error_damaged_file_title,
    meaning: m.error_damaged_file_meaning,
    action: again,
  },
  services_file: {
    severity: 'look',
    title: m.error_services_file_title,
    meaning: m.error_services_file_meaning,
  },
  file_failed: {
    severity: 'look',
    title: m.error_file_failed_title,
    meaning: m.error_file_failed_meaning,
    action: again,
  },
  invalid: { severity: 'look', title: m.error_invalid_title, meaning: m.error_invalid_meaning },
};

type Failure = Pick<WireError, 'code' | 'service'>;

/** Title and meaning of a failure. */
export function failureWords({ code, service }: Failure): { title: string; meaning: string } {
  const { title, meaning, by } = errors[code];
  if (!by || !service) return { title: title(), meaning: meaning() };
  const named = { service: serviceName(service) };
  return { title: by.title(named), meaning: by.meaning(named) };
}

/** Title and meaning of a failure; what the service itself said to the owner comes last. */
export function errorWords(error: Failure & Pick<WireError, 'hint'>): { title: string; meaning: string } {
  const { title, meaning } = failureWords(error);
  return { title, meaning: error.hint ? `${meaning} ${m.error_hint({ hint: error.hint })}` : meaning };
}

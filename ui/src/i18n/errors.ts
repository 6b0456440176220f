/** What each failure is called and what it means for the person: one row per code of the wire. */
import type { ErrorCode, WireError } from '../ipc';
import { m } from '../paraglide/messages.js';

export interface ErrorWords {
  title: string;
  meaning: string;
}

const words: Record<ErrorCode, { title: () => string; meaning: () => string }> = {
  internal: { title: m.error_internal_title, meaning: m.error_internal_meaning },
  bad_request: { title: m.error_bad_request_title, meaning: m.error_bad_request_meaning },
  stopped: { title: m.error_stopped_title, meaning: m.error_stopped_meaning },
  busy: { title: m.error_busy_title, meaning: m.error_busy_meaning },
  offline: { title: m.error_offline_title, meaning: m.error_offline_meaning },
  service_down: { title: m.error_service_down_title, meaning: m.error_service_down_meaning },
  throttled: { title: m.error_throttled_title, meaning: m.error_throttled_meaning },
  monthly_quota: { title: m.error_monthly_quota_title, meaning: m.error_monthly_quota_meaning },
  sign_in_quickbooks: { title: m.error_sign_in_quickbooks_title, meaning: m.error_sign_in_quickbooks_meaning },
  sign_in_mailchimp: { title: m.error_sign_in_mailchimp_title, meaning: m.error_sign_in_mailchimp_meaning },
  rights_quickbooks: { title: m.error_rights_quickbooks_title, meaning: m.error_rights_quickbooks_meaning },
  role_too_low: { title: m.error_role_too_low_title, meaning: m.error_role_too_low_meaning },
  no_keys_quickbooks: { title: m.error_no_keys_quickbooks_title, meaning: m.error_no_keys_quickbooks_meaning },
  no_keys_mailchimp: { title: m.error_no_keys_mailchimp_title, meaning: m.error_no_keys_mailchimp_meaning },
  keys_refused: { title: m.error_keys_refused_title, meaning: m.error_keys_refused_meaning },
  pasted_address_unusable: { title: m.error_pasted_address_unusable_title, meaning: m.error_pasted_address_unusable_meaning },
  sign_in_declined: { title: m.error_sign_in_declined_title, meaning: m.error_sign_in_declined_meaning },
  sign_in_timed_out: { title: m.error_sign_in_timed_out_title, meaning: m.error_sign_in_timed_out_meaning },
  port_taken: { title: m.error_port_taken_title, meaning: m.error_port_taken_meaning },
  api_key_refused: { title: m.error_api_key_refused_title, meaning: m.error_api_key_refused_meaning },
  company_closed: { title: m.error_company_closed_title, meaning: m.error_company_closed_meaning },
  quickbooks_refused: { title: m.error_quickbooks_refused_title, meaning: m.error_quickbooks_refused_meaning },
  mailchimp_refused: { title: m.error_mailchimp_refused_title, meaning: m.error_mailchimp_refused_meaning },
  mailchimp_limit: { title: m.error_mailchimp_limit_title, meaning: m.error_mailchimp_limit_meaning },
  mailchimp_account_closed: { title: m.error_mailchimp_account_closed_title, meaning: m.error_mailchimp_account_closed_meaning },
  audience_gone: { title: m.error_audience_gone_title, meaning: m.error_audience_gone_meaning },
  linked_elsewhere: { title: m.error_linked_elsewhere_title, meaning: m.error_linked_elsewhere_meaning },
  no_more_audiences: { title: m.error_no_more_audiences_title, meaning: m.error_no_more_audiences_meaning },
  would_mail: { title: m.error_would_mail_title, meaning: m.error_would_mail_meaning },
  status_moved: { title: m.error_status_moved_title, meaning: m.error_status_moved_meaning },
  grounds_missing: { title: m.error_grounds_missing_title, meaning: m.error_grounds_missing_meaning },
  plan_changed: { title: m.error_plan_changed_title, meaning: m.error_plan_changed_meaning },
  cannot_undo: { title: m.error_cannot_undo_title, meaning: m.error_cannot_undo_meaning },
  not_connected: { title: m.error_not_connected_title, meaning: m.error_not_connected_meaning },
  not_found: { title: m.error_not_found_title, meaning: m.error_not_found_meaning },
  keychain_unavailable: { title: m.error_keychain_unavailable_title, meaning: m.error_keychain_unavailable_meaning },
  folder_in_use: { title: m.error_folder_in_use_title, meaning: m.error_folder_in_use_meaning },
  folder_read_only: { title: m.error_folder_read_only_title, meaning: m.error_folder_read_only_meaning },
  disk_full: { title: m.error_disk_full_title, meaning: m.error_disk_full_meaning },
  newer_files: { title: m.error_newer_files_title, meaning: m.error_newer_files_meaning },
  damaged_file: { title: m.error_damaged_file_title, meaning: m.error_damaged_file_meaning },
  services_file: { title: m.error_services_file_title, meaning: m.error_services_file_meaning },
  file_failed: { title: m.error_file_failed_title, meaning: m.error_file_failed_meaning },
  invalid: { title: m.error_invalid_title, meaning: m.error_invalid_meaning },
};

/** The words for a failure; what the service itself said to the owner comes last. */
export function errorWords(error: Pick<WireError, 'code' | 'hint'>): ErrorWords {
  const { title, meaning } = words[error.code];
  return {
    title: title(),
    meaning: error.hint ? `${meaning()} ${m.error_hint({ hint: error.hint })}` : meaning(),
  };
}

/** The phases of a run, as a name and as what is being done. */
import type { Phase, PhaseProgress } from '../../ipc';
import { m } from '../../i18n/messages';

export const phaseNames: Record<Phase, () => string> = {
  recover: m.phase_recover,
  readQuickbooks: m.phase_read_quickbooks,
  readMailchimp: m.phase_read_mailchimp,
  plan: m.phase_plan,
  store: m.phase_store,
  records: m.phase_records,
  contacts: m.phase_contacts,
  tags: m.phase_tags,
  orders: m.phase_orders,
  verify: m.phase_verify,
};

export const phaseTitles: Record<Phase, () => string> = {
  recover: m.phase_recover_now,
  readQuickbooks: m.phase_read_quickbooks_now,
  readMailchimp: m.phase_read_mailchimp_now,
  plan: m.phase_plan_now,
  store: m.phase_store_now,
  records: m.phase_records_now,
  contacts: m.phase_contacts_now,
  tags: m.phase_tags_now,
  orders: m.phase_orders_now,
  verify: m.phase_verify_now,
};

/** The store is set up first and goes live last: in between it has begun, and its rest comes later. */
export function phaseState({
  startedAt,
  endedAt,
  done,
  total,
}: PhaseProgress): 'done' | 'begun' | 'now' | 'later' {
  if (endedAt) return total !== null && done < total ? 'begun' : 'done';
  return startedAt ? 'now' : 'later';
}

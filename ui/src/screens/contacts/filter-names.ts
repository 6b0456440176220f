/** The filters that are on, in words. */
import { reasonName } from '../../i18n/reasons';
import { stateName, statusName } from '../../i18n/words';
import { m } from '../../i18n/messages';
import type { ContactsState, Span } from './contacts.svelte';

export const spanNames: Record<Span, () => string> = {
  today: m.contacts_since_today,
  week: m.contacts_since_week,
  month: m.contacts_since_month,
  quarter: m.contacts_since_quarter,
};

export function filterNames(contacts: ContactsState): string[] {
  const { tag, status, reason, state, since, customerType } = contacts.filters;
  const type = contacts.facets?.customerTypes.find((each) => each.id === customerType);
  const named = (label: string, chosen: string | null | undefined) =>
    chosen ? m.filter_chosen({ label, chosen }) : undefined;
  const tabs = {
    all: undefined,
    recentlyUpdated: m.contacts_tab_recent(),
    leftAlone: m.contacts_tab_left(),
  };
  return [
    tabs[contacts.tab],
    named(m.contacts_filter_tag(), tag),
    named(m.contacts_filter_status(), status && statusName(status)),
    named(m.contacts_filter_state(), state && stateName(state)),
    named(m.contacts_filter_reason(), reason && reasonName(reason)),
    named(m.contacts_filter_since(), since && spanNames[since]()),
    named(m.contacts_filter_type(), type?.name),
  ].filter((name) => name !== undefined);
}

/** The fields of a change, in one line. */
import { fieldName, memberStatuses, statusName } from '../i18n/words';
import type { FieldChange, MemberStatus } from '../ipc';

const isStatus = (text: string): text is MemberStatus => memberStatuses.some((status) => status === text);

function value(change: FieldChange, side: 'before' | 'after'): string | undefined {
  const text = change[side] ?? undefined;
  return text !== undefined && change.field === 'status' && isStatus(text) ? statusName(text) : text;
}

/** `17 Elm St, Bath`, or `Name: Ada; Address: 17 Elm St` when there are several. */
export function fieldList(fields: readonly FieldChange[], side: 'before' | 'after'): string {
  const shown = fields
    .map((change) => ({ name: fieldName(change.field), text: value(change, side) }))
    .filter((each) => each.text !== undefined && each.text !== '');
  const only = fields.length === 1 ? shown[0] : undefined;
  return only?.text ?? shown.map((each) => `${each.name}: ${each.text ?? ''}`).join('; ');
}

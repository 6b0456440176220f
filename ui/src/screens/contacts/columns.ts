/** The columns of the list: which are shown, in which order, and how many fit. */
import type { Column } from '../../components/rows';
import type { ContactColumn } from '../../ipc';
import { m } from '../../i18n/messages';

export type ListColumn = ContactColumn;

const heads: Record<ListColumn, { head: () => string; width: number; num?: boolean; sort?: boolean }> = {
  name: { head: m.contacts_column_name, width: 150, sort: true },
  email: { head: m.contacts_column_email, width: 200 },
  state: { head: m.contacts_column_state, width: 130 },
  status: { head: m.contacts_column_status, width: 118 },
  reason: { head: m.contacts_column_reason, width: 180 },
  updated: { head: m.contacts_column_updated, width: 104, num: true, sort: true },
  customerType: { head: m.contacts_column_type, width: 110 },
  tags: { head: m.contacts_column_tags, width: 180 },
  orders: { head: m.contacts_column_orders, width: 76, num: true, sort: true },
  total: { head: m.contacts_column_total, width: 120, num: true, sort: true },
  lastSale: { head: m.contacts_column_last_sale, width: 100, num: true, sort: true },
};

export const listColumns = Object.keys(heads) as ListColumn[];
export const columnHead = (column: ListColumn): string => heads[column].head();

const usual: readonly ListColumn[] = ['name', 'status', 'total', 'updated'];
const known = (name: string): name is ListColumn => listColumns.some((column) => column === name);

/** The columns that the owner chose, in their order; the name is always the first. */
export function chosenColumns(saved: readonly string[]): ListColumn[] {
  const chosen = saved.filter(known);
  const rest = (chosen.length > 0 ? chosen : usual).filter((column) => column !== 'name');
  return ['name', ...new Set(rest)];
}

/** All columns for the chooser: the shown ones in their order, then the others. */
export const offeredColumns = (shown: readonly ListColumn[]): ListColumn[] => [
  ...shown,
  ...listColumns.filter((column) => !shown.includes(column)),
];

/** A column one place up or down; the name stays the first. */
export function moved(shown: readonly ListColumn[], column: ListColumn, by: 1 | -1): ListColumn[] {
  const from = shown.indexOf(column);
  const to = from + by;
  if (from < 1 || to < 1 || to >= shown.length) return [...shown];
  const next = [...shown];
  next.splice(from, 1);
  next.splice(to, 0, column);
  return next;
}

/** The margin column and the room of the scrollbar. */
const MARGIN = 54;

/**
 * The columns that fit. When it is narrow, those that are last in order go first, but the one that
 * the list is sorted by stays: its head says why the rows are in this order.
 */
export function fitting(
  shown: readonly ListColumn[],
  width: number,
  sortedBy: string | undefined,
): ListColumn[] {
  const kept = [...shown];
  const wide = () => kept.reduce((sum, column) => sum + heads[column].width, MARGIN);
  while (kept.length > 1 && wide() > width) {
    const last = kept.findLastIndex((column, index) => index > 0 && column !== sortedBy);
    kept.splice(last > 0 ? last : kept.length - 1, 1);
  }
  return kept;
}

export const asColumns = (columns: readonly ListColumn[]): Column[] =>
  columns.map((id) => {
    const { num, sort, width } = heads[id];
    return {
      id,
      head: columnHead(id),
      ...(num && { num }),
      ...(sort && { sort }),
      ...(id !== 'name' && { pixels: width }),
    };
  });

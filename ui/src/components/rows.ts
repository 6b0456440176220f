/** Moving through the rows of a table with the keys; the table itself is one tab stop. */

/** The row that a key leads to; nothing when the key is none of these. */
export function rowAfter(key: string, at: number, count: number, page: number): number | undefined {
  const last = count - 1;
  if (last < 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'PageDown':
      return Math.min(last, at + page);
    case 'PageUp':
      return Math.max(0, at - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

/** Keys pressed in a control inside of a row belong to that control. */
export const inControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('button, a, input, select, textarea, [role="switch"]') !== null;

export interface Column {
  /** Names it for sorting. */
  id: string;
  head: string;
  /** Numbers stand on the right. */
  num?: boolean;
  /** Can be sorted by. */
  sort?: boolean;
  /** A class that gives the width (`w-20`...), see app.css; without one the rest is shared. */
  width?: string;
  /** Instead of a class: the width in pixels. */
  pixels?: number;
  /** Only read out. */
  hidden?: boolean;
  /** Begins with a line on its left. */
  rule?: boolean;
}

export interface Sort {
  by: string;
  descending: boolean;
}

/** Another column starts upwards; the same one turns round. */
export const nextSort = (sort: Sort | undefined, by: string): Sort => ({
  by,
  descending: sort?.by === by ? !sort.descending : false,
});

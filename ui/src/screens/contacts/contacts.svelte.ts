/** The list of contacts: what is asked for, what is shown, which one is open. */
import {
  call,
  callError,
  type CallError,
  type ContactFacets,
  type ContactOrder,
  type ContactQuery,
  type ContactRow,
  type ContactState,
  type ContactTab,
  type FileFormat,
  type MemberStatus,
  type Saved,
  type SkipCode,
} from '../../ipc';
import type { Sort } from '../../components/rows';
import { contactWords } from '../../i18n/words';
import { PagedRows } from '../../state/paged-rows.svelte';
import { columnHead, type ListColumn } from './columns';

/** Words are looked for so soon after the last key. */
export const SEARCH_DELAY_MS = 80;

/** How far back *changed* goes, in days before today. */
export const spans = { today: 0, week: 7, month: 30, quarter: 90 } as const;
export type Span = keyof typeof spans;

export interface Filters {
  tag: string | null;
  status: MemberStatus | null;
  reason: SkipCode | null;
  state: ContactState | null;
  since: Span | null;
  customerType: string | null;
}

export const noFilters: Filters = {
  tag: null,
  status: null,
  reason: null,
  state: null,
  since: null,
  customerType: null,
};

const orders: readonly string[] = ['name', 'updated', 'total', 'orders', 'lastSale'] satisfies ContactOrder[];
const isOrder = (by: string): by is ContactOrder => orders.includes(by);

const dayOf = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');

/** The first day of a span that ends today. */
export function firstDay(span: Span, now = new Date()): string {
  return dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - spans[span]));
}

export class ContactsState {
  readonly company: string;
  readonly rows = new PagedRows<ContactRow>();
  text = $state('');
  tab = $state<ContactTab>('all');
  filters = $state.raw<Filters>(noFilters);
  sort = $state.raw<Sort>({ by: 'updated', descending: true });
  facets = $state.raw<ContactFacets>();
  /** How many there are without the filters, asked when the filters leave nothing. */
  without = $state.raw<number>();
  problem = $state.raw<CallError>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  filtered = $derived(Object.values(this.filters).some((value) => value !== null));
  failure = $derived(this.problem ?? (this.rows.failure ? callError(this.rows.failure) : undefined));
  empty = $derived(this.rows.total === 0);

  constructor(company: string) {
    this.company = company;
  }

  /** What is asked for, without the page. */
  query(): ContactQuery {
    const { since, ...filters } = this.filters;
    return {
      company: this.company,
      text: this.text.trim(),
      tab: this.tab,
      ...filters,
      changedSince: since && firstDay(since),
      order: isOrder(this.sort.by) ? this.sort.by : 'updated',
      descending: this.sort.descending,
      page: { offset: 0, limit: 0 },
    };
  }

  /** Reads the list anew, from its beginning. */
  async load(): Promise<void> {
    clearTimeout(this.#timer);
    const query = this.query();
    await this.rows.load((offset, limit) => call('list_contacts', { ...query, page: { offset, limit } }));
    this.without = undefined;
    if (this.rows.total !== 0 || !this.filtered) return;
    try {
      const { changedSince: _, ...rest } = query;
      const { since: __, ...none } = noFilters;
      const answer = await call('list_contacts', {
        ...rest,
        ...none,
        changedSince: null,
        tab: 'all',
        page: { offset: 0, limit: 1 },
      });
      this.without = answer.total;
    } catch {
      // Only a hint: the list itself has been read.
    }
  }

  /** Something changed: what is in view is read again and stays until then. */
  async refresh(): Promise<void> {
    await Promise.all([this.rows.reload(), this.readFacets()]);
  }

  async readFacets(): Promise<void> {
    try {
      this.facets = await call('read_contact_facets', { company: this.company });
      this.problem = undefined;
    } catch (reason) {
      this.problem = callError(reason);
    }
  }

  /** Looks for the words as soon as the typing pauses. */
  search(text: string): void {
    if (text === this.text) return;
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), SEARCH_DELAY_MS);
  }

  show(tab: ContactTab): void {
    if (tab === this.tab) return;
    this.tab = tab;
    void this.load();
  }

  filter(change: Partial<Filters>): void {
    this.filters = { ...this.filters, ...change };
    void this.load();
  }

  clear(): void {
    this.filters = noFilters;
    this.tab = 'all';
    void this.load();
  }

  order(sort: Sort): void {
    // Names begin with A; what is counted or dated begins with the most or the latest.
    const turned = this.sort.by === sort.by ? sort.descending : sort.by !== 'name';
    this.sort = { by: sort.by, descending: turned };
    void this.load();
  }

  /** Saves what is shown; nothing when the dialog was closed or it failed. */
  async export(format: FileFormat, columns: readonly ListColumn[]): Promise<Saved | undefined> {
    this.problem = undefined;
    try {
      return await call('save_contacts', {
        query: this.query(),
        columns: [...columns],
        headings: columns.map(columnHead),
        words: contactWords(),
        format,
      });
    } catch (reason) {
      this.problem = callError(reason);
      return undefined;
    }
  }
}

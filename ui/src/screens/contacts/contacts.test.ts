import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useTransport, type CodeWord, type ContactPage, type ContactQuery } from '../../ipc';
import { FakeTransport } from '../../ipc/fake';
import { contact, program } from '../../testing/connected';
import { chosenColumns, fitting, moved } from './columns';
import { ContactsState, firstDay, SEARCH_DELAY_MS } from './contacts.svelte';

let fake: FakeTransport;
const asked = () =>
  fake.asked.filter((each) => each.name === 'list_contacts').map((each) => each.request as ContactQuery);

beforeEach(() => {
  fake = program(100_000);
  useTransport(fake);
});

describe('the list of contacts', () => {
  it('asks only for the pages in view, however long the list is', async () => {
    const contacts = new ContactsState('1');
    await contacts.load();
    contacts.rows.show(50_000, 50_030);
    await vi.waitFor(() => expect(contacts.rows.at(50_010)?.customer).toBe('c50011'));
    expect(contacts.rows.total).toBe(100_000);
    expect(asked().map((query) => query.page.offset)).toEqual([0, 50_000]);
  });

  it('keeps the rows in view while they are read again', async () => {
    const contacts = new ContactsState('1');
    await contacts.load();
    contacts.rows.show(50_000, 50_030);
    await vi.waitFor(() => expect(contacts.rows.at(50_010)).toBeDefined());
    const again = contacts.refresh();
    expect(contacts.rows.at(50_010)).toBeDefined();
    await again;
    expect(contacts.rows.at(50_010)?.customer).toBe('c50011');
    expect(asked().at(-1)?.page.offset).toBe(50_000);
  });

  it('looks for the words once the typing pauses', async () => {
    vi.useFakeTimers();
    const contacts = new ContactsState('1');
    for (const text of ['r', 'ro', 'ros']) contacts.search(text);
    await vi.advanceTimersByTimeAsync(SEARCH_DELAY_MS);
    vi.useRealTimers();
    expect(asked().map((query) => query.text)).toEqual(['ros']);
    expect(SEARCH_DELAY_MS).toBeLessThan(100);
  });

  it('drops the answer to an earlier question', async () => {
    const answers: ((page: ContactPage) => void)[] = [];
    fake.on('list_contacts', () => new Promise<ContactPage>((resolve) => answers.push(resolve)));
    const contacts = new ContactsState('1');
    const first = contacts.load();
    contacts.tab = 'leftAlone';
    const second = contacts.load();
    answers[1]?.({ total: 1, rows: [contact(4)] });
    answers[0]?.({ total: 2, rows: [contact(0), contact(1)] });
    await Promise.all([first, second]);
    expect(contacts.rows.total).toBe(1);
    expect(contacts.rows.at(0)?.name).toBe('Harbor Grill');
  });

  it('says how many there are without the filters that leave nothing', async () => {
    fake.on('list_contacts', (query) => ({ total: query.tag ? 0 : 2, rows: [] }));
    const contacts = new ContactsState('1');
    contacts.filter({ tag: 'Wholesale' });
    await vi.waitFor(() => expect(contacts.without).toBe(2));
  });

  it('exports what is shown, under the headings of the window', async () => {
    const saved = vi.fn(() => ({ path: '/tmp/a.csv', rows: 1 }));
    fake.on('save_contacts', saved);
    const contacts = new ContactsState('1');
    contacts.filters = { ...contacts.filters, status: 'subscribed' };
    await contacts.export('csv', ['name', 'status']);
    expect(saved).toHaveBeenCalledWith(
      expect.objectContaining({
        columns: ['name', 'status'],
        headings: ['Customer', 'Status'],
        words: expect.arrayContaining([{ code: 'subscribed', word: 'Subscribed' }]) as CodeWord[],
        query: expect.objectContaining({ status: 'subscribed' }) as ContactQuery,
      }),
    );
  });

  it('begins names with A and everything else with the most', () => {
    const contacts = new ContactsState('1');
    contacts.order({ by: 'total', descending: false });
    expect(contacts.sort).toEqual({ by: 'total', descending: true });
    contacts.order({ by: 'name', descending: false });
    expect(contacts.sort).toEqual({ by: 'name', descending: false });
  });

  it('counts days back over the end of a month', () => {
    expect(firstDay('week', new Date(2026, 2, 3))).toBe('2026-02-24');
  });
});

describe('the columns', () => {
  it('keep the name first and leave out what is unknown', () => {
    expect(chosenColumns(['total', 'nonsense', 'name', 'status'])).toEqual(['name', 'total', 'status']);
  });
  it('move by one place but never before the name', () => {
    expect(moved(['name', 'status', 'total'], 'total', -1)).toEqual(['name', 'total', 'status']);
    expect(moved(['name', 'status', 'total'], 'status', -1)).toEqual(['name', 'status', 'total']);
  });
  it('give way when it is narrow, the one that sorts last of all', () => {
    expect(fitting(['name', 'status', 'total', 'updated'], 420, 'updated')).toEqual(['name', 'updated']);
    expect(fitting(['name', 'status', 'total', 'updated'], 440, 'updated')).toEqual([
      'name',
      'status',
      'updated',
    ]);
    expect(fitting(['name', 'status', 'total', 'updated'], 900, 'updated')).toHaveLength(4);
  });
});

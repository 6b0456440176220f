import { describe, expect, it } from 'vitest';
import { PagedRows } from './paged-rows.svelte';

const settle = () => new Promise((resume) => setTimeout(resume));
const count = (asked: number[]) => (offset: number, limit: number) => {
  asked.push(offset);
  const rows = Array.from({ length: Math.min(limit, 1_000 - offset) }, (_, index) => offset + index);
  return Promise.resolve({ total: 1_000, rows });
};

describe('paged rows', () => {
  it('ask for the pages in view, each once', async () => {
    const asked: number[] = [];
    const rows = new PagedRows<number>();
    await rows.load(count(asked));
    rows.show(190, 410);
    rows.show(190, 410);
    await settle();
    expect(asked).toEqual([0, 200, 400]);
    expect([rows.at(0), rows.at(199), rows.at(410), rows.at(900)]).toEqual([0, 199, 410, undefined]);
  });
  it('ask for nothing beyond the end', async () => {
    const asked: number[] = [];
    const rows = new PagedRows<number>();
    await rows.load(count(asked));
    rows.show(990, 1_400);
    await settle();
    expect(asked).toEqual([0, 800]);
  });
  it('throw away the answer to an earlier question', async () => {
    const rows = new PagedRows<string>();
    let answer: (page: { total: number; rows: string[] }) => void = () => undefined;
    const slow = rows.load(() => new Promise((resume) => (answer = resume)));
    await rows.load(() => Promise.resolve({ total: 1, rows: ['new'] }));
    answer({ total: 2, rows: ['old', 'old'] });
    await slow;
    expect([rows.total, rows.at(0)]).toEqual([1, 'new']);
  });
  it('keep the rows that are shown when asking fails, and can ask again', async () => {
    const rows = new PagedRows<string>();
    await rows.load(() => Promise.resolve({ total: 1, rows: ['kept'] }));
    let works = false;
    await rows.load(() =>
      works ? Promise.resolve({ total: 1, rows: ['again'] }) : Promise.reject(new Error('offline')),
    );
    expect(rows.at(0)).toBe('kept');
    expect(rows.failure).toBeInstanceOf(Error);
    works = true;
    await rows.reload();
    expect([rows.at(0), rows.failure]).toEqual(['again', undefined]);
  });
  it('hold a bounded number of pages and ask again for those let go', async () => {
    const asked: number[] = [];
    const many = (offset: number, limit: number) => {
      asked.push(offset);
      return Promise.resolve({
        total: 100_000,
        rows: Array.from({ length: limit }, (_, index) => offset + index),
      });
    };
    const rows = new PagedRows<number>();
    await rows.load(many);
    for (let first = 0; first < 40_000; first += 200) {
      rows.show(first, first);
      await settle();
    }
    expect(rows.at(0)).toBeUndefined();
    rows.show(0, 10);
    await settle();
    expect(rows.at(0)).toBe(0);
  });
});

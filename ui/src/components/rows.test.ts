import { describe, expect, it } from 'vitest';
import { nextSort, rowAfter } from './rows';

describe('the row after a key', () => {
  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 0, 0],
    ['PageDown', 7, 9],
    ['PageUp', 7, 2],
    ['Home', 7, 0],
    ['End', 0, 9],
  ])('%s from %d is %d', (key, from, to) => expect(rowAfter(key, from, 10, 5)).toBe(to));
  it('is none for other keys and for an empty table', () => {
    expect(rowAfter('a', 3, 10, 5)).toBeUndefined();
    expect(rowAfter('ArrowDown', 0, 0, 5)).toBeUndefined();
  });
});

describe('sorting', () => {
  it('starts upwards, turns round on the same column, and starts again on another', () => {
    const first = nextSort(undefined, 'name');
    const second = nextSort(first, 'name');
    expect([first, second, nextSort(second, 'total')]).toEqual([
      { by: 'name', descending: false },
      { by: 'name', descending: true },
      { by: 'total', descending: false },
    ]);
  });
});

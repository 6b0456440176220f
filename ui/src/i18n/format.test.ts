import { afterEach, describe, expect, it } from 'vitest';
import * as format from './format';
import { bestLocale, language } from './language.svelte';

// In the zone of whoever runs the tests, so that each day is the reader's own day.
const at = (year: number, month: number, date: number, hour = 9, minute = 42) =>
  new Date(year, month - 1, date, hour, minute);
const now = at(2026, 11, 21, 12, 0);
const spaces = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

afterEach(() => language.choose('en'));

describe('money', () => {
  it('shows each cent of an amount that no float holds', () => {
    expect(format.money('9007199254740993.07', 'USD')).toBe('$9,007,199,254,740,993.07');
  });
  it('has the decimals of its currency', () => {
    expect(format.money('1500', 'JPY')).toBe('¥1,500');
    expect(format.amount('0', 'USD')).toBe('0.00');
  });
  it('follows the language', async () => {
    await language.choose('de');
    expect(spaces(format.money('548.00', 'EUR'))).toBe('548,00 €');
  });
});

describe('a currency in a sentence', () => {
  it('is a word that fits there', async () => {
    expect(format.currencyInSentence('USD')).toBe('US dollars');
    await language.choose('de');
    expect(format.currencyInSentence('USD')).toBe('US-Dollar');
    expect(format.currencyInSentence('')).toBe('');
  });
});

describe('moments in a list', () => {
  it.each([
    ['the time today', at(2026, 11, 21), '9:42 AM'],
    ['the word for yesterday', at(2026, 11, 20), 'Yesterday'],
    ['the day before', at(2026, 11, 19), 'Nov 19'],
    ['the year when it is another one', at(2025, 11, 19), 'Nov 19, 2025'],
  ])('show %s', (_, date, shown) => {
    expect(spaces(format.moment(date.toISOString(), now))).toBe(shown);
  });
  it('use the clock of the language', async () => {
    await language.choose('de');
    expect(format.moment(at(2026, 11, 21, 14).toISOString(), now)).toBe('14:42');
  });
  it('know yesterday across the end of a year', () => {
    expect(format.moment(at(2026, 12, 31).toISOString(), at(2027, 1, 1))).toBe('Yesterday');
  });
});

describe('days and months without a time', () => {
  it('stay what they are in every zone', () => {
    expect(format.day('2026-11-01', now)).toBe('Nov 1');
    expect(format.monthShort('2026-11')).toBe('Nov');
    expect(format.month('2026-02')).toBe('February 2026');
  });
});

describe('durations', () => {
  it.each([
    [0, '0 sec'],
    [48_000, '48 sec'],
    [230_000, '3 min 50 sec'],
    [7_500_000, '2 hr 5 min'],
  ])('%d ms', (milliseconds, shown) => expect(format.duration(milliseconds)).toBe(shown));
  it.each([
    [3_000, '10 seconds'],
    [61_000, '1 minute'],
    [420_000, '7 minutes'],
    [7_200_000, '2 hours'],
  ])('about %d ms', (milliseconds, shown) => expect(format.roughly(milliseconds)).toBe(shown));
});

describe('percent', () => {
  it('says 100% only when all is done', () => {
    expect(format.percent(0.9999)).toBe('99%');
    expect(format.percent(1)).toBe('100%');
  });
});

describe('bytes', () => {
  it.each([
    [0, '0 byte'],
    [999, '999 byte'],
    [4_200_000, '4.2 MB'],
    [7_300_000_000, '7.3 GB'],
  ])('%d', (value, shown) => expect(format.bytes(value)).toBe(shown));
});

describe('the language of the system', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['pt'], 'pt-BR'],
    [['pt-PT', 'en'], 'pt-BR'],
    [['nl', 'fr-CA'], 'fr'],
    [['nl'], 'en'],
    [[], 'en'],
  ])('%j is %s', (wanted, found) => expect(bestLocale(wanted)).toBe(found));
});

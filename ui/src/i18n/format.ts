/**
 * Numbers, money, dates and lists as the chosen language writes them. Counts and money are never
 * rounded. Each function reads the language, so a text that uses one redraws with it.
 */
import type { PostalAddress } from '../ipc';
import { m } from './messages';
import { language } from './language.svelte';

const made = new Map<string, unknown>();

/** One formatter per language and form: making one costs far more than using it. */
function formatter<F>(kind: string, options: object, make: (locale: string) => F): F {
  const key = `${language.current} ${kind} ${JSON.stringify(options)}`;
  let found = made.get(key) as F | undefined;
  if (!found) {
    found = make(language.current);
    made.set(key, found);
  }
  return found;
}

const numbers = (options: Intl.NumberFormatOptions) =>
  formatter('number', options, (locale) => new Intl.NumberFormat(locale, options));
const dates = (options: Intl.DateTimeFormatOptions) =>
  formatter('date', options, (locale) => new Intl.DateTimeFormat(locale, options));

/** `1,284` */
export const number = (value: number): string => numbers({}).format(value);

/** `+12`, `−3` */
export const signed = (value: number): string => numbers({ signDisplay: 'exceptZero' }).format(value);

/** `14%` of a share between 0 and 1; rounds down, so that 100% means all of it. */
export const percent = (share: number): string =>
  numbers({ style: 'percent' }).format(Math.floor(share * 100) / 100);

/** `$548.00` from the decimal text of the wire, to the cent and without going through a float. */
export function money(amount: string, currency: string): string {
  const options: Intl.NumberFormatOptions = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' };
  return numbers(options).format(amount as Intl.StringNumericLiteral);
}

/** `548.00` without the currency, for columns whose head or neighbour names it. */
export function amount(value: string, currency: string): string {
  const digits = numbers({ style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return numbers(options).format(value as Intl.StringNumericLiteral);
}

/** `$40K`, only for the scale of a chart. */
export const moneyScale = (value: number, currency: string): string =>
  numbers({
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    // Said outright: WebKit would take the currency's and write $0.0.
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  }).format(value);

/** `Ada, Ben and Cleo` */
export const list = (items: readonly string[]): string =>
  formatter('list', {}, (locale) => new Intl.ListFormat(locale, { type: 'conjunction' })).format(items);

/** `9:42 AM` */
export const time = (instant: string): string =>
  dates({ hour: 'numeric', minute: '2-digit' }).format(new Date(instant));

/** `10:28:31 AM`, for what happens while one watches. */
export const timeWithSeconds = (instant: string): string =>
  dates({ hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(new Date(instant));

/** Midnight at the start of a calendar day that carries no zone, as the person's own day. */
const dayStart = (day: string): Date => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date);
};

export const isToday = (instant: string, now = new Date()) => sameDay(new Date(instant), now);
const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString();
const before = (now: Date, days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);

function shortDate(date: Date, now: Date): string {
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return dates({ month: 'short', day: 'numeric', ...year }).format(date);
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase(language.current) + text.slice(1);

const relativeDay = (days: number): string =>
  formatter('relative', {}, (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })).format(
    days,
    'day',
  );

/** `Nov 19`, with the year when it is another one; for a day without a time (`2026-11-19`). */
export const day = (date: string, now = new Date()): string => shortDate(dayStart(date), now);

/** `November 2026` from `2026-11`. */
export const month = (value: string): string =>
  dates({ month: 'long', year: 'numeric' }).format(dayStart(`${value}-01`));

/** `Nov` from `2026-11`. */
export const monthShort = (value: string): string =>
  dates({ month: 'short' }).format(dayStart(`${value}-01`));

/** For lists: the time today, `Yesterday`, `Nov 19`, and the year when it is another one. */
export function moment(instant: string, now = new Date()): string {
  const date = new Date(instant);
  if (sameDay(date, now)) return time(instant);
  if (sameDay(date, before(now, 1))) return capital(relativeDay(-1));
  return shortDate(date, now);
}

/** For the heads of days in a list: `Today`, `Yesterday`, `Thursday, Nov 19`. */
export function dayHead(instant: string, now = new Date()): string {
  const date = new Date(instant);
  if (sameDay(date, now)) return capital(relativeDay(0));
  if (sameDay(date, before(now, 1))) return capital(relativeDay(-1));
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return capital(dates({ weekday: 'long', month: 'short', day: 'numeric', ...year }).format(date));
}

/** For sentences: `today at 9:42 AM`, `yesterday at …`, `tomorrow at …`, `Nov 19 at 9:42 AM`. */
export function momentInSentence(instant: string, now = new Date()): string {
  const date = new Date(instant);
  if (sameDay(date, now)) return m.time_day_at({ day: relativeDay(0), time: time(instant) });
  if (sameDay(date, before(now, 1))) return m.time_day_at({ day: relativeDay(-1), time: time(instant) });
  if (sameDay(date, before(now, -1))) return m.time_day_at({ day: relativeDay(1), time: time(instant) });
  return m.time_date_at({ day: shortDate(date, now), time: time(instant) });
}

/** `Nov 19, 2026, 9:42:05 AM`: the whole truth, for titles and details. */
export const exactMoment = (instant: string): string =>
  dates({ dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));

const unit = (value: number, name: string, unitDisplay: 'short' | 'long') =>
  numbers({ style: 'unit', unit: name, unitDisplay }).format(value);

/** `3 min 50 sec`, `2 hr 5 min`: how long something took. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts: [number, string][] =
    seconds >= 3600
      ? [
          [Math.floor(seconds / 3600), 'hour'],
          [Math.floor((seconds % 3600) / 60), 'minute'],
        ]
      : [
          [Math.floor(seconds / 60), 'minute'],
          [seconds % 60, 'second'],
        ];
  const shown = parts.filter(([value]) => value > 0);
  if (shown.length === 0) return unit(0, 'second', 'short');
  return shown.map(([value, name]) => unit(value, name, 'short')).join(' ');
}

/** `7 minutes`: a guess about what is left, in one unit. */
export function roughly(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return unit(Math.max(10, Math.ceil(seconds / 10) * 10), 'second', 'long');
  if (seconds < 5400) return unit(Math.round(seconds / 60), 'minute', 'long');
  return unit(Math.round(seconds / 3600), 'hour', 'long');
}

/** `4.2 MB` */
export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
  const maximumFractionDigits = step === 0 ? 0 : 1;
  const options = { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits } as const;
  return numbers(options).format(value / 1000 ** step);
}

/** `0:42`, `12:05`: a clock that runs. */
export function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${number(Math.floor(seconds / 60))}:${numbers({ minimumIntegerDigits: 2 }).format(seconds % 60)}`;
}

/** `4 minutes ago`, `now`; for what happened a short while ago. */
export function ago(instant: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(instant)) / 1000));
  const made = formatter(
    'relative',
    {},
    (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
  );
  if (seconds < 60) return made.format(0, 'second');
  if (seconds < 3600) return made.format(-Math.round(seconds / 60), 'minute');
  if (seconds < 86400) return made.format(-Math.round(seconds / 3600), 'hour');
  return made.format(-Math.round(seconds / 86400), 'day');
}

/** `US Dollar` of `USD`; what is no code stays as it is. */
export function currencyName(code: string): string {
  if (!/^[A-Z]{3}$/.test(code)) return code;
  return (
    formatter('name', { of: 'currency' }, (locale) => new Intl.DisplayNames(locale, { type: 'currency' })).of(
      code,
    ) ?? code
  );
}

/** `US dollars` of `USD`, for sentences; what is no code stays as it is. */
export function currencyInSentence(code: string): string {
  if (!/^[A-Z]{3}$/.test(code)) return code;
  const parts = numbers({ style: 'currency', currency: code, currencyDisplay: 'name' }).formatToParts(2);
  return parts.find(({ type }) => type === 'currency')?.value ?? code;
}

/** `United States` of `US`; nothing for what is no country. */
export function countryName(code: string): string {
  if (!/^[A-Za-z]{2}$/.test(code)) return code;
  return (
    formatter('name', { of: 'region' }, (locale) => new Intl.DisplayNames(locale, { type: 'region' })).of(
      code.toUpperCase(),
    ) ?? code
  );
}

/** A postal address on one line: `48 Wharf Street, Portland, ME 04101, United States`. */
export function addressLine(address: PostalAddress): string {
  return addressLines(address).join(', ');
}

/** A postal address line by line, as letters have it. */
export function addressLines(address: PostalAddress): string[] {
  const place = [address.city, [address.region, address.postalCode].filter(Boolean).join(' ')];
  return [
    address.line1,
    address.line2,
    place.filter(Boolean).join(', '),
    address.country ? countryName(address.country) : '',
  ].filter((line) => line !== '');
}

/** `NOV 14 2026`: the date in a postmark, where there is room for twelve letters. */
export const postmarkDate = (instant: string): string =>
  dates({ year: 'numeric', month: 'short', day: 'numeric' })
    .format(new Date(instant))
    .replace(/[,.]/g, '')
    .toLocaleUpperCase(language.current);

/** `10:35`, in the middle of a postmark: hours of a 24-hour clock everywhere. */
export const postmarkTime = (instant: string): string =>
  dates({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant));

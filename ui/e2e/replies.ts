/**
 * States that no simulated service can be brought into at will: the built window against replies that
 * a test wrote. They have the types of the wire, so that they cannot drift from it.
 */
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Commands, Home, Message, Month, Work } from '../src/ipc/generated';
import { home, preferences, start } from '../src/testing/start';

export type Replies = { [Name in keyof Commands]?: Commands[Name][1] };

const DIST = join(import.meta.dirname, '..', 'dist');
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Opens the window at an address; what is not in the replies is refused as not found. */
export async function open(
  page: Page,
  hash: string,
  replies: Replies,
  work: Work | null = null,
): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.route('https://ledgerpost.test/**', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/watch') {
      const message: Message = { kind: 'snapshot', work };
      return route.fulfill({ body: `${JSON.stringify(message)}\n`, contentType: 'application/x-ndjson' });
    }
    if (pathname.startsWith('/command/')) {
      const name = pathname.slice('/command/'.length) as keyof Commands;
      if (name in replies) return route.fulfill({ json: replies[name] });
      return route.fulfill({
        status: 422,
        json: { code: 'not_found', message: name, hint: null, retryAfterSeconds: null, service: null },
      });
    }
    if (pathname === '/favicon.ico') return route.fulfill({ status: 204 });
    const path = pathname === '/' ? '/index.html' : pathname;
    return route.fulfill({
      body: readFileSync(join(DIST, path)),
      contentType: TYPES[extname(path)] ?? 'application/octet-stream',
      headers: { 'content-security-policy': POLICY },
    });
  });
  await page.goto('about:blank');
  await page.goto(`https://ledgerpost.test/${hash}`);
}

const usd = (amount: string) => ({ amount, currency: 'USD' });
const sales = [
  '33104.20',
  '20011.75',
  '22140.00',
  '26020.10',
  '28511.90',
  '35002.35',
  '31077.60',
  '29800.15',
  '27310.00',
  '31150.80',
  '35720.45',
  '23348.00',
];
const months: Month[] = sales.map((amount, at) => ({
  month: at === 0 ? '2025-12' : `2026-${String(at).padStart(2, '0')}`,
  inQuickbooks: usd(amount),
  inMailchimp: usd(at === 11 ? '22800.00' : amount),
  explained: at === 11 ? [{ code: 'deleted', count: 2, amount: usd('548.00') }] : [],
  contacts: at < 10 ? null : 1190 + at,
}));

/** Tidewater Ceramics, a week after it was connected. */
export const tidewater: Home = home({
  state: { kind: 'except', contacts: 1 },
  lastSync: { run: 'r7', at: '2026-11-21T14:42:00Z', sent: 12, refused: 0 },
  nextSync: '2026-11-21T15:42:00Z',
  backupAt: '2026-11-21T14:41:00Z',
  attention: [
    {
      kind: 'contactRefused',
      customer: '41',
      name: 'Rosa Delgado',
      code: 'deleted',
      documents: 2,
      amount: usd('548.00'),
    },
    { kind: 'leftAlone', code: 'no_email', count: 62, newThisWeek: 1 },
  ],
  totals: {
    checkedAt: '2026-11-21T14:43:00Z',
    contacts: { quickbooks: 1203, mailchimp: 1202 },
    products: { quickbooks: 148, mailchimp: 148 },
    invoices: {
      quickbooks: 3298,
      quickbooksTotal: usd('611204.15'),
      mailchimp: 3296,
      mailchimpTotal: usd('610656.15'),
      difference: usd('548.00'),
    },
    salesReceipts: {
      quickbooks: 1881,
      quickbooksTotal: usd('131114.25'),
      mailchimp: 1881,
      mailchimpTotal: usd('131114.25'),
      difference: usd('0.00'),
    },
    orders: {
      quickbooks: 5179,
      quickbooksTotal: usd('742318.40'),
      mailchimp: 5177,
      mailchimpTotal: usd('741770.40'),
      difference: usd('548.00'),
    },
    explained: [{ code: 'deleted', count: 2, amount: usd('548.00') }],
    waiting: usd('0.00'),
    unexplained: usd('0.00'),
    leftOut: [],
    books: { count: 5179, total: usd('742318.40') },
  },
  months,
  callsThisMonth: 4120,
});

/** The window on a company that is connected. */
export const connected = (change: Partial<Home> = {}): Replies => ({
  read_start: start(),
  read_home: { ...tidewater, ...change },
  save_preferences: preferences,
});

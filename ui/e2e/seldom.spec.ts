/** What is seldom seen: states that a simulated service gives only by chance, in six languages. */
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { ChangeRow, HeldUp, Language } from '../src/ipc/generated';
import { change, contact, contactDetail, contactPage, now, runs } from '../src/testing/connected';
import { preferences, start } from '../src/testing/start';
import { account, audiences, details, draftAt, progress, work } from '../src/testing/tidewater';
import { axe, fits, languages, sizes } from './checks';
import { connected, open, type Replies } from './replies';

/** Where to save pictures to look at; none are saved without it. */
const PICTURES = process.env.LEDGERPOST_PICTURES;
const [, usual] = sizes;

const heldUp: HeldUp = { why: 'noConnection', service: 'quickbooks', since: now.toISOString() };
const setUp = { read_company_details: details, list_accounts: [account], list_audiences: audiences };
const reading = progress.phases.filter(({ phase }) => phase.startsWith('read'));

/** Mailchimp took the contact without its postal address. */
const incomplete: ChangeRow = {
  ...change(1),
  remark: 'address_refused',
  without: ['address'],
  fields: [
    { field: 'address', before: null, after: '240 Commercial St' },
    { field: 'firstName', before: 'Inge', after: 'Ingrid' },
  ],
};
const dryRun = {
  ...runs[1],
  run: 'planned',
  state: 'planned',
  sent: 0,
  canUndo: false,
  startedAt: now.toISOString(),
  finishedAt: now.toISOString(),
} as (typeof runs)[number];

const states: {
  name: string;
  hash: string;
  /** Drawn last. */
  shown: string;
  words: RegExp;
  replies: Replies;
  work?: ReturnType<typeof work>;
}[] = [
  {
    name: 'the dry run without a connection',
    hash: '#/set-up/review',
    shown: '.held-up',
    words: /^No connection to QuickBooks/,
    replies: { ...setUp, read_start: start({ draft: draftAt('review'), companies: [], current: null }) },
    work: work(1, 'plan', {
      kind: 'running',
      progress: { ...progress, phases: reading, total: null, latest: [], heldUp },
    }),
  },
  {
    name: 'the first sync without a connection',
    hash: '#/set-up/sync',
    shown: '.held-up',
    words: /^No connection to QuickBooks/,
    replies: { ...setUp, read_start: start({ draft: draftAt('sync') }) },
    work: work(1, 'sync', { kind: 'running', progress: { ...progress, heldUp } }),
  },
  {
    name: 'a dry run in Activity',
    hash: '#/activity',
    shown: '.changes tr[aria-rowindex]',
    words: /^Without address/,
    replies: {
      ...connected(),
      list_runs: { total: runs.length + 1, rows: [dryRun, ...runs], since: dryRun.startedAt },
      list_changes: { total: 2, rows: [incomplete, change(4)] },
    },
  },
  {
    name: 'a contact without a field',
    hash: '#/contacts?customer=c2',
    shown: '.hist li',
    words: /Without address/,
    replies: {
      ...connected(),
      list_contacts: contactPage(
        { text: '', page: { offset: 0, limit: 100 } } as Parameters<typeof contactPage>[0],
        11,
      ),
      read_contact_facets: {
        all: 11,
        recentlyUpdated: 4,
        leftAlone: 3,
        tags: [],
        statuses: [],
        reasons: [],
        customerTypes: [],
      },
      read_contact: {
        ...contactDetail('c2'),
        row: contact(1),
        history: [{ run: 'r1', at: now.toISOString(), change: incomplete }],
      },
    },
  },
];

test.beforeEach(async ({ page }) => {
  await page.clock.setFixedTime(now);
});

async function speak(
  page: Page,
  { hash, replies, work: under }: (typeof states)[number],
  language: Language,
) {
  const read_start = { ...(replies.read_start ?? start()), preferences: { ...preferences, language } };
  await open(page, hash, { ...replies, read_start }, under ?? null);
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

for (const state of states) {
  test(`${state.name} is accessible and whole`, async ({ page }) => {
    for (const language of languages) {
      await speak(page, state, language);
      await expect(page.locator(state.shown).first()).toBeVisible();
      if (language === 'en') await expect(page.getByText(state.words).first()).toBeVisible();
      for (const colorScheme of language === 'en' ? (['dark', 'light'] as const) : []) {
        await page.emulateMedia({ colorScheme });
        await axe(page, state.name, colorScheme);
      }
      for (const size of sizes) {
        await page.setViewportSize(size);
        await fits(page, `${state.name} in ${language}, ${size.width} wide`);
        if (PICTURES)
          await page.screenshot({
            path: join(PICTURES, `${state.name.replaceAll(' ', '-')}-${language}-${size.width}.png`),
            animations: 'disabled',
          });
      }
      await page.setViewportSize(usual);
    }
  });
}

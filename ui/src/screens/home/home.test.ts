import { beforeEach, describe, expect, it, vi } from 'vitest';
import { minus } from '../../i18n/decimal';
import { unreadableLink, unreadableName, unreadablePlace, unreadableWhy } from '../../i18n/unreadable';
import {
  useTransport,
  type ConnectionState,
  type ErrorCode,
  type HeldUp,
  type HoldUp,
  type Service,
  type UnreadableRow,
  type Work,
} from '../../ipc';
import { AppState } from '../../state/app.svelte';
import { Router } from '../../state/router.svelte';
import { attention, now, program, tidewater } from '../../testing/connected';
import { HomeState } from './home.svelte';
import { leg } from './leg';
import { growth, salesBars, salesSentence } from './months';
import { attentionWords, stateSentence, stopOf } from './words';

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
  location.hash = '';
});

const stopped = (code: ErrorCode): ConnectionState => ({
  kind: 'stopped',
  error: { code, message: '', hint: null, retryAfterSeconds: null, service: null },
  since: null,
  tries: 1,
});
const retrying = (code: ErrorCode, service: Service | null = null): ConnectionState => ({
  kind: 'retrying',
  error: { code, message: '', hint: null, retryAfterSeconds: null, service },
  since: null,
  tries: 2,
});
const offline = (service: Service | null): ConnectionState => ({ kind: 'offline', service });
const unsent = (changes: number): ConnectionState => ({
  kind: 'unsent',
  changes,
  foundAt: new Date(2026, 10, 21, 9, 50).toISOString(),
});
const title = (state: ConnectionState, work?: Work) => stateSentence(tidewater({ state }), work).title;

describe('the title of Home', () => {
  it.each<[ConnectionState, string]>([
    [{ kind: 'inStep' }, 'Everything is in step'],
    [{ kind: 'except', contacts: 1 }, 'In step, except for one contact'],
    [{ kind: 'except', contacts: 1200 }, 'In step, except for 1,200 contacts'],
    [{ kind: 'differs' }, 'In step, but the totals differ by $548.00'],
    [{ kind: 'syncing' }, 'Syncing'],
    [{ kind: 'paused' }, 'Paused: nothing is sent until you resume'],
    [{ kind: 'waits', changes: 2000 }, '2,000 changes wait for your yes'],
    [unsent(1), 'One change waits to be sent'],
    [unsent(1200), '1,200 changes wait to be sent'],
    [{ kind: 'unfinished' }, 'The last sync is not finished'],
    [offline(null), 'No internet'],
    [offline('mailchimp'), 'Mailchimp was not reached'],
    [retrying('throttled'), 'Ledgerpost was asked to slow down'],
    [retrying('throttled', 'mailchimp'), 'Mailchimp asked Ledgerpost to slow down'],
    [retrying('service_down', 'quickbooks'), 'QuickBooks does not answer'],
    [retrying('company_closed'), 'This QuickBooks company cannot be reached'],
    [stopped('sign_in_quickbooks'), 'QuickBooks asks you to sign in again'],
    [stopped('audience_gone'), 'The audience is no longer in Mailchimp'],
    [{ kind: 'disconnected' }, 'Disconnected'],
  ])('is the state: %o', (state, words) => expect(title(state)).toBe(words));

  it('follows a sync of this company while it runs', () => {
    const progress = { phases: [], done: 3, total: 12, secondsLeft: null, heldUp: null, latest: [] };
    const work: Work = {
      id: 1,
      task: 'sync',
      company: '1',
      byItself: true,
      startedAt: now.toISOString(),
      state: { kind: 'running', progress },
    };
    expect(title({ kind: 'inStep' }, work)).toBe('Syncing: 3 of 12 sent');
    expect(title({ kind: 'inStep' }, { ...work, company: '2' })).toBe('Everything is in step');
  });

  it('says when the last sync was and when the next one is', () => {
    expect(stateSentence(tidewater(), undefined).lead).toBe(
      'Last sync today at 9:42 AM, 12 changes sent. Next at 10:42 AM.',
    );
    expect(stateSentence(tidewater({ state: unsent(12) }), undefined).lead).toBe(
      'Found by the dry run today at 9:50 AM; nothing of it is sent yet. ' +
        'Last sync today at 9:42 AM, 12 changes sent. Next at 10:42 AM.',
    );
  });
});

describe('a try that failed', () => {
  const lead = (state: ConnectionState, nextSync: string | null) =>
    stateSentence(tidewater({ state, nextSync }), undefined).lead;
  const today = new Date(2026, 10, 21, 10, 42).toISOString();
  const tomorrow = new Date(2026, 10, 22, 9, 5).toISOString();

  it('says when it is tried again', () => {
    expect(lead(offline(null), today)).toMatch(/^Next try at 10:42 AM\. /);
    expect(lead(retrying('throttled'), today)).toMatch(/^Next try at 10:42 AM\. The service limits/);
    expect(lead(retrying('company_closed'), today)).toMatch(/ Next try at 10:42 AM\.$/);
    expect(lead(stopped('monthly_quota'), tomorrow)).toMatch(/ Next try tomorrow at 9:05 AM\.$/);
    expect(lead(stopped('audience_gone'), null)).not.toContain('Next try');
  });

  it('asks for the owner where only the owner can help', () => {
    expect(stopOf(retrying('throttled'))).toBeUndefined();
    expect(stopOf(retrying('company_closed'))).toBeDefined();
    expect(stopOf(stopped('mailchimp_limit'))).toBeDefined();
  });
});

describe('the way between the services', () => {
  it.each<[ConnectionState, string, string]>([
    [{ kind: 'inStep' }, 'connected', 'connected'],
    [{ kind: 'paused' }, 'paused', 'paused'],
    [offline(null), 'paused', 'paused'],
    [offline('mailchimp'), 'connected', 'paused'],
    [stopped('mailchimp_account_closed'), 'connected', 'stopped'],
    [stopped('audience_gone'), 'connected', 'stopped'],
    [retrying('company_closed'), 'stopped', 'connected'],
    [retrying('throttled'), 'connected', 'connected'],
    [{ kind: 'disconnected' }, 'stopped', 'stopped'],
  ])('is open only where nothing stands in it: %o', (state, reading, sending) => {
    const home = tidewater({ state });
    expect([leg(home, 'quickbooks'), leg(home, 'mailchimp')]).toEqual([reading, sending]);
  });

  it('is not open to a service that is not reached', () => {
    const home = tidewater({ state: { kind: 'syncing' } });
    const of = (why: HoldUp) => {
      const heldUp: HeldUp = { why, service: 'quickbooks', since: now.toISOString() };
      return [leg(home, 'quickbooks', heldUp), leg(home, 'mailchimp', heldUp)];
    };
    expect(of('noConnection')).toEqual(['paused', 'connected']);
    expect(of('askedForSlower')).toEqual(['connected', 'connected']);
    expect(of('slowAnswer')).toEqual(['connected', 'connected']);
  });
});

describe('what needs attention', () => {
  it('has one action each, that leads to the very list', () => {
    const [rosa, noEmail] = attention.map(attentionWords);
    expect(rosa?.remedy).toEqual({
      kind: 'go',
      route: { screen: 'contacts', query: { customer: 'c4' } },
    });
    expect(noEmail?.remedy).toEqual({
      kind: 'go',
      route: { screen: 'contacts', query: { tab: 'leftAlone', reason: 'no_email' } },
    });
  });
});

describe('records that QuickBooks cannot deliver', () => {
  const document = (number: string) => ({
    id: `inv_${number}`,
    title: `Invoice ${number}`,
    document: { kind: 'invoice' as const, number },
    date: '2026-11-14',
  });
  const row: UnreadableRow = {
    key: 'Invoice #70',
    kind: 'invoice',
    itself: null,
    records: 1,
    before: document('1041'),
    after: document('1043'),
    why: 'refused',
    detail: 'To email address entered is invalid',
    since: now.toISOString(),
  };

  it('are counted on Home with the way to their list', () => {
    const words = attentionWords({ kind: 'unreadable', count: 2 });
    expect(words?.title).toBe('2 records cannot be read from QuickBooks');
    expect(words?.remedy).toEqual({ kind: 'go', route: { screen: 'home', query: { show: 'unreadable' } } });
  });
  it('are found by what was entered around them where QuickBooks does not say which they are', () => {
    expect(unreadableName(row)).toBe('Invoice');
    expect(unreadablePlace(row)).toBe(
      'Entered after Invoice 1041 of Nov 14 and before Invoice 1043 of Nov 14',
    );
    expect(unreadablePlace({ ...row, after: null })).toContain('Invoice 1041 of Nov 14, the last');
    expect(unreadableLink('1', row)).toEqual({
      name: 'Open the one before it in QuickBooks',
      link: { kind: 'quickbooksDocument', company: '1', document: 'inv_1041' },
    });
  });
  it('are opened themselves where it does', () => {
    const known = { ...row, itself: document('1042') };
    expect(unreadableName(known)).toBe('Invoice 1042');
    expect(unreadableLink('1', known).name).toBe('Open Invoice 1042');
    expect(unreadableLink('1', { ...row, kind: 'item' }).name).toBe('Open QuickBooks');
  });
  it('say why in the words of QuickBooks, or in ours where it says nothing', () => {
    expect(unreadableWhy(row)).toBe('QuickBooks says: “To email address entered is invalid”');
    expect(unreadableWhy({ ...row, why: 'malformed', detail: null })).toMatch(/without a usable/);
    expect(unreadableName({ ...row, records: 50 })).toBe('Invoice: 50 records');
  });
});

describe('the months', () => {
  it('name the gap to the cent and where it is', () => {
    const { months } = tidewater();
    expect(salesBars(months).at(-1)?.gap).toBe('$548.00 not in Mailchimp');
    expect(salesSentence(months)).toContain('November 2026 ($548.00 not in Mailchimp)');
  });
  it('count how the contacts grow', () => expect(growth(tidewater())).toEqual({ now: 1205, more: 5 }));
  it('subtract money without floats', () => {
    expect(minus('0.30', '0.10')).toBe('0.20');
    expect(minus('1.00', '10000000000000000.01')).toBe('-9999999999999999.01');
  });
});

describe('Home', () => {
  it('pauses and resumes, and reads the state anew', async () => {
    const fake = program().on('set_paused', () => ({}));
    useTransport(fake);
    const router = new Router();
    const app = new AppState(router);
    const stop = app.open();
    await vi.waitFor(() => expect(app.home).toBeDefined());
    await new HomeState(app, router).setPaused(true);
    expect(fake.asked.filter((each) => each.name === 'read_home')).toHaveLength(2);
    expect(fake.asked.find((each) => each.name === 'set_paused')?.request).toEqual({
      company: '1',
      paused: true,
    });
    stop();
  });
});

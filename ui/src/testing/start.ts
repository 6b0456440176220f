/** A start snapshot for unit tests, with what a test wants different. */
import type { Home, Preferences, Start } from '../ipc';

export const preferences: Preferences = {
  language: 'en',
  theme: 'system',
  minutesInUse: 1,
  minutesInTray: 15,
  notifications: false,
  startAtLogin: false,
  whenClosed: 'quit',
  contactColumns: [],
};

export const start = (change: Partial<Start> = {}): Start => ({
  version: '1.0.0',
  platform: 'linux',
  preferences,
  demo: false,
  companies: [
    { company: '1', name: 'Tidewater Ceramics', audience: 'Tidewater customers', standing: 'connected' },
  ],
  current: '1',
  draft: null,
  quickbooksKeys: 'provided',
  mailchimpKeys: 'provided',
  setAside: [],
  toldAboutTray: false,
  ...change,
});

export const home = (change: Partial<Home> = {}): Home => ({
  company: '1',
  name: 'Tidewater Ceramics',
  audience: 'Tidewater customers',
  audienceContacts: 1296,
  customers: 1293,
  state: { kind: 'inStep' },
  quickbooks: { standing: 'connected', daysLeft: 93 },
  mailchimp: { standing: 'connected', daysLeft: null },
  lastSync: { run: 'r1', at: '2026-11-21T14:42:00Z', sent: 12, refused: 0 },
  nextSync: null,
  backupAt: null,
  attention: [],
  totals: null,
  months: [],
  callsThisMonth: 0,
  callsLimit: 500_000,
  ...change,
});

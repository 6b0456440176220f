/** Tidewater Ceramics, the made-up pottery shop, as the wire would tell of it. Only for tests. */
import type {
  Audience,
  Audiences,
  CompanyDetails,
  ConnectionSettings,
  Draft,
  Home,
  MailchimpAccount,
  Money,
  Progress,
  Review,
  ReviewRow,
  Start,
  Totals,
  Work,
  WorkState,
} from '../ipc';

export const usd = (amount: string): Money => ({ amount, currency: 'USD' });

export const details: CompanyDetails = {
  name: 'Tidewater Ceramics',
  email: 'info@tidewaterceramics.com',
  phone: '+1 207 555 0148',
  website: 'tidewaterceramics.com',
  address: {
    line1: '48 Wharf Street',
    line2: '',
    city: 'Portland',
    region: 'ME',
    postalCode: '04101',
    country: 'US',
  },
  currency: 'USD',
  customers: 1284,
  sendable: 1195,
  customerTypes: [
    { id: '1', name: 'Retail', customers: 904 },
    { id: '2', name: 'Wholesale', customers: 212 },
  ],
  countries: [
    { country: 'US', customers: 1190 },
    { country: 'CA', customers: 41 },
  ],
};

export const account: MailchimpAccount = {
  account: 'a1',
  name: 'Tidewater Ceramics',
  email: 'nora@tidewaterceramics.com',
  dataCentre: 'us14',
  role: 'owner',
  plan: 'monthly',
  contacts: 676,
  connectedAt: '2026-11-22T10:05:00Z',
  problem: null,
};

export const otherAccount: MailchimpAccount = {
  account: 'a2',
  name: 'Casco Bay Makers',
  email: 'market@cascobaymakers.org',
  dataCentre: 'us7',
  role: 'admin',
  plan: 'free',
  contacts: 203,
  connectedAt: '2026-10-02T10:05:00Z',
  problem: null,
};

const audience = (id: string, name: string, counts: [number, number, number], already: number): Audience => ({
  id,
  name,
  counts: {
    subscribed: counts[0],
    unsubscribed: counts[1],
    notSubscribed: counts[2],
    pending: 0,
    cleaned: 0,
    archived: 0,
  },
  alreadyCustomers: already,
  lastChanged: '2026-11-09T12:00:00Z',
  doubleOptin: false,
  gdprFields: false,
  welcomeAutomation: false,
  recommended: null,
  usedBy: null,
  fields: { firstName: true, lastName: true, address: true, phone: false, required: [] },
});

export const customersAudience: Audience = {
  ...audience('l1', 'Tidewater customers', [351, 38, 23], 318),
  recommended: 'mostCustomers',
};

export const audiences: Audiences = {
  audiences: [
    customersAudience,
    audience('l2', 'Wholesale newsletter', [171, 12, 5], 64),
    { ...audience('l3', 'Workshop sign-ups 2023', [58, 11, 7], 9), lastChanged: '2024-03-02T12:00:00Z' },
  ],
  mayCreate: true,
};

export const settings: ConnectionSettings = {
  scope: 'everyCustomer',
  status: 'notSubscribed',
  grounds: '',
  confirmationMails: false,
  rules: [],
  exceptions: [],
  leftAlone: [],
  tag: 'QuickBooks Online',
  includeRoleAddresses: false,
  includeInactive: false,
  includeProjects: false,
  names: true,
  addresses: true,
  phones: true,
  invoices: true,
  salesReceipts: true,
  items: true,
};

export const exceptions: ConnectionSettings['exceptions'] = [
  ['Juniper & Company', 'hello.lena@juniperandco.com', 'subscribed', 'Signed form, Oct 4'],
  ['Pine Street School', 'art@pinestreet.example', 'subscribed', 'Workshop, Sep 12'],
  ['Walter Abara', 'walter.abara@mailhaven.example', 'unsubscribed', 'By phone, Nov 3'],
  ['Casco Bay Co-op', 'orders.desk@cascobaycoop.example', 'subscribed', 'Web form, May 21'],
  [
    'Margarethe Lindenbaum-Østergaard',
    'm.lindenbaum-ostergaard@nordhafen.example',
    'unsubscribed',
    'Letter, Aug 30',
  ],
  ['Ines Duarte', 'ines@duarte.example', 'unsubscribed', 'At the till'],
].map(([name, email, status, grounds], index) => ({
  customer: String(index + 1),
  name: name ?? '',
  email: email ?? null,
  status: status as ConnectionSettings['status'],
  grounds: grounds ?? '',
}));

export const draft = (change: Partial<Draft> = {}): Draft => ({
  step: 'quickbooks',
  company: null,
  account: null,
  audience: null,
  signUp: null,
  settings,
  ...change,
});

/** A set-up that came as far as a step. */
export const draftAt = (step: Draft['step']): Draft =>
  draft({
    step,
    company: { company: 'c1', name: 'Tidewater Ceramics' },
    account: 'a1',
    audience: { kind: 'existing', id: 'l1', name: 'Tidewater customers' },
  });

export const start = (change: Partial<Start> = {}): Start => ({
  version: '1.0.0',
  platform: 'linux',
  preferences: {
    language: 'en',
    theme: 'light',
    minutesInUse: 1,
    minutesInTray: 15,
    notifications: false,
    startAtLogin: false,
    whenClosed: 'quit',
    contactColumns: [],
  },
  demo: false,
  companies: [],
  current: null,
  draft: null,
  quickbooksKeys: 'provided',
  mailchimpKeys: 'provided',
  setAside: [],
  toldAboutTray: true,
  ...change,
});

export const work = (id: number, task: Work['task'], state: WorkState): Work => ({
  id,
  task,
  company: 'c1',
  byItself: false,
  startedAt: '2026-11-22T10:24:00Z',
  state,
});

export const waiting: WorkState = {
  kind: 'waitingForBrowser',
  address: 'https://appcenter.intuit.com/connect/oauth2?client_id=ABk3x9&response_type=code&state=7f2c91',
  until: '2026-11-22T10:34:00Z',
  noBrowser: false,
  pasted: null,
};

const reviewRow = (
  change: Partial<ReviewRow> & Pick<ReviewRow, 'customer' | 'name' | 'email' | 'fate'>,
): ReviewRow => ({
  status: null,
  exception: false,
  reason: null,
  contactName: null,
  fields: [],
  orders: 0,
  total: usd('0.00'),
  ...change,
});

export const reviewRows: ReviewRow[] = [
  reviewRow({
    customer: '1',
    name: 'Adaeze Okonkwo',
    email: 'adaeze@okonkwo-ling.example',
    fate: 'new',
    status: 'notSubscribed',
    orders: 6,
    total: usd('1284.50'),
  }),
  reviewRow({
    customer: '2',
    name: 'Juniper & Company',
    email: 'hello.lena@juniperandco.com',
    fate: 'new',
    status: 'subscribed',
    exception: true,
    orders: 23,
    total: usd('9410.00'),
  }),
  reviewRow({
    customer: '3',
    name: 'Ingrid Solheim',
    email: 'ingrid.solheim@fjordpost.example',
    fate: 'updated',
    status: 'subscribed',
    fields: [{ field: 'address', before: '2 Pier Road, Portland', after: '9 Munjoy Street, Portland' }],
    orders: 11,
    total: usd('2076.25'),
  }),
  reviewRow({
    customer: '4',
    name: 'Théo Marchand',
    email: 'theo@marchand-fils.example',
    fate: 'same',
    orders: 2,
    total: usd('318.00'),
  }),
  reviewRow({
    customer: '5',
    name: 'Mensah Interiors',
    email: 'kofi@mensah.example',
    fate: 'shareEmail',
    contactName: 'Kofi Mensah',
    orders: 4,
    total: usd('3730.00'),
  }),
  reviewRow({
    customer: '6',
    name: 'Harbor Grill',
    email: 'info@harborgrill.example',
    fate: 'leftAlone',
    reason: 'role_address',
  }),
];

export const review: Review = {
  plan: 'p1',
  readAt: '2026-11-22T10:18:00Z',
  customers: { total: 1284, new: 877, updated: 289, same: 29, shareEmail: 13, leftAlone: 76 },
  data: [
    {
      kind: 'names',
      included: true,
      there: 1284,
      sent: 1195,
      notSent: 89,
      reasons: [
        { code: 'no_email', count: 61, amount: null },
        { code: 'role_address', count: 11, amount: null },
        { code: 'invalid_email', count: 4, amount: null },
      ],
      shareEmail: 13,
      incomplete: 0,
    },
    {
      kind: 'addresses',
      included: true,
      there: 1131,
      sent: 1041,
      notSent: 90,
      reasons: [
        { code: 'no_email', count: 55, amount: null },
        { code: 'role_address', count: 11, amount: null },
      ],
      shareEmail: 11,
      incomplete: 13,
    },
    {
      kind: 'invoices',
      included: true,
      there: 3412,
      sent: 3271,
      notSent: 141,
      reasons: [
        { code: 'customer_left_out', count: 120, amount: usd('18230.00') },
        { code: 'zero_total', count: 21, amount: usd('0.00') },
      ],
      shareEmail: 0,
      incomplete: 0,
    },
    {
      kind: 'salesReceipts',
      included: true,
      there: 1906,
      sent: 1868,
      notSent: 38,
      reasons: [{ code: 'customer_left_out', count: 38, amount: usd('1204.00') }],
      shareEmail: 0,
      incomplete: 0,
    },
    {
      kind: 'items',
      included: true,
      there: 148,
      sent: 148,
      notSent: 0,
      reasons: [],
      shareEmail: 0,
      incomplete: 0,
    },
  ],
  findings: [
    { kind: 'sharedAddresses', customers: 22, contacts: 9 },
    { kind: 'severalAddresses', count: 14 },
    { kind: 'leftAlone', code: 'no_email', count: 61 },
    { kind: 'leftAlone', code: 'role_address', count: 11 },
    { kind: 'leftAlone', code: 'invalid_email', count: 4 },
    { kind: 'notSent', code: 'customer_left_out', count: 158, amount: usd('19434.00') },
  ],
  newByStatus: [
    { status: 'notSubscribed', count: 865 },
    { status: 'subscribed', count: 4 },
    { status: 'unsubscribed', count: 8 },
  ],
  examples: reviewRows,
  bill: { before: 676, after: 1553 },
  contacts: 1195,
  changes: 6482,
};

export const progress: Progress = {
  phases: [
    {
      phase: 'readQuickbooks',
      done: 6750,
      total: 6750,
      refused: 0,
      startedAt: '2026-11-22T10:24:00Z',
      endedAt: '2026-11-22T10:24:48Z',
    },
    {
      phase: 'readMailchimp',
      done: 412,
      total: 412,
      refused: 0,
      startedAt: '2026-11-22T10:24:48Z',
      endedAt: '2026-11-22T10:25:00Z',
    },
    {
      phase: 'records',
      done: 148,
      total: 148,
      refused: 0,
      startedAt: '2026-11-22T10:25:00Z',
      endedAt: '2026-11-22T10:25:21Z',
    },
    {
      phase: 'contacts',
      done: 742,
      total: 1195,
      refused: 0,
      startedAt: '2026-11-22T10:25:21Z',
      endedAt: null,
    },
    { phase: 'orders', done: 0, total: 5139, refused: 0, startedAt: null, endedAt: null },
    { phase: 'verify', done: 0, total: null, refused: 0, startedAt: null, endedAt: null },
  ],
  done: 890,
  total: 6482,
  secondsLeft: 420,
  heldUp: { why: 'askedForSlower', service: 'mailchimp', since: '2026-11-22T10:27:00Z' },
  latest: [
    { title: 'Priscilla Vandermeer', document: null, action: 'create_contact', at: '2026-11-22T10:28:31Z' },
    { title: 'Walter Abara', document: null, action: 'create_contact', at: '2026-11-22T10:28:31Z' },
    { title: 'Bartholomew Quince', document: null, action: 'update_contact', at: '2026-11-22T10:28:30Z' },
  ],
};

export const totals: Totals = {
  checkedAt: '2026-11-14T10:35:00Z',
  contacts: { quickbooks: 1195, mailchimp: 1195 },
  products: { quickbooks: 148, mailchimp: 148 },
  invoices: {
    quickbooks: 3271,
    quickbooksTotal: usd('606418.90'),
    mailchimp: 3271,
    mailchimpTotal: usd('606418.90'),
    difference: usd('0.00'),
  },
  salesReceipts: {
    quickbooks: 1868,
    quickbooksTotal: usd('130207.75'),
    mailchimp: 1868,
    mailchimpTotal: usd('130207.75'),
    difference: usd('0.00'),
  },
  orders: {
    quickbooks: 5139,
    quickbooksTotal: usd('736626.65'),
    mailchimp: 5139,
    mailchimpTotal: usd('736626.65'),
    difference: usd('0.00'),
  },
  explained: [],
  waiting: usd('0.00'),
  unexplained: usd('0.00'),
  leftOut: [],
  books: { count: 5139, total: usd('736626.65') },
};

export const home: Home = {
  company: 'c1',
  name: 'Tidewater Ceramics',
  audience: 'Tidewater customers',
  audienceContacts: 1289,
  customers: 1284,
  state: { kind: 'inStep' },
  quickbooks: { standing: 'connected', daysLeft: 100 },
  mailchimp: { standing: 'connected', daysLeft: null },
  lastSync: { run: 'r1', at: '2026-11-14T10:35:00Z', sent: 6482, refused: 0 },
  nextSync: null,
  backupAt: null,
  attention: [],
  totals,
  months: [],
  callsThisMonth: 40,
  callsLimit: 500000,
};

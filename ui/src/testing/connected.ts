/** Tidewater Ceramics as the wire tells of it, for unit tests and screenshots. Never in the product. */
import { FakeTransport } from '../ipc/fake';
import type {
  Attention,
  ChangeRow,
  ContactDetail,
  ContactQuery,
  ContactRow,
  DisconnectPreview,
  DocumentName,
  Home,
  Money,
  RunRow,
  Totals,
  UndoPreview,
} from '../ipc';
import { home, preferences, start } from './start';

/** The moment of the pictures: Saturday, 21 November 2026, 9:50 in the morning, wherever it runs. */
export const now = new Date(2026, 10, 21, 9, 50);
const at = (hour: number, minute: number, daysAgo = 0): string =>
  new Date(2026, 10, 21 - daysAgo, hour, minute).toISOString();
const usd = (amount: string): Money => ({ amount, currency: 'USD' });

export const attention: Attention[] = [
  {
    kind: 'contactRefused',
    customer: 'c4',
    name: 'Rosa Delgado',
    code: 'forgotten',
    documents: 2,
    amount: usd('548.00'),
  },
  { kind: 'leftAlone', code: 'no_email', count: 62, newThisWeek: 1 },
];

export const totals: Totals = {
  checkedAt: at(9, 43),
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
  explained: [{ code: 'forgotten', count: 2, amount: usd('548.00') }],
  waiting: usd('0.00'),
  unexplained: usd('0.00'),
  leftOut: [{ code: 'zero_total', count: 3, amount: usd('0.00') }],
  books: { count: 5182, total: usd('742318.40') },
};

const sales = [32000, 19400, 21300, 25000, 27600, 33900, 30100, 28800, 26400, 30200, 34500, 22600];
const months: Home['months'] = sales.map((amount, index) => {
  const month = new Date(2025, 11 + index, 1);
  const last = index === sales.length - 1;
  return {
    month: `${month.getFullYear()}-${String(month.getMonth() + 1).padStart(2, '0')}`,
    inQuickbooks: usd(`${amount}.00`),
    inMailchimp: usd(`${last ? amount - 548 : amount}.00`),
    explained: last ? totals.explained : [],
    contacts: index < 9 ? null : 1150 + index * 5,
  };
});

export const tidewater = (change: Partial<Home> = {}): Home =>
  home({
    state: { kind: 'except', contacts: 1 },
    lastSync: { run: 'r1', at: at(9, 42), sent: 12, refused: 1 },
    nextSync: at(10, 42),
    backupAt: at(9, 41),
    attention,
    totals,
    months,
    callsThisMonth: 12_204,
    ...change,
  });

const people: [string, string | null, ContactRow['state'], ContactRow['status'], ContactRow['reason']][] = [
  ['Adaeze Okonkwo', 'adaeze@okonkwo-ling.example', 'inStep', 'notSubscribed', null],
  ['Ingrid Solheim', 'ingrid.solheim@fjordpost.example', 'inStep', 'subscribed', null],
  ['Mensah Interiors', 'kofi@mensah.example', 'sharesEmail', 'subscribed', null],
  ['Rosa Delgado', 'rosa.delgado@tidemail.example', 'refused', null, 'forgotten'],
  ['Harbor Grill', 'info@harborgrill.example', 'leftAlone', null, 'role_address'],
  ['Juniper & Company', 'hello.lena@juniperandco.com', 'inStep', 'subscribed', null],
  ['Théo Marchand', 'theo@marchand-fils.example', 'inStep', 'unsubscribed', null],
  ['Wharf Street Dental', null, 'leftAlone', null, 'no_email'],
  [
    'Margarethe Lindenbaum-Østergaard',
    'm.lindenbaum-ostergaard@nordhafen.example',
    'inStep',
    'unsubscribed',
    null,
  ],
  ['Priscilla Vandermeer', 'p.vandermeer@quayside.example', 'inStep', 'notSubscribed', null],
  ['Bartholomew Quince', 'bquince@tidemail.example', 'waiting', 'notSubscribed', null],
];

/** Row `index` of a list of any length: the people of the mockups, over and over. */
export function contact(index: number): ContactRow {
  const [name, email, state, status, reason] = people[index % people.length] as (typeof people)[number];
  return {
    customer: `c${index + 1}`,
    name: index < people.length ? name : `${name} ${index}`,
    email,
    state,
    status,
    reason,
    updatedAt: index < 4 ? at(9, 42) : index < 6 ? at(8, 42) : at(9, 0, Math.min(300, index - 5)),
    customerType: index % 2 === 0 ? 'Wholesale' : 'Retail',
    tags: state === 'inStep' ? ['QuickBooks Online', 'Retail'] : [],
    orders: index % 7,
    total: usd(`${(index % 7) * 164}.00`),
    lastSale: index % 7 === 0 ? null : '2026-11-19',
  };
}

/** Answers like a list of `total` contacts; words are looked for in the names of the first 200. */
export function contactPage(query: ContactQuery, total: number) {
  const found = query.text
    ? Array.from({ length: 200 }, (_, index) => contact(index)).filter((row) =>
        row.name.toLowerCase().includes(query.text.toLowerCase()),
      )
    : undefined;
  const { offset, limit } = query.page;
  const most = found?.length ?? total;
  const length = Math.max(0, Math.min(limit, most - offset));
  return {
    total: most,
    rows: Array.from({ length }, (_, index) => found?.[offset + index] ?? contact(offset + index)),
  };
}

export function contactDetail(customer: string): ContactDetail {
  const row = contact(Number(customer.slice(1)) - 1);
  const shares = row.state === 'sharesEmail';
  const there = row.status !== null;
  const order = { document: 'inv_4498', kind: 'invoice', number: '4498', date: '2026-11-21' } as const;
  return {
    row,
    reasonDetail: null,
    documentsLeftOut: row.state === 'refused' ? 2 : 0,
    documentsLeftOutTotal: row.state === 'refused' ? usd('548.00') : null,
    belongsTo: shares ? { customer: 'c12', name: 'Kofi Mensah' } : null,
    sharedWith: [],
    sides: [
      {
        field: 'name',
        quickbooks: row.name,
        mailchimp: there ? (shares ? 'Kofi Mensah' : row.name) : null,
        differs: shares,
      },
      { field: 'email', quickbooks: row.email, mailchimp: there ? row.email : null, differs: false },
      {
        field: 'address',
        quickbooks: '9 Fore Street, Portland, ME 04101',
        mailchimp: there
          ? shares
            ? '112 Congress St, Portland, ME 04101'
            : '9 Fore Street, Portland, ME 04101'
          : null,
        differs: shares,
      },
    ],
    inMailchimp: there,
    orders: [
      { ...order, total: usd('870.00'), sent: there, reason: there ? null : 'customer_left_out' },
      {
        document: 'sr_2210',
        kind: 'salesReceipt',
        number: '2210',
        date: '2026-10-02',
        total: usd('58.50'),
        sent: there,
        reason: there ? null : 'customer_left_out',
      },
    ],
    history: [
      {
        run: 'r1',
        at: at(9, 42),
        change: { ...change(4), title: 'Invoice 4498', document: invoice('4498') },
      },
      { run: 'r9', at: at(9, 12, 7), change: change(2) },
    ],
    consents: there
      ? [
          {
            at: at(9, 12, 7),
            status: row.status ?? 'notSubscribed',
            grounds: 'Chosen for all new contacts',
            basis: { kind: 'allNew' },
          },
        ]
      : [],
    leftAloneByOwner: false,
    signUpForm: row.reason === 'forgotten' ? 'https://tidewater.example/sign-up' : null,
  };
}

const run = (id: string, startedAt: string, sent: number, more: Partial<RunRow> = {}): RunRow => ({
  run: id,
  kind: 'sync',
  state: 'done',
  startedAt,
  finishedAt: new Date(Date.parse(startedAt) + 38_000).toISOString(),
  sent,
  refused: 0,
  canUndo: sent > 0,
  undoneBy: null,
  failure: null,
  error: null,
  ...more,
});

export const runs: RunRow[] = [
  run('r1', at(9, 42), 12, { refused: 1 }),
  run('r2', at(8, 42), 4),
  run('r3', at(7, 20), 3, { kind: 'undo' }),
  run('r4', at(7, 15), 3, { undoneBy: 'r3', canUndo: false }),
  run('r5', at(18, 42, 1), 9),
  run('r6', at(14, 10, 1), 5, { state: 'stopped' }),
  run('r7', at(13, 31, 1), 31),
  run('r8', at(18, 42, 2), 17),
  run('r9', at(9, 12, 7), 6473),
];

const invoice = (number: string): DocumentName => ({ kind: 'invoice', number });

type Made = Partial<ChangeRow> & Pick<ChangeRow, 'action' | 'title'>;
const made: Made[] = [
  {
    action: 'create_contact',
    title: 'Rosa Delgado',
    outcome: 'refused',
    detail: 'Permanently deleted',
    customer: 'c4',
  },
  {
    action: 'update_contact',
    title: 'Ingrid Solheim',
    reason: 'changed',
    customer: 'c2',
    fields: [{ field: 'address', before: '17 Elm St, Bath', after: '240 Commercial St, Portland' }],
  },
  {
    action: 'create_contact',
    title: 'Adaeze Okonkwo',
    customer: 'c1',
    fields: [{ field: 'status', before: null, after: 'notSubscribed' }],
  },
  {
    action: 'tag_contact',
    title: 'Adaeze Okonkwo',
    customer: 'c1',
    fields: [{ field: 'tag', before: null, after: 'QuickBooks Online' }],
  },
  {
    action: 'create_order',
    title: 'Invoice 4501',
    document: invoice('4501'),
    subtitle: 'Adaeze Okonkwo',
    customer: 'c1',
    moneyAfter: usd('164.00'),
  },
  {
    action: 'update_order',
    title: 'Invoice 4476',
    document: invoice('4476'),
    subtitle: 'Kofi Mensah',
    reason: 'changed',
    customer: 'c3',
    moneyBefore: usd('240.00'),
    moneyAfter: usd('216.00'),
  },
  {
    action: 'remove_order',
    title: 'Invoice 4460',
    document: invoice('4460'),
    subtitle: 'Juniper & Company',
    reason: 'voided',
    customer: 'c6',
    moneyBefore: usd('95.00'),
  },
  { action: 'create_product', title: 'Ash glaze mug', moneyAfter: usd('34.00') },
];

export function change(index: number): ChangeRow {
  return {
    seq: index + 1,
    reason: 'new',
    document: null,
    subtitle: null,
    customer: null,
    fields: [],
    moneyBefore: null,
    moneyAfter: null,
    outcome: 'done',
    detail: null,
    remark: null,
    without: [],
    at: at(9, 42),
    ...(made[index % made.length] as Made),
  };
}

export const disconnectPreview: DisconnectPreview = {
  name: 'Tidewater Ceramics',
  audience: 'Tidewater customers',
  archivedRecords: 6473,
  orders: 5177,
  products: 148,
  contacts: 1202,
  accountStays: false,
};

export const undoPreview: UndoPreview = {
  run: 'r1',
  changes: [
    { action: 'update_contact', count: 2 },
    { action: 'archive_contact', count: 1 },
    { action: 'remove_order', count: 6 },
  ],
  kept: [
    { why: 'said_no', count: 1 },
    { why: 'product', count: 1 },
  ],
  withStore: null,
};

const settings = {
  scope: 'everyCustomer',
  status: 'notSubscribed',
  grounds: '',
  confirmationMails: false,
  rules: [
    { when: { kind: 'customerType', id: '2', name: 'Wholesale' }, status: 'unsubscribed', grounds: '' },
  ],
  exceptions: [
    {
      customer: 'c2',
      name: 'Ingrid Solheim',
      email: 'ingrid.solheim@fjordpost.example',
      status: 'subscribed',
      grounds: 'Signed the list at the fair',
    },
  ],
  leftAlone: ['c5'],
  tag: 'QuickBooks Online',
  includeRoleAddresses: false,
  includeInactive: false,
  includeProjects: false,
  names: true,
  addresses: true,
  phones: false,
  invoices: true,
  salesReceipts: true,
  items: true,
} as const;

/** A program with Tidewater Ceramics connected. */
export const program = (total = 1293): FakeTransport =>
  new FakeTransport()
    .on('read_start', () => start())
    .on('read_home', () => tidewater())
    .on('save_preferences', (wanted) => ({ ...preferences, ...wanted }))
    .on('list_contacts', (query) => contactPage(query, total))
    .on('read_contact_facets', () => ({
      all: total,
      recentlyUpdated: 47,
      leftAlone: 77,
      tags: [
        { tag: 'QuickBooks Online', count: 1202 },
        { tag: 'Retail', count: 410 },
      ],
      statuses: [
        { status: 'notSubscribed', count: 820 },
        { status: 'subscribed', count: 351 },
      ],
      reasons: [
        { code: 'no_email', count: 62 },
        { code: 'role_address', count: 14 },
      ],
      customerTypes: [
        { id: '1', name: 'Retail', customers: 900 },
        { id: '2', name: 'Wholesale', customers: 393 },
      ],
    }))
    .on('read_contact', ({ customer }) => contactDetail(customer))
    .on('leave_alone', () => ({}))
    .on('open_link', () => ({}))
    .on('list_runs', () => ({ total: runs.length, rows: runs, since: at(9, 12, 7) }))
    .on('list_changes', ({ run: id, page }) => {
      const count = (runs.find((each) => each.run === id)?.sent ?? 0) + (id === 'r1' ? 1 : 0);
      const length = Math.max(0, Math.min(page.limit, count - page.offset));
      return { total: count, rows: Array.from({ length }, (_, index) => change(page.offset + index)) };
    })
    .on('preview_disconnect', () => disconnectPreview)
    .on('list_not_sent', ({ data }) => ({
      total: data === 'invoices' ? 2 : 0,
      rows:
        data === 'invoices'
          ? ['4471', '4489'].map((number, index) => ({
              key: `inv_${number}`,
              title: `Invoice ${number}`,
              document: invoice(number),
              customer: 'Rosa Delgado',
              reason: 'forgotten' as const,
              detail: null,
              amount: usd(index === 0 ? '300.00' : '248.00'),
            }))
          : [],
    }))
    .on('read_settings', ({ company }) => ({
      company,
      name: 'Tidewater Ceramics',
      account: 'Tidewater Ceramics LLC',
      audience: 'Tidewater customers',
      settings: {
        ...settings,
        rules: [...settings.rules],
        exceptions: [...settings.exceptions],
        leftAlone: [],
      },
    }))
    .on('list_accounts', () => [
      {
        account: 'a1',
        name: 'Tidewater Ceramics LLC',
        email: 'hello@tidewaterceramics.com',
        dataCentre: 'us14',
        role: 'owner',
        plan: 'monthly',
        contacts: 1560,
        connectedAt: at(9, 0, 7),
        problem: null,
      },
    ])
    .on('read_keys_help', ({ service }) => ({
      source: service === 'quickbooks' ? 'own' : 'provided',
      redirect: 'http://localhost:17865/callback',
    }))
    .on('read_about', () => ({
      version: '1.0.0',
      commit: 'f997c9a',
      system: 'Linux 6.12',
      dataFolder: '/home/lena/.local/share/ledgerpost',
      dataKilobytes: 18_204,
      logFolder: '/home/lena/.local/state/ledgerpost',
      keychain: true,
    }));

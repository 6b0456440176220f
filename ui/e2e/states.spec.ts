/** A connection that is set up: what can stop it, what the settings do, and how it ends. */
import type { Page } from '@playwright/test';
import { press, title, wellMade } from './journey';
import type { Program } from './program';
import { expect, test } from './test';

test.describe.configure({ timeout: 300_000 });
test.use({ scene: { customers: 40, documents: 60, items: 12 } });

/** What Mailchimp answers (`mailchimp.md` 7). */
const problem = (title: string, status: number) => ({
  service: 'mailchimp',
  action: {
    kind: 'status',
    status,
    text: JSON.stringify({ type: '', title, status, detail: '', instance: '' }),
  },
});

/** What QuickBooks answers (`quickbooks-online.md` 9). */
const fault = (code: string, message: string) => ({
  service: 'quick_books',
  action: {
    kind: 'status',
    status: 400,
    text: JSON.stringify({
      Fault: { Error: [{ Message: message, Detail: message, code, element: '' }], type: 'ValidationFault' },
    }),
  },
});

/** Goes Home and asks for a sync, however the last one ended. */
async function sync(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByRole('button', { name: /^(Sync now|Try now)$/ }).click();
}

/** Signs in again where Home asks for it; the simulator says yes by itself. */
async function signInAgain(page: Page, program: Program, button: string): Promise<void> {
  const before = (await program.asked()).opened.length;
  await press(page, button);
  await program.agree(before);
}

test('what stops a connection is said with its remedy, and ends with it', async ({ page, program }) => {
  await program.connect();
  await page.goto('/#/home');
  await title(page, /in step/i);

  await program.edit('quickbooks', { edit: 'disconnect' });
  await sync(page);
  await title(page, 'QuickBooks asks you to sign in again');
  await wellMade(page, program, '17-sign-in-quickbooks');
  await signInAgain(page, program, 'Sign in to QuickBooks');
  await title(page, /in step/i, 60_000);

  await program.edit('mailchimp', { kind: 'revoke' });
  await sync(page);
  await title(page, 'Mailchimp asks you to sign in again');
  await wellMade(page, program, '17-sign-in-mailchimp');
  await signInAgain(page, program, 'Sign in to Mailchimp');
  await title(page, /in step/i, 60_000);

  await program.faults(problem('User Disabled', 403));
  await sync(page);
  await title(page, 'The Mailchimp account is paused or closed');
  await wellMade(page, program, '17-account-closed');
  await press(page, 'Open Mailchimp');
  expect((await program.asked()).opened.at(-1)).toContain('admin.mailchimp.com');
  await program.faults();
  await sync(page);
  await title(page, /in step/i, 60_000);

  await press(page, 'Pause');
  await title(page, 'Paused: nothing is sent until you resume');
  await wellMade(page, program, '09-home-paused');
  await press(page, 'Resume');
  await title(page, /in step/i, 60_000);

  // No `Retry-After`: it is waited for a minute, and the window says for whom.
  await program.faults({
    service: 'quick_books',
    times: 1,
    action: { kind: 'status', status: 429, body: 'xml' },
  });
  await sync(page);
  await expect(page.getByText(/^QuickBooks asked for slower requests/)).toBeVisible();
  await wellMade(page, program, '09-home-slowed');
  await press(page, 'Stop');
  await title(page, /in step/i);
  await sync(page);
  await title(page, /in step/i, 60_000);

  // Nothing answers the first time, and the second time it takes its while.
  const quickbooks = { service: 'quick_books', times: 1 };
  await program.faults(
    { ...quickbooks, action: { kind: 'drop_before' } },
    { ...quickbooks, action: { kind: 'delay', milliseconds: 120_000 } },
  );
  await sync(page);
  const unreached = page.getByText('No connection to QuickBooks. Trying again; nothing is lost.');
  await expect(unreached).toBeVisible();
  await wellMade(page, program, '09-home-no-connection');
  await press(page, 'Stop');
  await title(page, /in step/i);
  await program.online(false);
  await sync(page);
  await expect(page.getByText(/^No connection to (QuickBooks|Mailchimp)\./)).toBeVisible();
  await program.online(true);
  await title(page, /in step/i, 60_000);

  await program.edit('mailchimp', { kind: 'delete_audience' });
  await sync(page);
  await title(page, 'The audience is no longer in Mailchimp');
  await wellMade(page, program, '17-audience-gone');
  await press(page, 'Disconnect');
  const leave = page.getByRole('alertdialog');
  await leave.getByRole('button', { name: /^Disconnect/ }).click();
  await title(page, 'Disconnected', 60_000);
});

test.describe('without the waits', () => {
  test.use({ scene: { customers: 40, documents: 60, items: 12, impatient: true } });

  /** Home says it, well made; once its cause is gone, the next try ends in step. */
  async function passes(
    page: Page,
    program: Program,
    name: string,
    words: string,
    mend: () => Promise<unknown>,
  ) {
    await sync(page);
    await title(page, words);
    await expect(page.getByText(/Next try (at|tomorrow at) /)).toBeVisible();
    await wellMade(page, program, name);
    await mend();
    await sync(page);
    await title(page, /in step/i, 60_000);
  }
  const opened = async (program: Program) => (await program.asked()).opened.at(-1);

  test('what may pass says so, is tried again and ends in step', async ({ page, program }) => {
    await program.edit('quickbooks', { edit: 'subscription', status: 'CANCELLED' });
    await program.connect();
    await page.goto('/#/home');
    await title(page, /in step/i);
    const lapsed = page.getByRole('row', { name: /The QuickBooks subscription has lapsed/ });
    await expect(lapsed).toBeVisible();
    await wellMade(page, program, '09-home-lapsed');
    await lapsed.getByRole('button').click();
    expect(await opened(program)).toContain('qbo.intuit.com');
    await program.edit('quickbooks', { edit: 'subscription', status: 'SUBSCRIBED' });
    await sync(page);
    await expect(lapsed).toBeHidden();
    await title(page, /in step/i);

    await program.online(false);
    await passes(page, program, '17-offline', 'No internet', () => program.online(true));

    await program.faults({ service: 'mailchimp', action: { kind: 'status', status: 429 } });
    await passes(page, program, '17-throttled', 'Mailchimp asked Ledgerpost to slow down', () =>
      program.faults(),
    );

    const spent = { service: 'quick_books', action: { kind: 'status', status: 429, body: 'xml' } };
    await program.faults(spent);
    await passes(
      page,
      program,
      '17-reads-spent',
      'This month’s reads of QuickBooks are used up',
      async () => {
        await press(page, 'Enter app keys');
        await expect(page.getByRole('tab', { name: 'Accounts and keys', selected: true })).toBeVisible();
        await program.faults();
      },
    );

    await program.faults(fault('140', 'Company is locked out'));
    const closed = 'This QuickBooks company cannot be reached';
    await passes(page, program, '17-company-closed', closed, async () => {
      await press(page, 'Open QuickBooks');
      expect(await opened(program)).toContain('qbo.intuit.com');
      await program.faults();
    });

    // This does not pass: it is the owner's to change, and to say when it is changed.
    await program.faults(problem('Payment Required', 403));
    await sync(page);
    await title(page, 'The Mailchimp account is over its limit');
    await wellMade(page, program, '17-over-limit');
    await press(page, 'Look at Mailchimp’s plans');
    expect(await opened(program)).toContain('mailchimp.com/pricing');
    await program.faults();
    await sync(page);
    await title(page, /in step/i, 60_000);
  });
});

test('settings change through a plan that is agreed to, and a company comes back', async ({
  page,
  program,
}) => {
  await program.connect();
  await page.goto('/#/settings');
  await title(page, 'Settings');
  await wellMade(page, program, '19-settings');
  const tag = page.getByRole('textbox', { name: 'Tag' });
  await tag.fill('Customers of the shop');
  await press(page, 'Save and review the changes');
  await title(page, 'Review what waits', 60_000);
  await expect(page.getByRole('grid', { name: 'Customers that change' })).toBeVisible({ timeout: 60_000 });
  await wellMade(page, program, '09-plan');
  await page.getByRole('button', { name: /^Send (one|\d+) change/ }).click();
  await title(page, /in step/i, 60_000);

  for (const part of ['This computer', 'Accounts and keys', 'About']) {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('tab', { name: part }).click();
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await wellMade(page, program, `19-settings-${part.split(' ')[0]}`);
  }

  await page.goto('/#/home');
  await press(page, 'Disconnect');
  const leave = page.getByRole('alertdialog');
  await leave.getByRole('button', { name: 'Keep connected' }).click();
  await expect(page.getByRole('button', { name: 'Disconnect' })).toBeFocused();
  await press(page, 'Disconnect');
  await leave.getByRole('button', { name: /^Disconnect and delete \d+ orders/ }).click();
  await title(page, 'Disconnected', 60_000);
  expect(JSON.stringify(await program.held('mailchimp'))).not.toContain('"orders":[{');
  expect((await program.held('quickbooks')).writes ?? 0).toBe(0);

  let before = (await program.asked()).opened.length;
  await press(page, 'Connect again');
  await title(page, 'Sign in to QuickBooks');
  await press(page, 'Open QuickBooks to sign in');
  await program.agree(before);
  await title(page, /right company\?$/);
  await press(page, 'Next: Mailchimp account');
  await title(page, 'Connect your Mailchimp account');
  before = (await program.asked()).opened.length;
  await press(page, 'Open Mailchimp to sign in');
  await program.agree(before);
  await press(page, 'Next: choose an audience');
  await page.getByRole('radio').first().check();
  await press(page, 'Next: marketing status');
  await title(page, 'May you send them marketing?');
  await press(page, 'Next: review');
  await title(page, 'Review, then connect', 60_000);
  await page.getByRole('button', { name: /^Connect/ }).click();
  await title(page, /^Connected/, 60_000);
});

test('lists say what is not there and why', async ({ page, program }) => {
  await page.goto('/#/home');
  await title(page, 'Home');
  await wellMade(page, program, '18-home-nothing');
  await page.goto('/#/contacts');
  await title(page, 'Home');
  await program.connect();
  await page.goto('/#/contacts?tab=leftAlone');
  await title(page, 'Contacts');
  await page.locator('tr[data-index="0"]').click();
  await expect(page.getByRole('complementary').getByRole('heading', { level: 2 })).toBeVisible();
  await wellMade(page, program, '10b-left-alone');
  await press(page, 'Columns');
  await wellMade(page, program, '10-columns');
  await page.keyboard.press('Escape');
  await press(page, 'Export');
  await wellMade(page, program, '10-export');
  await page.getByRole('radio', { name: 'Excel (XLSX)' }).check();
  await press(page, 'Choose where to save');
  await expect(page.getByText(/^Saved (one row|\d+ rows) in /)).toBeVisible();
  await page.getByPlaceholder('Name or email').fill('nobody is called so');
  await expect(page.getByText('No contact matches “nobody is called so”')).toBeVisible();
  await wellMade(page, program, '18-no-match');
  await page.getByRole('tabpanel').getByRole('button', { name: 'Clear search' }).click();
  await page.goto('/#/home');
  await page.getByRole('tab', { name: 'Contacts' }).click();
  await page.getByText('As a table').click();
  await wellMade(page, program, '09-months');
});

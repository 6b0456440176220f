/** From Welcome to success with the demo company, on the real commands, as its owner does it. */
import { press, signIn, title, wellMade } from './journey';
import { expect, test } from './test';

test.describe.configure({ timeout: 600_000 });

test.describe('set-up', () => {
  test.use({ scene: { askForConsent: true } });

  test('goes from Welcome to success, and every figure is exact', async ({ page, program }) => {
    const check = (name: string) => wellMade(page, program, name);
    const next = (name: string) => press(page, name);
    await page.goto('/');
    await title(page, 'Keep your Mailchimp audience in step with QuickBooks');
    await check('01-welcome');
    await press(page, /^Connect my accounts/);

    await title(page, 'Sign in to QuickBooks');
    await check('02-quickbooks');
    await signIn(page, program, 'Open QuickBooks to sign in');
    await title(page, 'Is Tidewater Ceramics the right company?');
    await expect(page.getByText('1,284', { exact: true })).toBeVisible();
    await check('02-company');
    await next('Next: Mailchimp account');

    await title(page, 'Connect your Mailchimp account');
    await check('03-account');
    await signIn(page, program, 'Open Mailchimp to sign in');
    await expect(page.getByRole('radio', { name: 'Tidewater Ceramics' })).toBeChecked();
    await expect(page.getByText('1,195 customers that can be sent')).toBeVisible();
    await check('03-account-connected');
    await next('Next: choose an audience');

    await title(page, 'Choose the audience for your customers');
    const audience = page.getByRole('radio', { name: 'Tidewater customers' });
    await audience.check();
    await expect(page.getByRole('heading', { name: /Tidewater customers/ })).toBeVisible();
    await check('04-audience');
    await next('Next: marketing status');

    await title(page, 'May you send them marketing?');
    await expect(page.getByRole('radio', { name: /^Not subscribed/ })).toBeChecked();
    await expect(page.getByText('877 not subscribed, 0 subscribed, 0 unsubscribed.')).toBeVisible();
    await check('05-status');
    await next('Next: review');

    await title(page, 'Review, then connect');
    const figures = page.getByRole('main');
    for (const figure of ['877', '289', '29', '13', '76', '1,284', '3,271', '3,412', '1,868', '1,906', '148'])
      await expect(figures.getByText(figure, { exact: true }).first(), figure).toBeVisible();
    await check('06-review');
    await next('Connect and send 1,195 contacts');

    await title(page, 'Connected, and everything adds up', 120_000);
    const totals = page.getByRole('table', { name: 'What was sent, and what Mailchimp now has' });
    await expect(totals.getByRole('row', { name: 'Contacts' })).toContainText('1,195');
    await expect(totals.getByRole('row', { name: 'Orders from invoices' })).toContainText('3,271');
    await expect(totals.getByRole('row', { name: 'Orders from sales receipts' })).toContainText('1,868');
    await expect(totals.locator('tfoot')).toContainText('5,139');
    await check('08-success');
    await next('Go to Home');

    await title(page, 'Everything is in step');
    const orders = page.getByRole('row', { name: /^Orders/ });
    await expect(orders).toContainText('5,139');
    await expect(orders).toContainText('$736,626.65');
    await check('09-home');

    await page.getByRole('link', { name: 'Contacts' }).click();
    await title(page, 'Contacts');
    const count = page.getByRole('status').filter({ hasText: ' of ' });
    await expect(count).toHaveText('1,284 of 1,284');
    await check('10-contacts');
    await page.getByPlaceholder('Name or email').fill('rosa');
    await expect(count).toHaveText('33 of 1,284');
    await page.getByPlaceholder('Name or email').fill('');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    const filters = page.getByRole('dialog', { name: 'More filters' });
    await filters.getByRole('combobox', { name: /^State/ }).click();
    await page.getByRole('option', { name: 'In step' }).click();
    await expect(count).toHaveText('1,195 of 1,284');
    await page.keyboard.press('Escape');
    const rows = page.getByRole('grid', { name: 'Contacts' }).locator('tbody tr[aria-rowindex]');
    const name = await rows.first().locator('b').first().innerText();
    await rows.first().click();
    const detail = page.getByRole('complementary', { name });
    await expect(detail.getByRole('heading', { name: 'History' })).toBeVisible();
    await check('10-contact');
    await detail.getByRole('button', { name: 'Leave alone' }).click();
    await expect(page.getByText(`${name} is left alone from the next sync on`)).toBeVisible();
    await detail.getByRole('button', { name: 'Bring back' }).click();
    await expect(detail.getByRole('button', { name: 'Leave alone' })).toBeVisible();
    const customer = new URLSearchParams((await page.evaluate(() => location.hash)).split('?')[1]).get(
      'customer',
    );

    await page.getByRole('link', { name: 'Activity' }).click();
    await title(page, 'Activity');
    await expect(page.getByText('7,621 changes')).toBeVisible();
    await check('11-activity');
    await press(page, 'Undo this run');
    const undo = page.getByRole('alertdialog');
    await expect(undo).toContainText('877', { timeout: 60_000 });
    await check('11-undo');
    await undo.getByRole('button', { name: 'Keep as it is' }).click();
    await expect(undo).toBeHidden();

    await program.edit('quickbooks', {
      edit: 'update',
      entity: 'Customer',
      id: customer,
      set: { GivenName: 'Aurelia', FamilyName: 'Winterbourne' },
    });
    await page.getByRole('link', { name: 'Home' }).click();
    await press(page, 'Sync now');
    await expect(page.getByText(/^Last sync .*, (one change|\d+ changes) sent\./)).toBeVisible({
      timeout: 60_000,
    });
    await page.getByRole('link', { name: 'Activity' }).click();
    await expect(page.getByRole('grid', { name: 'Changes in this run' })).toContainText('Winterbourne');

    await page.getByRole('link', { name: 'Home' }).click();
    await press(page, 'Disconnect');
    const leave = page.getByRole('alertdialog');
    await expect(leave.getByRole('button', { name: 'Keep connected' })).toBeFocused();
    await expect(leave.getByRole('row', { name: /^Contacts stay/ })).toContainText('1,195');
    await check('12-disconnect');
    await leave.getByRole('button', { name: 'Disconnect and delete 5,139 orders' }).click();
    await title(page, 'Disconnected', 120_000);
    await expect(page.getByRole('heading', { name: 'What was done' })).toBeVisible();
    await expect(page.getByText('5,139', { exact: true })).toBeVisible();
    await check('12-disconnected');
  });
});

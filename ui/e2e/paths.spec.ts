/** Other ways through the set-up than the straight one, each on the real commands. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { opened, press, signIn, title, wellMade } from './journey';
import type { Program } from './program';
import { expect, test } from './test';

test.describe.configure({ timeout: 300_000 });

/** A company that is read and sent within seconds. */
const small = { customers: 40, documents: 60, items: 12 };
/** The key that the simulated Mailchimp takes. */
const API_KEY = '5f1d7a3c9e2b48d6a0c4e8f21b3d5a7c-us14';

/** From Welcome to the account step, past the pages that another journey looks at. */
async function toAccount(page: Page, program: Program): Promise<void> {
  await page.goto('/');
  await press(page, /^Connect my accounts/);
  await title(page, 'Sign in to QuickBooks');
  await signIn(page, program, 'Open QuickBooks to sign in');
  await title(page, /right company\?$/);
  await press(page, 'Next: Mailchimp account');
  await title(page, 'Connect your Mailchimp account');
}

/** On from there to the audiences. */
async function toAudience(page: Page, program: Program): Promise<void> {
  await toAccount(page, program);
  await signIn(page, program, 'Open Mailchimp to sign in');
  await press(page, 'Next: choose an audience');
  await title(page, 'Choose the audience for your customers');
}

/** On from there to the dry run, with the first audience and nobody subscribed. */
async function toReview(page: Page, program: Program): Promise<void> {
  await toAudience(page, program);
  await page.getByRole('radio').first().check();
  await press(page, 'Next: marketing status');
  await title(page, 'May you send them marketing?');
  await press(page, 'Next: review');
  await title(page, 'Review, then connect', 60_000);
}

test.describe('a copy without app keys', () => {
  test.use({ scene: { ...small, withoutKeys: true, askForConsent: true } });

  test('takes the owner’s own for QuickBooks, and an API key for Mailchimp', async ({ page, program }) => {
    const { quickbooksKeys } = await program.places();
    await page.goto('/');
    await press(page, /^Connect my accounts/);
    await title(page, 'Enter your own keys for QuickBooks');
    const save = page.getByRole('button', { name: 'Save and sign in' });
    await expect(save).toHaveAttribute('aria-disabled', 'true');
    await page.getByRole('textbox', { name: /^Redirect page/ }).fill('http://localhost');
    await page.getByRole('textbox', { name: 'Client ID' }).focus();
    await expect(page.getByText('An address that begins with https://')).toBeVisible();
    await wellMade(page, program, '02-keys-production');
    await page.getByRole('radio', { name: /^Development keys/ }).check();
    await page.getByRole('textbox', { name: 'Client ID' }).fill(quickbooksKeys?.clientId ?? '');
    await page.getByLabel('Client secret').fill(quickbooksKeys?.clientSecret ?? '');
    await wellMade(page, program, '02-keys-development');
    await signIn(page, program, 'Save and sign in');
    await title(page, /right company\?$/);
    await press(page, 'Next: Mailchimp account');

    await title(page, 'Connect your Mailchimp account');
    const key = page.getByRole('textbox', { name: 'API key' });
    await key.fill('0123456789abcdef0123456789abcdef-us14');
    await press(page, 'Check key');
    await expect(page.getByText('It may be incomplete or switched off.')).toBeVisible();
    await wellMade(page, program, '03-key-refused');
    await key.fill(API_KEY);
    await press(page, 'Check key');
    await expect(page.getByText(/^The key works\. It belongs to/)).toBeVisible();
    await page.getByRole('radio', { name: /^Sign in with the browser/ }).check();
    await press(page, 'Enter keys');
    await title(page, 'Enter your own keys for Mailchimp');
    await wellMade(page, program, '03-keys-mailchimp');
    await press(page, 'Back');
    await press(page, 'Next: choose an audience');
    await title(page, 'Choose the audience for your customers');
  });
});

test.describe('the sign-in', () => {
  test.use({ scene: { ...small, askForConsent: true } });

  test('is cancelled, declined, and helped along by pasting', async ({ page, program }) => {
    await page.goto('/');
    await press(page, /^Connect my accounts/);
    let before = (await program.asked()).opened.length;
    await press(page, 'Open QuickBooks to sign in');
    await title(page, 'Sign in to QuickBooks in your browser');
    await page.getByText('The browser ended on an error page').click();
    await page.getByRole('textbox', { name: /^Copy the address/ }).fill('https://example.com/?code=1');
    await press(page, 'Use this address');
    await expect(page.getByText('Copy the whole address from the browser’s address bar')).toBeVisible();
    await wellMade(page, program, '02-waiting');
    await press(page, 'Cancel sign-in');
    await title(page, 'Sign in to QuickBooks');

    await press(page, 'Open QuickBooks to sign in');
    const declined = await opened(page, program, before + 1);
    await declined.getByRole('button', { name: 'Cancel' }).click();
    await declined.close();
    await expect(page.getByRole('alert')).toBeVisible();
    await wellMade(page, program, '02-declined');

    // The way back from the browser is blocked: the owner copies the address it ended on.
    before = (await program.asked()).opened.length;
    await press(page, 'Try again');
    const tab = await opened(page, program, before);
    const asked = await tab
      .locator('form')
      .evaluate((form: HTMLFormElement) => Object.fromEntries(new FormData(form)) as Record<string, string>);
    const answer = await tab.request.post(tab.url().split('?', 1)[0] ?? '', {
      form: { ...asked, answer: 'connect' },
      maxRedirects: 0,
    });
    const address = answer.headers()['location'] ?? '';
    await tab.close();
    await page.getByText('The browser ended on an error page').click();
    await page.getByRole('textbox', { name: /^Copy the address/ }).fill(address);
    await press(page, 'Use this address');
    await title(page, /right company\?$/);
  });
});

test.describe('an owner without a Mailchimp account', () => {
  test.use({ scene: { ...small, askForConsent: true } });

  test('prepares the answers, signs up beside a checklist, and connects', async ({ page, program }) => {
    await toAccount(page, program);
    await page.getByRole('tab', { name: 'Create an account' }).click();
    const next = page.getByRole('button', { name: 'Next: go to Mailchimp' });
    const email = page.getByRole('textbox', { name: /^Email/ });
    await page.getByRole('textbox', { name: 'Your name' }).fill('Robin Ellery');
    await email.fill('billing@kilnandcup.com');
    await page.getByRole('textbox', { name: 'User name' }).focus();
    await expect(page.getByText('Mailchimp refuses role addresses such as billing@')).toBeVisible();
    await expect(next).toHaveAttribute('aria-disabled', 'true');
    await expect(page.getByText('from QuickBooks').first()).toBeVisible();
    await wellMade(page, program, '03b-create');
    await press(page, 'Use robin@kilnandcup.com');
    await expect(email).toHaveValue('robin@kilnandcup.com');
    await expect(page.getByRole('textbox', { name: 'User name' })).toHaveValue('robin@kilnandcup.com');
    for (const [name, answer] of [
      ['Street and number', '4 Wharf Lane'],
      ['City', 'Portland'],
    ] as const) {
      const field = page.getByRole('textbox', { name });
      if ((await field.inputValue()) === '') await field.fill(answer);
    }
    await next.click();

    await title(page, 'Finish signing up at Mailchimp');
    expect((await program.asked()).opened.at(-1)).toContain('mailchimp.com');
    await page.getByRole('checkbox').first().check();
    await page.getByText('It hasn’t come').click();
    await wellMade(page, program, '03c-checklist');
    // Closing in the middle keeps what was ticked.
    await program.restart();
    await page.goto('/');
    await title(page, 'Finish signing up at Mailchimp');
    await expect(page.getByRole('checkbox').first()).toBeChecked();
    for (const tick of await page.getByRole('checkbox').all()) await tick.check();
    await signIn(page, program, /^Next/);
    await press(page, 'Next: choose an audience');
    await title(page, 'Choose the audience for your customers');
  });
});

test.describe('consent', () => {
  test.use({ scene: { ...small, askForConsent: true } });

  test('is confirmed with its grounds, with rules, exceptions and a new audience', async ({
    page,
    program,
  }) => {
    await toAudience(page, program);
    await page.getByRole('radio', { name: 'Create a new audience' }).check();
    const name = page.getByRole('textbox', { name: 'Audience name' });
    await name.fill('');
    await page.getByRole('textbox', { name: 'Sender name' }).focus();
    await expect(page.getByText('Mailchimp asks for this.').first()).toBeVisible();
    await wellMade(page, program, '04b-audience-create');
    await name.fill('Shop customers');
    await page.getByRole('textbox', { name: 'Sender email' }).fill('robin@kilnandcup.com');
    await page.getByRole('textbox', { name: 'Sender name' }).focus();
    await press(page, 'Next: marketing status');

    await title(page, 'May you send them marketing?');
    const next = page.getByRole('button', { name: 'Next: review' });
    await page.getByRole('radio', { name: /^Subscribed/ }).check();
    await expect(page.getByText('Tick that they agreed first')).toBeVisible();
    await expect(next).toHaveAttribute('aria-disabled', 'true');
    await page.getByRole('checkbox', { name: /^These people agreed/ }).check();
    await expect(page.getByText('Write down how you know first.')).toBeVisible();
    await page.getByRole('textbox', { name: /^How do you know/ }).fill('Ticked the box at the till');

    await press(page, 'Add a customer');
    const search = page.getByRole('combobox', { name: 'Customer' });
    await search.pressSequentially('a');
    await page.getByRole('option').first().click();
    const customer = await search.inputValue();
    await press(page, 'Add');
    await expect(page.getByRole('row', { name: new RegExp(customer) })).toBeVisible();
    const { dataFolder } = await program.places();
    const file = join(dataFolder, 'exceptions.csv');
    await writeFile(file, 'email,status,grounds\nnobody@nowhere.example,unsubscribed,\n,,\n');
    await program.answerOpenDialog(file);
    await press(page, 'From a CSV file');
    await expect(page.getByText('nobody@nowhere.example')).toBeVisible();

    await press(page, 'Add a rule');
    await page.getByRole('combobox', { name: /^Which customers/ }).click();
    await page.getByRole('option', { name: 'Last sale since' }).click();
    await wellMade(page, program, '05-status-full');
    await press(page, 'Cancel');
    await expect(next).not.toHaveAttribute('aria-disabled');
    await next.click();

    await title(page, 'Review, then connect', 60_000);
    await wellMade(page, program, '06-review-small');
    await page.getByRole('button', { name: /^See (the|all)/ }).click();
    await title(page, 'All customers of the dry run');
    await page.locator('tr[data-index="0"]').click();
    await wellMade(page, program, '06-customers');
    await page.keyboard.press('Escape');
    await press(page, 'Back to the review');
    await page.getByRole('button', { name: /not sent: Full name/ }).click();
    await wellMade(page, program, '06-reasons');
    await press(page, 'Back to the review');
    // The plan has no room for the new contacts: what was sent stays, and the rest follows once it has.
    await program.faults({
      service: 'mailchimp',
      method: 'POST',
      path: '/lists/[^/]+$',
      action: {
        kind: 'status',
        status: 403,
        text: JSON.stringify({ type: '', title: 'Payment Required', status: 403, detail: '', instance: '' }),
      },
    });
    await page.getByRole('button', { name: /^Connect and send/ }).click();
    await expect(page.getByText('The Mailchimp account is over its limit')).toBeVisible({ timeout: 60_000 });
    await wellMade(page, program, '07-over-limit');
    await program.faults();
    await press(page, 'Carry on');
    await title(page, /^Connected/, 60_000);
    const held = JSON.stringify(await program.held('mailchimp'));
    expect(held).toContain('Shop customers');
  });
});

test.describe('between the dry run and the yes', () => {
  test.use({ scene: { ...small, askForConsent: true } });

  test('a change is shown before it is agreed to', async ({ page, program }) => {
    await toReview(page, program);
    for (let one = 1; one <= 40; one += 1) {
      const record = {
        DisplayName: `Late ${one}`,
        PrimaryEmailAddr: { Address: `late${one}@harbormail.test` },
      };
      await program.edit('quickbooks', { edit: 'create', entity: 'Customer', record });
    }
    await page.getByRole('button', { name: /^Connect and send/ }).click();
    await expect(page.getByText('Something changed since the dry run')).toBeVisible({ timeout: 60_000 });
    await title(page, 'Review, then connect', 60_000);
    await wellMade(page, program, '06-changed');
    await page.getByRole('button', { name: /^Connect and send/ }).click();
    await title(page, /^Connected/, 60_000);
  });

  test('closing at any step loses nothing', async ({ page, program }) => {
    const comeBack = async () => {
      await program.restart();
      await page.goto('about:blank');
      await page.goto('/');
    };
    await toAccount(page, program);
    await comeBack();
    await title(page, 'Connect your Mailchimp account');
    await signIn(page, program, 'Open Mailchimp to sign in');
    await press(page, 'Next: choose an audience');
    await title(page, 'Choose the audience for your customers');
    await page.getByRole('radio').first().check();
    await comeBack();
    await title(page, 'Choose the audience for your customers');
    await expect(page.getByRole('radio').first()).toBeChecked();
    await press(page, 'Next: marketing status');
    await page.getByRole('radio', { name: /^Unsubscribed/ }).check();
    await comeBack();
    await title(page, 'May you send them marketing?');
    await expect(page.getByRole('radio', { name: /^Unsubscribed/ })).toBeChecked();
    await press(page, 'Next: review');
    await title(page, 'Review, then connect', 60_000);
    await comeBack();
    await title(page, 'Review, then connect');
    // Leaving keeps it too; discarding asks first.
    await press(page, 'Save and leave set-up');
    await title(page, 'Keep your Mailchimp audience in step with QuickBooks');
    await wellMade(page, program, '01-welcome-draft');
    await press(page, /^Discard this set-up/);
    const ask = page.getByRole('alertdialog');
    await expect(ask.getByRole('button', { name: 'Keep it' })).toBeFocused();
    await wellMade(page, program, '01-welcome-discard');
    await ask.getByRole('button', { name: 'Discard set-up' }).click();
    await expect(page.getByRole('button', { name: /^Go on with/ })).toBeHidden();
    await press(page, /^Connect my accounts/);
    await title(page, 'Sign in to QuickBooks');
  });
});

test.describe('the first sync', () => {
  test.use({ scene: { ...small, customers: 120, documents: 300, askForConsent: true, latencyMs: 250 } });

  test('pauses, goes on, stops, is closed and carries on', async ({ page, program }) => {
    await toReview(page, program);
    await page.getByRole('button', { name: /^Connect and send/ }).click();
    await press(page, 'Pause');
    await title(page, 'Paused');
    await wellMade(page, program, '07-paused');
    await press(page, 'Resume');
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Just sent' })).toBeVisible({ timeout: 60_000 });
    await press(page, 'Stop the sync');
    await title(page, /^Stopped after/);
    await wellMade(page, program, '07-stopped');
    await program.restart();
    await page.goto('about:blank');
    await page.goto('/');
    // The schedule carries on by itself, unless the owner is quicker.
    await title(page, /^(The last sync is not finished|Syncing|Everything is in step|In step)/);
    const carryOn = page.getByRole('button', { name: 'Carry on' });
    if (await carryOn.isVisible()) await carryOn.click();
    await title(page, /in step/i, 120_000);
  });
});

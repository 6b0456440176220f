/** Records that QuickBooks cannot deliver: named in the dry run and on Home, until they can be read. */
import { press, title, wellMade } from './journey';
import { expect, test } from './test';

test.describe.configure({ timeout: 300_000 });
// One invoice of a generated company cannot be delivered.
test.use({ scene: { customers: 40, documents: 60, items: 12 } });

test('what QuickBooks cannot deliver is named, found and gone once it is mended', async ({
  page,
  program,
}) => {
  await program.connect();
  await page.goto('/#/home');
  await title(page, /in step/i);
  const item = page.getByRole('row', { name: /One record cannot be read from QuickBooks/ });
  await item.getByRole('button', { name: /^Show the list/ }).click();
  await title(page, 'Records that QuickBooks cannot deliver');
  const row = page.getByRole('row', { name: /^Look Invoice/ });
  await expect(row).toContainText(/Entered after Invoice \d+ of .+ and before Invoice \d+ of /);
  await expect(row).toContainText('To email address entered is invalid');
  await wellMade(page, program, '09-unreadable');
  await row.getByRole('button', { name: 'Open the one before it in QuickBooks' }).click();
  expect((await program.asked()).opened.at(-1)).toContain('qbo.intuit.com/app/invoice?txnId=');

  await page.goto('/#/home?show=difference');
  await press(page, 'Show the list');
  await title(page, 'Records that QuickBooks cannot deliver');

  await program.edit('quickbooks', { edit: 'poison', id: await broken(program), poisoned: false });
  await press(page, 'Sync now');
  await expect(page.getByText('Everything in QuickBooks can be read')).toBeVisible({ timeout: 60_000 });
});

test('the dry run names what QuickBooks cannot deliver', async ({ page, program }) => {
  await program.plan();
  await page.goto('/#/set-up/review');
  await title(page, 'Review, then connect');
  await press(page, 'Show: Cannot be read from QuickBooks');
  await title(page, 'Records that QuickBooks cannot deliver');
  await expect(page.getByRole('row', { name: /^Look Invoice/ })).toBeVisible();
  await wellMade(page, program, '06-unreadable');
  await press(page, /^Back/);
  await title(page, 'Review, then connect');
});

/** The id of the invoice with an address that is none. */
async function broken(program: import('./program').Program): Promise<string> {
  const { companies } = (await program.held('quickbooks')) as unknown as {
    companies: { entities: { Invoice: { Id: string; BillEmail?: { Address: string } }[] } }[];
  };
  const found = companies[0]?.entities.Invoice.find(
    ({ BillEmail }) => BillEmail && !BillEmail.Address.includes('@'),
  );
  if (!found) throw new Error('every invoice can be delivered');
  return found.Id;
}

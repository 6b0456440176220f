import { describe, expect, it } from 'vitest';
import { bench } from '../testing/setup';
import { account, draft, draftAt, exceptions, otherAccount, settings } from '../testing/tidewater';

describe('the set-up', () => {
  it('shows a change at once and saves changes in their order', async () => {
    const { setup, wire } = bench(draftAt('audience'));
    const saves = [setup.save({ account: 'a2' }), setup.save({ audience: null })];
    expect(setup.draft).toMatchObject({ account: 'a2', audience: null });
    await Promise.all(saves);
    const saved = wire.asked.filter((each) => each.name === 'save_draft').map((each) => each.request);
    expect(saved).toMatchObject([{ account: 'a2' }, { account: 'a2', audience: null }]);
    expect(setup.draft).toMatchObject({ account: 'a2', audience: null });
  });

  it('keeps saving after a save that failed', async () => {
    const { setup, wire } = bench(draftAt('audience'));
    let failing = true;
    wire.on('save_draft', (saved) => {
      if (failing)
        throw { code: 'disk_full', message: '', hint: null, retryAfterSeconds: null, service: null };
      return saved;
    });
    await expect(setup.save({ account: 'a2' })).rejects.toMatchObject({ code: 'disk_full' });
    failing = false;
    await setup.save({ audience: null });
    expect(setup.draft).toMatchObject({ account: 'a2', audience: null });
  });

  it('keeps the furthest step when an earlier one goes on', async () => {
    const { setup, router } = bench(draftAt('review'));
    setup.goBack('audience');
    await setup.reach('status');
    expect(setup.draft?.step).toBe('review');
    expect(router.route).toEqual({ screen: 'set-up', step: 'status' });
  });

  it('leads to the step that was reached instead of one that cannot be open yet', async () => {
    const { setup, router } = bench(draftAt('audience'));
    await setup.enter('review');
    expect(router.route).toEqual({ screen: 'set-up', step: 'audience' });
  });

  it('comes no further than the first answer that is missing', async () => {
    const { setup, router } = bench({ ...draftAt('review'), audience: null });
    await setup.enter('review');
    expect(router.route).toEqual({ screen: 'set-up', step: 'audience' });
  });

  it('leads to Welcome when there is no set-up', async () => {
    const { setup, router } = bench(null);
    router.go({ screen: 'set-up', step: 'status' });
    await setup.enter('status');
    expect(router.route).toEqual({ screen: 'welcome' });
  });

  it('forgets what was chosen for another company, and keeps the account', async () => {
    const { setup } = bench({ ...draftAt('review'), settings: { ...settings, exceptions } });
    await setup.chooseCompany({ company: 'c2', name: 'Casco Bay Makers' });
    expect(setup.draft).toMatchObject({
      company: { company: 'c2' },
      account: 'a1',
      step: 'quickbooks',
      settings: { exceptions: [] },
    });
  });

  it('forgets the audience of another account', async () => {
    const { setup } = bench(draftAt('review'));
    await setup.chooseAccount(otherAccount.account);
    expect(setup.draft).toMatchObject({ account: 'a2', audience: null, step: 'account' });
  });

  it('says in the rail what was chosen', async () => {
    const { setup } = bench({ ...draftAt('status'), settings: { ...settings, exceptions } });
    await setup.readAccounts();
    expect(setup.notes).toEqual({
      quickbooks: 'Tidewater Ceramics',
      account: `${account.name}, us14`,
      audience: 'Tidewater customers',
      status: 'Not subscribed, 6 exceptions',
    });
  });

  it('asks for a new dry run once something that matters changed', async () => {
    const { setup } = bench(draftAt('review'));
    await setup.reach('review');
    expect(setup.reviewStale).toBe(false);
    await setup.save({ settings: { ...settings, tag: 'Shop' } });
    expect(setup.reviewStale).toBe(true);
  });

  it('begins where the program says', async () => {
    const { setup, router, wire } = bench(null);
    wire.on('begin_setup', () => draft());
    await setup.begin();
    expect(router.route).toEqual({ screen: 'set-up', step: 'quickbooks' });
  });
});

import { describe, expect, it } from 'vitest';
import { bench } from '../../testing/setup';
import { account, draft, work } from '../../testing/tidewater';
import { AccountStep } from './account.svelte';
import { planScale, smallestPlan } from './plans';
import { personalAddress } from './sign-up.svelte';

const company = { company: 'c1', name: 'Tidewater Ceramics' };
const opened = async (change: Parameters<typeof draft>[0] = {}) => {
  const made = bench(draft({ step: 'account', company, ...change }));
  const step = new AccountStep(made.app, made.setup);
  await step.open();
  return { ...made, step };
};

describe('the Mailchimp account', () => {
  it('takes the account of a key and forgets the key', async () => {
    const { step, setup, wire } = await opened();
    wire.on('connect_api_key', () => account);
    step.key = ' abc-us14 ';
    await step.checkKey();
    expect(wire.asked.find((each) => each.name === 'connect_api_key')?.request).toEqual({ key: 'abc-us14' });
    expect(step.key).toBe('');
    expect(setup.draft?.account).toBe('a1');
    expect(step.canGoOn).toBe(true);
  });

  it('keeps a key that is refused, to correct it', async () => {
    const { step, wire } = await opened();
    wire.on('connect_api_key', () => {
      throw { code: 'api_key_refused', message: '', hint: null, retryAfterSeconds: null, service: null };
    });
    step.key = 'abc';
    await step.checkKey();
    expect(step.key).toBe('abc');
    expect(step.keyProblem?.code).toBe('api_key_refused');
  });

  it('does not go on with a role that is too low', async () => {
    const { step, setup, wire } = await opened({ account: 'a1' });
    wire.on('list_accounts', () => [{ ...account, role: 'viewer' }]);
    await setup.readAccounts();
    expect(step.canGoOn).toBe(false);
  });

  it('takes the account of a sign-in, once', async () => {
    const { step, setup, tell, wire, times } = await opened();
    wire.on('start_mailchimp_sign_in', () => ({}));
    await step.signIn.begin();
    tell(work(7, 'signInMailchimp', { kind: 'done', outcome: { kind: 'account', account } }));
    await step.settle();
    const asked = times('list_accounts');
    await step.settle();
    expect(setup.draft?.account).toBe('a1');
    expect(times('list_accounts')).toBe(asked);
  });

  it('begins the sign-in when the reading that is in the way is over', async () => {
    const { step, tell, wire, times } = await opened();
    wire.on('start_mailchimp_sign_in', () => ({}));
    tell(work(3, 'readCompany', { kind: 'finishingSignIn' }));
    await step.signIn.begin();
    expect(times('start_mailchimp_sign_in')).toBe(0);
    tell(work(3, 'readCompany', { kind: 'done', outcome: { kind: 'read' } }));
    step.signIn.continue();
    expect(times('start_mailchimp_sign_in')).toBe(1);
  });
});

describe('the sign-up', () => {
  it('fills in what QuickBooks knows, and refuses its role address', async () => {
    const { step } = await opened();
    expect(step.signUp.answers).toMatchObject({
      email: 'info@tidewaterceramics.com',
      userName: 'info@tidewaterceramics.com',
      businessName: 'Tidewater Ceramics',
      address: { city: 'Portland' },
    });
    expect(step.signUp.refused).toBe(true);
    // The address, and the name that QuickBooks does not know.
    expect(step.signUp.open).toBe(2);
  });

  it('offers an address of the person and takes it with one click', async () => {
    const { step, setup } = await opened();
    step.signUp.answers.profileName = 'Nora Whitfield';
    expect(step.signUp.better).toBe('nora@tidewaterceramics.com');
    await step.signUp.useBetter();
    expect(step.signUp.open).toBe(0);
    expect(setup.draft?.signUp).toMatchObject({
      email: 'nora@tidewaterceramics.com',
      userName: 'nora@tidewaterceramics.com',
    });
  });

  it('keeps a user name that was changed', async () => {
    const { step } = await opened();
    step.signUp.answers.userName = 'tidewater';
    step.signUp.answers.email = 'nora@tidewaterceramics.com';
    await step.signUp.leaveEmail();
    expect(step.signUp.answers.userName).toBe('tidewater');
  });

  it('opens at the checklist again after a restart', async () => {
    const first = await opened();
    first.wire.on('open_link', () => ({}));
    await first.step.signUp.goToMailchimp();
    await first.step.signUp.tick('form', true);
    const again = await opened({ signUp: first.setup.draft?.signUp ?? null });
    expect(again.step).toMatchObject({ tab: 'create', checklist: true });
    expect(again.step.signUp.stepsLeft).toBe(4);
  });

  it('makes an address only of a name and a domain', () => {
    expect(personalAddress('info@a.example', 'José Núñez')).toBe('jose@a.example');
    expect(personalAddress('info@a.example', ' ')).toBeUndefined();
    expect(personalAddress('info', 'Nora')).toBeUndefined();
  });
});

describe('the plan sizes', () => {
  it('finds the smallest that fits', () => {
    expect([250, 251, 1_195, 1_000_000].map(smallestPlan)).toEqual([250, 500, 1_500, undefined]);
  });

  it('draws the sizes around a number without crowding', () => {
    const { marks, you } = planScale(1_195);
    expect(marks.map((mark) => mark.size)).toEqual([250, 500, 1_500, 2_500]);
    expect(you).toBeCloseTo(0.478);
    for (const contacts of [1, 240, 900, 9_000, 48_000, 900_000]) {
      const scale = planScale(contacts);
      const places = scale.marks.map((mark) => mark.at);
      expect(scale.you).toBeLessThanOrEqual(1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });
});

import { describe, expect, it } from 'vitest';
import { bench } from '../../testing/setup';
import { draftAt, exceptions, settings } from '../../testing/tidewater';
import { StatusStep } from './status.svelte';

const opened = async (change: Partial<typeof settings> = {}) => {
  const made = bench({ ...draftAt('status'), settings: { ...settings, ...change } });
  const step = new StatusStep(made.app, made.setup);
  await step.open();
  return { ...made, step };
};

describe('the marketing status', () => {
  it('counts with the settings as saved', async () => {
    const { step, times } = await opened();
    expect(step.forecast?.newContacts).toBe(877);
    await step.choose('unsubscribed');
    expect(times('forecast_status')).toBe(2);
    expect(step.settings?.status).toBe('unsubscribed');
  });

  it('subscribes nobody without a yes and its grounds', async () => {
    const { step, setup } = await opened();
    await step.choose('subscribed');
    expect(step.blocked).toBe('agree');
    await step.agree(true);
    expect(step.blocked).toBe('grounds');
    step.grounds = 'Newsletter box at the till';
    await step.keepGrounds();
    expect(step.blocked).toBeUndefined();
    expect(setup.draft?.settings.grounds).toBe('Newsletter box at the till');
    await step.choose('notSubscribed');
    expect(setup.draft?.settings.grounds).toBe('');
  });

  it('needs the grounds of rules and exceptions that subscribe', async () => {
    const { step } = await opened();
    await step.addRule({ kind: 'country', country: 'US' }, 'subscribed');
    expect(step.blocked).toBe('groundsOfRule');
    await step.changeRule(0, { grounds: 'Asked at the fair' });
    expect(step.blocked).toBeUndefined();
    await step.addException({ customer: '1', name: 'Ada', email: null, status: 'subscribed', grounds: ' ' });
    expect(step.blocked).toBe('groundsOfException');
    await step.change({ scope: 'onlyExisting' });
    expect(step.blocked).toBeUndefined();
  });

  it('moves a rule, since the first that fits wins', async () => {
    const { step } = await opened();
    await step.addRule({ kind: 'country', country: 'US' }, 'unsubscribed');
    await step.addRule({ kind: 'country', country: 'CA' }, 'notSubscribed');
    await step.moveRule(1, -1);
    expect(step.settings?.rules.map((rule) => rule.status)).toEqual(['notSubscribed', 'unsubscribed']);
  });

  it('has one exception for a customer, and gives a removed one back', async () => {
    const { step } = await opened({ exceptions });
    const first = exceptions[0];
    if (!first) throw new Error('the fixture has exceptions');
    await step.addException({ ...first, status: 'unsubscribed' });
    expect(step.settings?.exceptions).toHaveLength(exceptions.length);
    const undo = await step.removeException(first.customer);
    expect(step.settings?.exceptions).toHaveLength(exceptions.length - 1);
    await undo();
    expect(step.settings?.exceptions[0]?.status).toBe('unsubscribed');
  });

  it('adds the rows of a file and keeps those that failed to show', async () => {
    const { step, wire } = await opened({ exceptions });
    wire.on('read_exceptions', () => ({
      exceptions: [
        { customer: '1', name: 'Juniper & Company', email: null, status: 'unsubscribed', grounds: '' },
      ],
      failed: [{ line: 3, text: 'x,y', problem: 'unknownCustomer' }],
      file: 'consent.csv',
    }));
    await step.readFile();
    expect(step.settings?.exceptions).toHaveLength(exceptions.length);
    expect(step.settings?.exceptions[0]?.status).toBe('unsubscribed');
    expect(step.fileResult).toMatchObject({ added: 1, failed: [{ line: 3 }] });
  });

  it('changes nothing when the owner closes the file dialog', async () => {
    const { step, wire } = await opened({ exceptions });
    wire.on('read_exceptions', () => ({ exceptions: [], failed: [], file: null }));
    await step.readFile();
    expect(step.fileResult).toBeUndefined();
  });
});

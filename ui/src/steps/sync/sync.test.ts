import { describe, expect, it } from 'vitest';
import { bench } from '../../testing/setup';
import { draftAt, home, progress, settings, totals, usd, work } from '../../testing/tidewater';
import { SyncStep } from './sync.svelte';

const made = () => {
  const tools = bench(draftAt('sync'));
  tools.wire
    .on('read_home', () => home)
    .on('read_settings', () => ({ company: 'c1', name: '', account: '', audience: '', settings }))
    .on('read_contact_facets', () => ({
      all: 1284,
      recentlyUpdated: 0,
      leftAlone: 76,
      tags: [],
      statuses: [],
      reasons: [],
      customerTypes: [],
    }));
  return { ...tools, step: new SyncStep(tools.app, tools.setup) };
};

describe('the first sync', () => {
  it('keeps the last progress when it stops', () => {
    const { step, tell } = made();
    tell(work(1, 'sync', { kind: 'running', progress }));
    step.remember();
    tell(work(1, 'sync', { kind: 'stopped' }));
    expect(step.view).toBe('stopped');
    expect(step.progress?.done).toBe(890);
  });

  it('reads how it ended, once', async () => {
    const { step, tell, times } = made();
    tell(work(1, 'sync', { kind: 'done', outcome: { kind: 'synced', run: 'r1', sent: 6482, refused: 0 } }));
    await step.settle();
    await step.settle();
    expect(times('read_home')).toBe(1);
    expect(step.view).toBe('done');
    expect(step.agrees).toBe(true);
  });

  it('waits for the sync that the yes began instead of calling it stopped', async () => {
    const { step, setup, tell, times } = made();
    setup.sending = true;
    await step.settle();
    expect(step.view).toBe('beginning');
    expect(times('read_home')).toBe(0);
    tell(work(1, 'sync', { kind: 'running', progress }));
    step.remember();
    expect(step.view).toBe('running');
    expect(setup.sending).toBe(false);
  });

  it('does not agree when a cent or a record is missing', async () => {
    const { step, wire } = made();
    for (const change of [
      { orders: { ...totals.orders, difference: usd('0.01') } },
      { contacts: { quickbooks: 1195, mailchimp: 1194 } },
    ]) {
      wire.on('read_home', () => ({ ...home, totals: { ...totals, ...change } }));
      await step.read();
      expect(step.agrees).toBe(false);
    }
  });

  it('goes on showing how it ended when the schedule begins the next sync', async () => {
    const { step, tell } = made();
    tell(work(1, 'sync', { kind: 'done', outcome: { kind: 'synced', run: 'r1', sent: 6482, refused: 0 } }));
    step.remember();
    await step.settle();
    tell({ ...work(2, 'sync', { kind: 'running', progress }), byItself: true });
    step.remember();
    expect(step.view).toBe('done');
    expect(step.work?.id).toBe(1);
  });

  it('shows a first sync that carries on by itself after a restart', async () => {
    const { step, wire, tell } = made();
    wire.on('read_home', () => ({ ...home, state: { kind: 'unfinished' } }));
    await step.settle();
    tell({ ...work(2, 'sync', { kind: 'running', progress }), byItself: true });
    expect(step.view).toBe('running');
  });

  it('goes back to the review when the services are not as the owner agreed to', async () => {
    const { step, setup, app, router, wire, tell } = made();
    const { start } = app;
    if (!start) throw new Error('the bench has a start');
    wire.on('read_start', () => start);
    setup.agreedTo = '2026-11-22T10:20:00Z';
    const error = {
      code: 'plan_changed',
      message: '',
      hint: null,
      retryAfterSeconds: null,
      service: null,
    } as const;
    tell(work(1, 'sync', { kind: 'failed', error }));
    await step.refresh();
    expect(router.route).toEqual({ screen: 'set-up', step: 'review' });
    expect(setup.changedSince).toBe('2026-11-22T10:20:00Z');
    expect(setup.reviewStale).toBe(true);
  });

  it('names the contacts that Mailchimp refused when the counts differ', async () => {
    const { step, wire } = made();
    await step.read();
    expect(step.refused).toBeUndefined();
    const attention = [
      { kind: 'leftAlone', code: 'no_email', count: 62, newThisWeek: 1 },
      { kind: 'contactRefused', customer: '41', name: 'Rosa', code: 'forgotten', documents: 0, amount: null },
    ] as const;
    wire.on('read_home', () => ({ ...home, attention: [...attention] }));
    await step.read();
    expect(step.refused?.attention).toEqual([attention[1]]);
  });

  it('is no success when the plan has grown beyond the yes', () => {
    const { step, tell } = made();
    tell(work(1, 'sync', { kind: 'done', outcome: { kind: 'needsYes', changes: 386 } }));
    step.remember();
    expect(step.asksAgain).toBe(true);
    expect(step.view).toBe('beginning');
  });

  it('is not over when it was cut off, whatever the reason', async () => {
    const { step, wire } = made();
    wire.on('read_home', () => ({ ...home, state: { kind: 'offline', service: null }, totals: null }));
    await step.settle();
    expect(step.view).toBe('stopped');
    wire.on('read_home', () => ({ ...home, state: { kind: 'offline', service: null } }));
    await step.read();
    expect(step.view).toBe('done');
  });

  it('offers to carry on after a restart in the middle', async () => {
    const { step, wire } = made();
    wire.on('read_home', () => ({ ...home, state: { kind: 'unfinished' } }));
    await step.settle();
    expect(step.view).toBe('stopped');
    wire.on('start_sync', () => ({}));
    await step.carryOn();
    expect(wire.asked.at(-1)).toEqual({
      name: 'start_sync',
      request: { company: 'c1', approvedPlan: null },
    });
  });
});

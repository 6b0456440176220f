import { describe, expect, it } from 'vitest';
import { bench } from '../../testing/setup';
import { draftAt, review, reviewRows, settings, work } from '../../testing/tidewater';
import { findingRows } from './findings';
import { ReviewStep } from './review.svelte';
import { happens } from './words';

const made = () => {
  const tools = bench(draftAt('review'));
  tools.wire.on('start_plan', () => ({})).on('connect', () => ({}));
  const step = new ReviewStep(tools.app, tools.setup, tools.router);
  return { ...tools, step };
};

describe('the review', () => {
  it('makes a dry run when there is none, and reads it once it is there', async () => {
    const { step, wire, tell, times } = made();
    wire.on('read_review', () => null);
    await step.open();
    expect(times('start_plan')).toBe(1);
    wire.on('read_review', () => review);
    tell(work(1, 'plan', { kind: 'done', outcome: { kind: 'planned' } }));
    await step.settle();
    expect(step.review?.plan).toBe('p1');
  });

  it('shows the dry run that is there, unless something was changed since', async () => {
    const { step, wire, setup, times } = made();
    wire.on('read_review', () => review);
    await step.open();
    expect(times('start_plan')).toBe(0);
    await setup.save({ settings: { ...settings, invoices: false } });
    const again = new ReviewStep();
    expect(again.review).toBeUndefined();
    await step.changeSettings({ items: false });
    expect(times('start_plan')).toBe(1);
  });

  it('connects with exactly the plan that was shown', async () => {
    const { step, wire, router } = made();
    wire.on('read_review', () => review);
    await step.open();
    await step.connect();
    expect(wire.asked.at(-1)).toEqual({ name: 'connect', request: { company: 'c1', plan: 'p1' } });
    expect(router.route).toEqual({ screen: 'set-up', step: 'sync' });
  });

  it('makes a new dry run when the plan is no longer current, and says so', async () => {
    const { step, wire, times, router } = made();
    wire.on('read_review', () => review);
    await step.open();
    wire.on('connect', () => {
      throw { code: 'plan_changed', message: '', hint: null, retryAfterSeconds: null, service: null };
    });
    await step.connect();
    expect(step.changedSince).toBe(review.readAt);
    expect(times('start_plan')).toBe(1);
    expect(step.failure).toBeUndefined();
    expect(router.route).not.toEqual({ screen: 'set-up', step: 'sync' });
  });

  it('can take in role addresses and nothing that is out for good', () => {
    const { step } = made();
    expect(step.canInclude('role_address')).toBe(true);
    expect(step.canInclude('no_email')).toBe(false);
    expect(step.canInclude(null)).toBe(false);
  });
});

describe('the words of the dry run', () => {
  it('say what happens to each kind of customer', () => {
    expect(reviewRows.map(happens)).toEqual([
      'New, not subscribed',
      'New, subscribed (exception)',
      'Updated: address; stays subscribed',
      'Already the same; 2 orders added',
      '4 orders go under Kofi Mensah',
      'Left alone: Role address (admin@, billing@)',
    ]);
  });

  it('open a list behind every finding', () => {
    const rows = findingRows(review);
    expect(rows).toHaveLength(review.findings.length);
    expect(rows.at(-1)?.opens).toEqual({
      kind: 'notSent',
      data: ['invoices', 'salesReceipts'],
      reason: 'customer_left_out',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { bench } from '../../testing/setup';
import { draftAt, start } from '../../testing/tidewater';
import { WelcomeState } from './welcome.svelte';

const companies = [
  { company: 'c1', name: 'Tidewater Ceramics', audience: 'Customers', standing: 'connected' as const },
];
const made = (...given: Parameters<typeof bench>) => {
  const tools = bench(...given);
  return { ...tools, welcome: new WelcomeState(tools.app, tools.setup, tools.router) };
};

describe('Welcome', () => {
  it('offers what makes sense now', () => {
    expect(made(null).welcome.ways).toEqual(['connect', 'demo']);
    expect(made(draftAt('audience')).welcome.ways).toEqual(['goOn', 'discard', 'demo']);
    expect(made(null, { companies, current: 'c1' }).welcome.ways).toEqual(['home', 'connect']);
    expect(made(draftAt('audience'), { demo: true }).welcome.ways).toEqual(['goOn', 'leaveDemo']);
    expect(made(null, { demo: true, companies, current: 'c1' }).welcome.ways).toEqual(['home', 'leaveDemo']);
  });

  it('goes on with a set-up at the step that was reached', async () => {
    const { welcome, router } = made(draftAt('audience'));
    await welcome.choose('goOn');
    expect(router.route).toEqual({ screen: 'set-up', step: 'audience' });
  });

  it('goes through the same set-up in the demo', async () => {
    const { welcome, wire, app, router } = made(null);
    wire
      .on('start_demo', () => start({ demo: true }))
      .on('begin_setup', () => ({
        ...draftAt('quickbooks'),
        company: null,
      }));
    await welcome.choose('demo');
    expect(app.start?.demo).toBe(true);
    expect(router.route).toEqual({ screen: 'set-up', step: 'quickbooks' });
  });

  it('says why the demo did not open', async () => {
    const { welcome, wire } = made(null);
    wire.on('start_demo', () => {
      throw { code: 'disk_full', message: '', hint: null, retryAfterSeconds: null, service: null };
    });
    await welcome.choose('demo');
    expect(welcome.failure?.code).toBe('disk_full');
    expect(welcome.busy).toBeUndefined();
  });

  it('asks before it discards a set-up', async () => {
    const { welcome, wire, setup, times } = made(draftAt('audience'));
    wire.on('drop_draft', () => ({}));
    await welcome.choose('discard');
    expect(welcome.discarding).toBe(true);
    expect(times('drop_draft')).toBe(0);
    await welcome.discard();
    expect(setup.draft).toBeUndefined();
  });
});

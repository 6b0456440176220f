import { describe, expect, it } from 'vitest';
import type { Outcome, Work } from '../ipc';
import { Router, type Route } from '../state/router.svelte';
import { Slips } from '../state/slips.svelte';
import { Results } from './results';

const work = (state: Work['state']): Work => ({
  id: 1,
  task: 'sync',
  company: '1',
  startedAt: '2026-11-21T14:42:00Z',
  byItself: false,
  state,
});

const disconnected: Outcome = {
  kind: 'disconnected',
  result: { orders: 3, products: 1, contacts: 2, archive: '/archive', quickbooksTold: true },
};

function shownAfter(outcome: Outcome, route: Route): number {
  const slips = new Slips();
  const router = new Router();
  router.replace(route);
  const results = new Results(slips, router);
  results.follow(work({ kind: 'finishingSignIn' }));
  results.follow(work({ kind: 'done', outcome }));
  return slips.shown.length;
}

describe('the result of work', () => {
  it('is said where nothing else says it', () => {
    expect(shownAfter({ kind: 'synced', run: 'r1', sent: 3, refused: 0 }, { screen: 'contacts' })).toBe(1);
    expect(shownAfter(disconnected, { screen: 'settings' })).toBe(1);
  });

  it('is not said once more where it is the title', () => {
    expect(
      shownAfter({ kind: 'synced', run: 'r1', sent: 3, refused: 0 }, { screen: 'set-up', step: 'sync' }),
    ).toBe(0);
    expect(shownAfter(disconnected, { screen: 'home' })).toBe(0);
  });
});

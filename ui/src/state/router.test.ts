import { describe, expect, it } from 'vitest';
import { href, parse, Router, type Route } from './router.svelte';

const routes: Route[] = [
  { screen: 'welcome' },
  { screen: 'set-up', step: 'account' },
  { screen: 'home', query: {} },
  { screen: 'contacts', query: { reason: 'no email & more', tag: 'Côte=d’Or' } },
];

describe('addresses', () => {
  it.each(routes)('of $screen read back as they were written', (route) => {
    expect(parse(href(route))).toEqual(route);
  });
  it.each(['', '#', '#/nowhere', '#/set-up', '#/set-up/nothing'])('name nothing: %j', (hash) => {
    expect(parse(hash)).toBeUndefined();
  });
});

describe('the router', () => {
  it('follows the address and stays where it is when the address names nothing', () => {
    location.hash = '#/contacts?tag=Studio';
    const router = new Router();
    const stop = router.listen();
    expect(router.query('tag')).toBe('Studio');
    location.hash = '#/nowhere';
    window.dispatchEvent(new Event('hashchange'));
    expect(router.route.screen).toBe('contacts');
    location.hash = '#/activity';
    window.dispatchEvent(new Event('hashchange'));
    expect(router.route.screen).toBe('activity');
    stop();
  });
});

/**
 * Where the window is. The address is kept in the hash, so that a reload comes back to it and a
 * link (`<a href={href(route)}>`) is a plain link. Query values carry what a list is asked to show.
 */

import type { Step } from '../ipc';
import { expectArrival } from './arrival';

/** Screens with the app rail; the order is the one of the rail. */
export const workScreens = ['home', 'contacts', 'activity', 'settings'] as const;
export type WorkScreen = (typeof workScreens)[number];

/** Steps of the set-up, in their order. */
export const steps = [
  'quickbooks',
  'account',
  'audience',
  'status',
  'review',
  'sync',
] as const satisfies Step[];

export type Route =
  | { screen: 'welcome' }
  | { screen: 'set-up'; step: Step }
  | { screen: WorkScreen; query?: Readonly<Record<string, string>> };

/** The address of a route, for links. */
export function href(route: Route): string {
  if (route.screen === 'welcome') return '#/welcome';
  if (route.screen === 'set-up') return `#/set-up/${route.step}`;
  const query = new URLSearchParams(route.query).toString();
  return `#/${route.screen}${query ? `?${query}` : ''}`;
}

/** The page of a route, without what it is asked to show. */
const place = (route: Route): string => href(route).split('?', 1)[0] ?? '';

/** The route of an address; nothing when the address names no screen. */
export function parse(hash: string): Route | undefined {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [screen, step] = path.split('/');
  if (screen === 'welcome') return { screen };
  if (screen === 'set-up') {
    const found = steps.find((known) => known === step);
    return found && { screen, step: found };
  }
  const found = workScreens.find((known) => known === screen);
  return found && { screen: found, query: Object.fromEntries(new URLSearchParams(search)) };
}

export class Router {
  route = $state.raw<Route>({ screen: 'welcome' });
  readonly #window: Pick<Window, 'location' | 'addEventListener' | 'removeEventListener'>;

  constructor(host: Pick<Window, 'location' | 'addEventListener' | 'removeEventListener'> = window) {
    this.#window = host;
    this.route = parse(host.location.hash) ?? this.route;
  }

  /** Follows the address until the returned function is called. */
  listen(): () => void {
    const follow = () => {
      const route = parse(this.#window.location.hash);
      if (route) this.#arrive(route);
    };
    this.#window.addEventListener('hashchange', follow);
    return () => this.#window.removeEventListener('hashchange', follow);
  }

  go(route: Route): void {
    this.#arrive(route);
    this.#window.location.hash = href(route);
  }

  /** Goes somewhere without leaving the place behind in the history: after a start, a redirect. */
  replace(route: Route): void {
    this.#arrive(route);
    this.#window.location.replace(href(route));
  }

  #arrive(route: Route): void {
    if (place(route) !== place(this.route)) expectArrival();
    this.route = route;
  }

  /** A value that the address carries for this screen. */
  query(name: string): string | undefined {
    return 'query' in this.route ? this.route.query?.[name] : undefined;
  }
}

export const router = new Router();

import type { Component } from 'svelte';
import type { Step } from './ipc';
import { screens } from './screens';
import type { Route } from './state/router.svelte';
import { stepPages } from './steps';

/** A page and the rail beside it. */
export type Page =
  | { frame: 'none'; Content: Component }
  | { frame: 'wizard'; Rail: Component<{ current: Step }>; step: Step; Content: Component }
  | { frame: 'app'; Rail: Component; Content: Component };

/** Reads what a route shows; each page and each rail is a file of its own, read when it is first shown. */
export async function readPage(route: Route): Promise<Page> {
  if (route.screen === 'welcome') return { frame: 'none', Content: (await stepPages.welcome()).default };
  if (route.screen === 'set-up') {
    const [rail, content] = await Promise.all([
      import('./components/WizardRail.svelte'),
      stepPages[route.step](),
    ]);
    return { frame: 'wizard', Rail: rail.default, step: route.step, Content: content.default };
  }
  const [rail, content] = await Promise.all([import('./components/AppRail.svelte'), screens[route.screen]()]);
  return { frame: 'app', Rail: rail.default, Content: content.default };
}

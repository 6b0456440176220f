/** Says what came of work that the owner asked for, once, wherever the window is. */
import { number } from '../i18n/format';
import type { Outcome, Work } from '../ipc';
import { m } from '../i18n/messages';
import { router, type Router } from '../state/router.svelte';
import { slips, type Slips } from '../state/slips.svelte';

function words(outcome: Outcome): (() => string) | undefined {
  switch (outcome.kind) {
    case 'synced': {
      const { sent, refused } = outcome;
      if (refused > 0) return () => m.result_synced_refused({ count: refused, shown: number(refused) });
      return sent > 0 ? () => m.result_synced({ count: sent, shown: number(sent) }) : m.result_synced_none;
    }
    case 'reconciled':
      return m.result_reconciled;
    case 'undone':
      return m.result_undone;
    case 'disconnected':
      return m.result_disconnected;
    case 'company':
    case 'account':
    case 'planned':
    case 'needsYes':
    case 'undoPreview':
    case 'read':
      return undefined;
  }
}

const over: readonly Work['state']['kind'][] = ['done', 'stopped', 'failed'];

export class Results {
  readonly #slips: Slips;
  readonly #router: Router;
  /** Only the end of work that was seen under way is news. */
  #watched: number | undefined;

  constructor(shown: Slips = slips, where: Router = router) {
    this.#slips = shown;
    this.#router = where;
  }

  follow(work: Work | undefined): void {
    if (!work) return;
    if (!over.includes(work.state.kind)) {
      this.#watched = work.id;
      return;
    }
    if (work.id !== this.#watched) return;
    this.#watched = undefined;
    if (work.state.kind !== 'done' || work.byItself || this.#isTitle(work.state.outcome)) return;
    const said = words(work.state.outcome);
    if (said) this.#slips.show(said);
  }

  /** The page that stands says it in its title. */
  #isTitle(outcome: Outcome): boolean {
    const { screen } = this.#router.route;
    return screen === 'set-up' || (screen === 'home' && outcome.kind === 'disconnected');
  }
}

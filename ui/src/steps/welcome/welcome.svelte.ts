/** Welcome: what can be begun from here, and the language. */
import { language, type Locale } from '../../i18n/language.svelte';
import { attempt, call, type CallError } from '../../ipc';
import { app, type AppState } from '../../state/app.svelte';
import { router, type Router } from '../../state/router.svelte';
import { setup, type SetupState } from '../../state/setup.svelte';

export type WelcomeWay = 'goOn' | 'connect' | 'demo' | 'leaveDemo' | 'home' | 'discard';

export class WelcomeState {
  busy = $state.raw<WelcomeWay>();
  /** Asks whether the set-up is to be discarded. */
  discarding = $state(false);
  /** *What leaves this computer* is open. */
  reading = $state(false);
  failure = $state.raw<CallError>();
  readonly #app: AppState;
  readonly #setup: SetupState;
  readonly #router: Router;

  /** The company of a set-up that is not finished. */
  company = $derived.by(() => this.#app.start?.draft?.company?.name);
  /** What is offered, the likeliest first. */
  ways = $derived.by<WelcomeWay[]>(() => {
    const start = this.#app.start;
    const ways: WelcomeWay[] = [];
    const connected = this.#app.company !== undefined && this.#app.company.standing !== 'settingUp';
    if (connected) ways.push('home');
    ways.push(start?.draft ? 'goOn' : 'connect');
    if (start?.draft?.company && !start.demo) ways.push('discard');
    if (start?.demo) ways.push('leaveDemo');
    else if (!connected) ways.push('demo');
    return connected && start?.demo ? ways.filter((way) => way !== 'connect') : ways;
  });

  constructor(state: AppState = app, steps: SetupState = setup, navigation: Router = router) {
    this.#app = state;
    this.#setup = steps;
    this.#router = navigation;
  }

  async choose(way: WelcomeWay): Promise<void> {
    if (this.busy) return;
    if (way === 'discard') {
      this.discarding = true;
      return;
    }
    this.busy = way;
    await this.#ask(() => this.#go(way));
    this.busy = undefined;
  }

  /** Forgets the answers and signs out of the company, unless it is connected. */
  async discard(): Promise<void> {
    this.discarding = false;
    this.failure = await this.#setup.drop();
  }

  async speak(locale: Locale): Promise<void> {
    await language.choose(locale);
    await this.#ask(() => this.#app.choosePreferences({ language: locale }));
  }

  async #go(way: WelcomeWay): Promise<void> {
    switch (way) {
      case 'goOn':
      case 'connect':
        await this.#setup.begin();
        break;
      case 'demo':
        this.#app.adopt(await call('start_demo', {}));
        await this.#setup.begin();
        break;
      case 'leaveDemo':
        this.#app.adopt(await call('leave_demo', {}));
        break;
      case 'discard':
        break;
      case 'home':
        this.#router.go({ screen: 'home' });
        break;
    }
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.failure = refusal));
  }
}

/** What can be done from Home. How the connection is doing is in the shared state. */
import { attempt, call, callError, type CallError, type Link, type Service, type Task } from '../../ipc';
import { app, type AppState } from '../../state/app.svelte';
import { router, type Router } from '../../state/router.svelte';
import { SignIn } from '../../steps/parts/sign-in.svelte';
import { progressOf, type Remedy } from './words';

/** Work whose course is shown on Home. */
const shown: readonly Task[] = ['sync', 'undo', 'disconnect', 'reconcile'];

export class HomeState {
  /** Why the latest thing that was asked for could not be done. */
  problem = $state.raw<CallError>();
  /** A sign-in begun here. */
  signIn = $state.raw<SignIn>();
  readonly #app: AppState;
  readonly #router: Router;

  /** The work of this company that is under way and worth watching. */
  work = $derived.by(() => {
    const { work, company } = this.#app;
    const ours = work && work.company === company?.company && shown.includes(work.task);
    return ours && progressOf(work) ? work : undefined;
  });

  constructor(state: AppState = app, navigation: Router = router) {
    this.#app = state;
    this.#router = navigation;
  }

  /** Why a sync failed that the owner began; the state of the connection tells the rest. */
  failed = $derived.by(() => {
    const { work, company } = this.#app;
    if (!work || work.company !== company?.company || !shown.includes(work.task)) return undefined;
    return work.state.kind === 'failed' && !work.byItself ? callError(work.state.error) : undefined;
  });

  async setPaused(paused: boolean): Promise<void> {
    const company = this.#app.company?.company;
    if (!company) return;
    await this.#ask(async () => {
      await call('set_paused', { company, paused });
      await this.#app.readHome();
    });
  }

  async stop(): Promise<void> {
    await this.#ask(() => call('stop_work', {}));
  }

  async compareAgain(): Promise<void> {
    const company = this.#app.company?.company;
    if (company) await this.#ask(() => call('start_reconcile', { company }));
  }

  async open(link: Link): Promise<void> {
    await this.#ask(() => call('open_link', link));
  }

  async signInTo(service: Service): Promise<void> {
    this.problem = undefined;
    this.signIn = new SignIn(service, this.#app);
    await this.signIn.begin();
  }

  async remedy(remedy: Remedy): Promise<void> {
    switch (remedy.kind) {
      case 'go':
        this.#router.go(remedy.route);
        break;
      case 'open':
        await this.open(remedy.link);
        break;
      case 'signIn':
        await this.signInTo('quickbooks');
        break;
    }
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.problem = refusal));
  }
}

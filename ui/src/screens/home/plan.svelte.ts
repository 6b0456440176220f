/** A plan that waits for the owner's yes: what it would do, and the yes. */
import { call, callError, type CallError, type Fate, type Review, type ReviewRow } from '../../ipc';
import { app, type AppState } from '../../state/app.svelte';
import { PagedRows } from '../../state/paged-rows.svelte';
import { router, type Router } from '../../state/router.svelte';
import { FollowedWork } from '../../steps/parts/work.svelte';

export class PlanState {
  readonly company: string;
  review = $state.raw<Review | null>();
  failure = $state.raw<CallError>();
  fate = $state<Fate | 'all'>('all');
  readonly rows = new PagedRows<ReviewRow>();
  readonly making: FollowedWork;
  readonly #app: AppState;
  readonly #router: Router;

  constructor(company: string, state: AppState = app, navigation: Router = router) {
    this.company = company;
    this.#app = state;
    this.#router = navigation;
    this.making = new FollowedWork('plan', () => call('start_plan', { company }), state);
  }

  async read(): Promise<void> {
    this.failure = undefined;
    try {
      this.review = await call('read_review', { company: this.company });
      if (this.review) await this.list(this.fate);
    } catch (reason) {
      this.failure = callError(reason);
    }
  }

  /** Makes the plan anew, from both services. */
  async make(): Promise<void> {
    await this.making.begin();
  }

  /** Takes note that the plan was made. For an effect. */
  follow(): void {
    if (this.making.takeOutcome()?.kind === 'planned') void this.read();
  }

  async list(fate: Fate | 'all'): Promise<void> {
    this.fate = fate;
    await this.rows.load((offset, limit) =>
      call('list_review', {
        company: this.company,
        text: '',
        fate: fate === 'all' ? null : fate,
        reason: null,
        severalAddresses: false,
        page: { offset, limit },
      }),
    );
  }

  /** Agrees to exactly the plan that was looked at. */
  async agree(): Promise<void> {
    if (!this.review) return;
    await this.#app.syncNow(this.review.plan);
    this.failure = this.#app.syncProblem;
    if (!this.failure) this.#router.go({ screen: 'home' });
  }
}

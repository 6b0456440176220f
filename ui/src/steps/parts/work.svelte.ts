/** One kind of work, begun by a step and followed until it is over. */
import {
  call,
  callError,
  type CallError,
  type Outcome,
  type Task,
  type Work,
  type WorkState,
} from '../../ipc';
import { app, type AppState } from '../../state/app.svelte';

type Kind = WorkState['kind'];
const over: readonly Kind[] = ['done', 'stopped', 'failed'];

export class FollowedWork {
  /** Was asked for while something else was under way: begins when that is over. */
  wanted = $state(false);
  /** Why it could not begin. */
  refused = $state.raw<CallError>();
  readonly #app: AppState;
  readonly #task: Task;
  readonly #start: () => Promise<unknown>;
  /** Work before this one is another page's business. */
  #since = $state(0);
  /** The work whose end was taken note of. */
  #settled = 0;

  work = $derived.by<Work | undefined>(() => {
    const work = this.#app.work;
    return work?.task === this.#task && work.id > this.#since ? work : undefined;
  });
  /** Under way. */
  running = $derived(this.work !== undefined && !over.includes(this.work.state.kind));
  /** Something else is under way. */
  blocked = $derived.by(() => this.#app.running && this.#app.work?.task !== this.#task);
  failure = $derived.by<CallError | undefined>(() => {
    if (this.refused) return this.refused;
    const state = this.work?.state;
    return state?.kind === 'failed' ? callError(state.error) : undefined;
  });

  constructor(task: Task, start: () => Promise<unknown>, state: AppState = app) {
    this.#app = state;
    this.#task = task;
    this.#start = start;
    const now = state.work;
    // What ended before the page was opened is not shown again.
    this.#since = now ? (over.includes(now.state.kind) ? now.id : now.id - 1) : 0;
  }

  async begin(): Promise<void> {
    this.refused = undefined;
    if (this.running) return;
    if (this.blocked) {
      this.wanted = true;
      return;
    }
    this.wanted = false;
    this.#since = this.#app.work?.id ?? 0;
    try {
      await this.#start();
    } catch (reason) {
      const failure = callError(reason);
      if (failure.code === 'busy') this.wanted = true;
      else this.refused = failure;
    }
  }

  /** Begins if it was wanted and nothing is in the way any more. For an effect. */
  continue(): void {
    if (this.wanted && !this.#app.running) void this.begin();
  }

  async stop(): Promise<void> {
    this.wanted = false;
    if (!this.running) return;
    try {
      await call('stop_work', {});
    } catch (reason) {
      this.refused = callError(reason);
    }
  }

  /** Forgets a failure. */
  dismiss(): void {
    this.refused = undefined;
    this.#since = this.#app.work?.id ?? this.#since;
  }

  /** What came of it, once. */
  takeOutcome(): Outcome | undefined {
    const work = this.work;
    if (work?.state.kind !== 'done' || work.id === this.#settled) return undefined;
    this.#settled = work.id;
    return work.state.outcome;
  }
}

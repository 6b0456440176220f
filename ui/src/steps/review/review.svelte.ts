/** Step 5: the dry run, everything in it, and the yes. */
import {
  attempt,
  call,
  callError,
  type CallError,
  type ConnectionSettings,
  type DataKind,
  type Fate,
  type FileFormat,
  type Review,
  type Saved,
  type SkipCode,
} from '../../ipc';
import { m } from '../../i18n/messages';
import { app, type AppState } from '../../state/app.svelte';
import { router, type Router } from '../../state/router.svelte';
import { setup, type SetupState } from '../../state/setup.svelte';
import { FollowedWork } from '../parts/work.svelte';
import { reviewWords } from './words';

/** What the page shows: the dry run as a whole, or one list of it. */
export type ReviewView =
  | { kind: 'all' }
  | { kind: 'customers'; fate: Fate | null; reason: SkipCode | null; severalAddresses: boolean }
  | { kind: 'reasons'; data: DataKind }
  | { kind: 'notSent'; data: readonly DataKind[]; reason: SkipCode | null }
  | { kind: 'unreadable' };

/** Settings that bring in customers who are left alone for a reason. */
const includes: Partial<Record<SkipCode, Partial<ConnectionSettings>>> = {
  role_address: { includeRoleAddresses: true },
  inactive: { includeInactive: true },
  project: { includeProjects: true },
};

export const isDocument = (data: DataKind): boolean => data !== 'names' && data !== 'addresses';

export class ReviewStep {
  readonly plan: FollowedWork;
  review = $state.raw<Review>();
  view = $state.raw<ReviewView>({ kind: 'all' });
  /** Something changed at the services between the dry run and the yes; when the former one was made. */
  changedSince = $state<string>();
  connecting = $state(false);
  #failure = $state.raw<CallError>();
  readonly #setup: SetupState;
  readonly #router: Router;

  failure = $derived.by(() => this.#failure ?? this.plan.failure);
  /** A dry run is under way or about to be. */
  planning = $derived.by(() => this.plan.running || this.plan.wanted);

  constructor(state: AppState = app, steps: SetupState = setup, navigation: Router = router) {
    this.#setup = steps;
    this.#router = navigation;
    this.plan = new FollowedWork('plan', () => call('start_plan', { company: this.company }), state);
  }

  get company(): string {
    return this.#setup.draft?.company?.company ?? '';
  }

  async open(): Promise<void> {
    await this.#ask(async () => {
      void this.#setup.readAccounts();
      this.changedSince = this.#setup.changedSince;
      this.#setup.changedSince = undefined;
      if (!this.plan.running && !this.#setup.reviewStale) {
        this.review = (await call('read_review', { company: this.company })) ?? undefined;
      }
      if (!this.review && !this.plan.running) await this.run();
    });
  }

  /** Makes a dry run. The one that is shown stays until the new one is there. */
  async run(): Promise<void> {
    this.#failure = undefined;
    this.#setup.reviewStale = false;
    await this.plan.begin();
  }

  /** The dry run is over: reads it. For an effect. */
  async settle(): Promise<void> {
    if (this.plan.takeOutcome()?.kind !== 'planned') return;
    await this.#ask(async () => {
      this.review = (await call('read_review', { company: this.company })) ?? undefined;
    });
  }

  show(view: ReviewView): void {
    this.view = view;
  }

  /** Whether customers who stay out for this reason can be taken in. */
  canInclude(reason: SkipCode | null): boolean {
    return reason !== null && includes[reason] !== undefined;
  }

  async include(reason: SkipCode): Promise<void> {
    const change = includes[reason];
    if (change) await this.changeSettings(change);
  }

  /** Changes what is sent, and makes a new dry run. */
  async changeSettings(change: Partial<ConnectionSettings>): Promise<void> {
    const draft = this.#setup.draft;
    if (!draft) return;
    await this.#ask(async () => {
      await this.#setup.save({ settings: { ...draft.settings, ...change } });
      this.view = { kind: 'all' };
      await this.run();
    });
  }

  async save(format: FileFormat): Promise<Saved | undefined> {
    let saved: Saved | undefined;
    await this.#ask(async () => {
      saved = await call('save_review', {
        company: this.company,
        headings: [
          m.exceptions_customer(),
          m.word_field_email(),
          m.review_head_happens(),
          m.word_field_status(),
          m.reasons_reason(),
          m.review_head_under(),
          m.review_head_orders(),
          m.review_head_total(),
        ],
        words: reviewWords(),
        format,
      });
    });
    return saved?.path === null ? undefined : saved;
  }

  /** The yes to exactly what was shown. */
  async connect(): Promise<void> {
    const { review } = this;
    if (!review || this.connecting) return;
    this.connecting = true;
    this.#failure = undefined;
    try {
      await call('connect', { company: this.company, plan: review.plan });
      this.#setup.finish();
      this.#setup.agreedTo = review.readAt;
      this.#setup.sending = true;
      this.#router.go({ screen: 'set-up', step: 'sync' });
    } catch (reason) {
      const failure = callError(reason);
      if (failure.code === 'plan_changed') {
        this.changedSince = review.readAt;
        await this.run();
      } else this.#failure = failure;
    } finally {
      this.connecting = false;
    }
  }

  #ask(what: () => Promise<unknown>): Promise<boolean> {
    return attempt(what, (refusal) => (this.#failure = refusal));
  }
}

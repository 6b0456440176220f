/** Runs, the changes of one of them, and taking a run back. */
import {
  call,
  callError,
  type CallError,
  type ChangeKind,
  type ChangeOutcome,
  type ChangeQuery,
  type ChangeRow,
  type FileFormat,
  type RunRow,
  type Saved,
  type UndoPreview,
} from '../../ipc';
import { changeWords, documentWords } from '../../i18n/words';
import { m } from '../../i18n/messages';
import { app, type AppState } from '../../state/app.svelte';
import { PagedRows } from '../../state/paged-rows.svelte';
import { FollowedWork } from '../../steps/parts/work.svelte';

const RUNS_AT_A_TIME = 100;
const SEARCH_DELAY_MS = 80;

export class ActivityState {
  readonly company: string;
  runs = $state.raw<readonly RunRow[]>();
  total = $state(0);
  /** When the first run began. */
  since = $state.raw<string | null>(null);
  selected = $state.raw<string>();
  readonly changes = new PagedRows<ChangeRow>();
  text = $state('');
  kinds = $state.raw<ChangeKind[]>([]);
  outcome = $state.raw<ChangeOutcome | null>(null);
  problem = $state.raw<CallError>();
  /** What undoing the selected run would do, while that is asked. */
  preview = $state.raw<UndoPreview>();
  readonly looking: FollowedWork;
  #looked: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #question = 0;

  run = $derived(this.runs?.find((run) => run.run === this.selected));
  filtered = $derived(this.text.trim() !== '' || this.kinds.length > 0 || this.outcome !== null);
  failure = $derived.by(
    () =>
      this.problem ??
      this.looking.failure ??
      (this.changes.failure ? callError(this.changes.failure) : undefined),
  );

  constructor(company: string, state: AppState = app) {
    this.company = company;
    this.looking = new FollowedWork(
      'previewUndo',
      async () => {
        if (this.#looked !== undefined) await call('start_undo_preview', { company, run: this.#looked });
      },
      state,
    );
  }

  /** Reads the newest runs; those that were read further down are read again too. */
  async load(): Promise<void> {
    await this.#read(0, Math.max(RUNS_AT_A_TIME, this.runs?.length ?? 0));
    const first = this.runs?.[0];
    if (this.selected === undefined || !this.run) {
      if (first) await this.select(first.run);
    } else await this.changes.reload();
  }

  async more(): Promise<void> {
    await this.#read(this.runs?.length ?? 0, RUNS_AT_A_TIME);
  }

  async select(run: string): Promise<void> {
    this.selected = run;
    this.preview = undefined;
    await this.list();
  }

  /** What is asked for, without the page. */
  query(): ChangeQuery {
    return {
      company: this.company,
      run: this.selected ?? '',
      text: this.text.trim(),
      documents: documentWords(),
      kinds: this.kinds,
      outcome: this.outcome,
      page: { offset: 0, limit: 0 },
    };
  }

  /** Reads the changes anew, from the beginning. */
  async list(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.selected === undefined) return;
    const query = this.query();
    await this.changes.load((offset, limit) => call('list_changes', { ...query, page: { offset, limit } }));
  }

  search(text: string): void {
    if (text === this.text) return;
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.list(), SEARCH_DELAY_MS);
  }

  filter(change: { kinds?: ChangeKind[]; outcome?: ChangeOutcome | null }): void {
    if (change.kinds) this.kinds = change.kinds;
    if (change.outcome !== undefined) this.outcome = change.outcome;
    void this.list();
  }

  clear(): void {
    this.text = '';
    this.kinds = [];
    this.outcome = null;
    void this.list();
  }

  async export(format: FileFormat): Promise<Saved | undefined> {
    this.problem = undefined;
    try {
      return await call('save_changes', {
        query: this.query(),
        headings: [
          m.sync_latest_when(),
          m.activity_what(),
          m.not_sent_record(),
          m.exceptions_customer(),
          m.contact_field(),
          m.activity_before(),
          m.activity_after(),
          m.activity_result(),
          m.not_sent_why(),
          m.activity_said(),
        ],
        words: changeWords(),
        format,
      });
    } catch (reason) {
      this.problem = callError(reason);
      return undefined;
    }
  }

  /** Works out what undoing the selected run would do; nothing is sent. */
  async look(): Promise<void> {
    this.problem = undefined;
    this.#looked = this.selected;
    await this.looking.begin();
  }

  /** Takes note that the preview is there. For an effect. */
  follow(): void {
    this.looking.continue();
    const outcome = this.looking.takeOutcome();
    if (outcome?.kind === 'undoPreview') this.preview = outcome.preview;
  }

  /** The yes to what was shown. `true` when it began. */
  async undo(): Promise<boolean> {
    const run = this.preview?.run;
    if (run === undefined) return false;
    this.problem = undefined;
    this.preview = undefined;
    try {
      await call('start_undo', { company: this.company, run });
      return true;
    } catch (reason) {
      this.problem = callError(reason);
      return false;
    }
  }

  async #read(offset: number, limit: number): Promise<void> {
    const question = (this.#question += 1);
    try {
      const page = await call('list_runs', { company: this.company, page: { offset, limit } });
      if (question !== this.#question) return;
      this.runs = [...(this.runs ?? []).slice(0, offset), ...page.rows];
      this.total = page.total;
      this.since = page.since;
      this.problem = undefined;
    } catch (reason) {
      if (question === this.#question) this.problem = callError(reason);
    }
  }
}

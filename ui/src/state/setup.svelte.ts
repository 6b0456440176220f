/** What the steps of the set-up share: the draft as saved, and what the rail says of each step. */
import { call, type Draft, type Step } from '../ipc';
import { app, type AppState } from './app.svelte';

export class SetupState {
  /** Under each step in the rail: what was chosen there. Each step writes its own. */
  notes = $state<Partial<Record<Step, string>>>({});
  /** What Alt+Right does: the Next of the step that is open; nothing while Next is off. */
  next = $state.raw<() => unknown>();
  /** What Alt+Left does. */
  back = $state.raw<() => unknown>();

  readonly #app: AppState;

  constructor(state: AppState = app) {
    this.#app = state;
  }

  get draft(): Draft | undefined {
    return this.#app.start?.draft ?? undefined;
  }

  /** Saves a change of the draft, so that closing loses nothing. */
  async save(change: Partial<Draft>): Promise<void> {
    const start = this.#app.start;
    if (!start?.draft) return;
    const draft = await call('save_draft', { ...start.draft, ...change });
    if (this.#app.start) this.#app.adopt({ ...this.#app.start, draft });
  }
}

export const setup = new SetupState();

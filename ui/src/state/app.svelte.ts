/**
 * What every screen shares: the start snapshot, the company that is looked at and how it is doing,
 * and the work that runs. The program says what changed; screens that show it ask again:
 * `$effect(() => { void app.changed.contacts; … })`.
 */
import { language } from '../i18n/language.svelte';
import {
  call,
  callError,
  watch,
  type CallError,
  type Home,
  type Message,
  type Preferences,
  type Start,
  type Topic,
  type Work,
} from '../ipc';
import { router, type Route, type Router } from './router.svelte';
import { applyTheme } from './theme';

/** Where the window opens when its address names no place. */
export function firstRoute(start: Start): Route {
  if (
    start.current !== null &&
    start.companies.some((company) => company.company === start.current && company.standing !== 'settingUp')
  )
    return { screen: 'home' };
  if (start.draft) return { screen: 'set-up', step: start.draft.step };
  return { screen: 'welcome' };
}

export class AppState {
  /** Nothing until the program answered. */
  start = $state.raw<Start>();
  /** Why the program did not answer. */
  failure = $state.raw<CallError>();
  /** How the current company is doing; nothing until read, or without a connected company. */
  home = $state.raw<Home>();
  /** The latest work, running or over. */
  work = $state.raw<Work>();
  /** Counts up whenever something that may be shown has changed. */
  changed = $state<Record<Topic, number>>({ start: 0, home: 0, contacts: 0, activity: 0 });

  company = $derived(this.start?.companies.find((company) => company.company === this.start?.current));
  /** Has a connection to show, be it a disconnected one. */
  connected = $derived(this.company !== undefined && this.company.standing !== 'settingUp');
  /** Why the latest *Sync now* could not begin; gone with the next one. */
  syncProblem = $state.raw<CallError>();
  /** Under way: can be watched, paused or stopped. */
  running = $derived(
    this.work !== undefined && !['done', 'stopped', 'failed'].includes(this.work.state.kind),
  );

  readonly #router: Router;

  constructor(navigation: Router = router) {
    this.#router = navigation;
  }

  /** Asks for the snapshot again, after it failed. */
  again(): Promise<void> {
    return this.#begin();
  }

  /** Asks for the snapshot and follows the program; stops when the returned function is called. */
  open(): () => void {
    void this.#begin();
    return watch((message) => this.receive(message));
  }

  receive(message: Message): void {
    switch (message.kind) {
      case 'snapshot':
        this.work = message.work ?? undefined;
        break;
      case 'work':
        this.work = message.work;
        break;
      case 'changed':
        for (const topic of message.topics) this.changed[topic] += 1;
        if (message.topics.includes('start')) void this.#refresh();
        else if (message.topics.includes('home')) void this.readHome();
        break;
      case 'open':
        this.#router.go({ screen: message.place });
        break;
    }
  }

  /** Takes over a snapshot that a command answered with. */
  adopt(start: Start): void {
    this.start = start;
    this.failure = undefined;
    applyTheme(start.preferences.theme);
    void language.choose(start.preferences.language);
  }

  async choosePreferences(change: Partial<Preferences>): Promise<void> {
    if (!this.start) return;
    const preferences = await call('save_preferences', { ...this.start.preferences, ...change });
    this.adopt({ ...this.start, preferences });
  }

  async chooseCompany(company: string): Promise<void> {
    await call('choose_company', { company });
    this.home = undefined;
    await this.#refresh();
  }

  /** Begins a sync, or agrees to a plan that waits; its course is followed in `work`. */
  async syncNow(approvedPlan: string | null = null): Promise<void> {
    if (!this.company) return;
    this.syncProblem = undefined;
    try {
      await call('start_sync', { company: this.company.company, approvedPlan });
    } catch (reason) {
      this.syncProblem = callError(reason);
    }
  }

  /** Reads how the current company is doing. */
  async readHome(): Promise<void> {
    const company = this.company;
    if (!company || !this.connected) {
      this.home = undefined;
      return;
    }
    try {
      const home = await call('read_home', { company: company.company });
      if (this.company?.company === company.company) this.home = home;
    } catch (reason) {
      this.failure = callError(reason);
    }
  }

  async #begin(): Promise<void> {
    const named = location.hash.length > 2;
    await this.#refresh((start) => {
      if (!named) this.#router.replace(firstRoute(start));
    });
  }

  /** `place` chooses the screen before anything is drawn, or another one would show while Home is read. */
  async #refresh(place?: (start: Start) => void): Promise<void> {
    try {
      const start = await call('read_start', {});
      await language.choose(start.preferences.language);
      place?.(start);
      this.adopt(start);
      await this.readHome();
    } catch (reason) {
      this.failure = callError(reason);
    }
  }
}

export const app = new AppState();

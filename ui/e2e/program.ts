/**
 * The program behind the window, for tests: the development server with its simulated services, its
 * own data folder and its own ports (crates/ledgerpost-devserver/README.md).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Commands, Message, Work } from '../src/ipc/generated';

const ROOT = join(import.meta.dirname, '..', '..');
const BUILT = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'debug', 'ledgerpost-devserver');

/** What a test begins with; `{}` is the demo company, fast. */
export interface Scene {
  customers?: number;
  documents?: number;
  items?: number;
  seed?: number;
  profile?: 'fast' | 'real' | 'flaky';
  latencyMs?: number;
  askForConsent?: boolean;
  withoutKeys?: boolean;
  folderInUse?: boolean;
  /** Without the waits between the tries of a call. */
  impatient?: boolean;
}

interface Asked {
  opened: string[];
  saved: string[];
  notices: string[];
  startsAtLogin: boolean;
}

interface Keys {
  clientId: string;
  clientSecret: string;
}

interface Places {
  dataFolder: string;
  quickbooks: string | null;
  mailchimp: string | null;
  quickbooksKeys: Keys | null;
  mailchimpKeys: Keys | null;
}

export class Program {
  readonly address: string;
  readonly #process: ChildProcess;

  private constructor(address: string, process: ChildProcess) {
    this.address = address;
    this.#process = process;
  }

  static async start(): Promise<Program> {
    const command = process.env.LEDGERPOST_DEVSERVER_PROGRAM ?? BUILT;
    if (!existsSync(command)) throw new Error(`${command} is missing: cargo build -p ledgerpost-devserver`);
    const child = spawn(
      command,
      ['--address', '127.0.0.1:0', '--no-browser', '--ui', join(ROOT, 'ui', 'dist')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (part: Buffer) => {
        said += part.toString();
        const ready = /^ready (http\S+)/m.exec(said);
        if (ready?.[1]) resolve(ready[1].replace(/\/$/, ''));
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the development server ended with ${code}`)));
    });
    return new Program(address, child);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.kill('SIGTERM');
    });
  }

  reset(scene: Scene = {}): Promise<Places> {
    return this.#control<Places>('reset', scene);
  }

  /** Lets the schedule rest for the length of a test: it syncs when the test says so. */
  async quiet(): Promise<void> {
    const { preferences } = await this.call('read_start', {});
    await this.call('save_preferences', { ...preferences, minutesInUse: 60 });
  }

  restart(): Promise<unknown> {
    return this.#control('restart', {});
  }

  release(): Promise<unknown> {
    return this.#control('release', {});
  }

  /** Takes the services off the network, or puts them back. */
  online(online: boolean): Promise<unknown> {
    return this.#control('network', { online });
  }

  /** Answers the next dialog that asks for a file. */
  answerOpenDialog(path: string | null): Promise<unknown> {
    return this.#control('open-file', { path });
  }

  asked(): Promise<Asked> {
    return this.#control<Asked>('asked');
  }

  places(): Promise<Places> {
    return this.#control<Places>('places');
  }

  /** Sets failures of the simulated services, for as many requests as the rules say; none any more without. */
  async faults(...rules: object[]): Promise<void> {
    await this.#simulate('quickbooks', 'faults');
    if (rules.length > 0) await this.#simulate('quickbooks', 'faults', rules);
  }

  /** Makes an edit as somebody does on a service's own screens (crates/ledgerpost-sim/README.md). */
  async edit(service: 'quickbooks' | 'mailchimp', edit: object): Promise<void> {
    await this.#simulate(service, 'mutate', edit);
  }

  /** Everything that a simulated service holds. */
  async held(service: 'quickbooks' | 'mailchimp'): Promise<Record<string, unknown>> {
    const answer = await fetch(`${(await this.places())[service]}/_sim/state?stable=1`);
    return (await answer.json()) as Record<string, unknown>;
  }

  async call<Name extends keyof Commands>(
    name: Name,
    request: Commands[Name][0],
  ): Promise<Commands[Name][1]> {
    const answer = await fetch(`${this.address}/command/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    const body: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(body)}`);
    return body as Commands[Name][1];
  }

  /** Opens, as a browser would, the page that the program asked to open last, and says yes there. */
  async agree(after = 0): Promise<void> {
    const page = await until(async () =>
      (await this.asked()).opened.slice(after).find((opened) => opened.startsWith('http')),
    );
    const answer = await fetch(page);
    await answer.text();
  }

  /** Waits until the latest work of a task is over. */
  async done(task: Work['task']): Promise<Work> {
    const stop = new AbortController();
    const answer = await fetch(`${this.address}/watch`, { signal: stop.signal });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    try {
      for (;;) {
        const part = await reader?.read();
        if (!part || part.done) throw new Error('the stream ended');
        const lines = (rest + part.value).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines.filter((each) => each.trim())) {
          const message = JSON.parse(line) as Message;
          const work = 'work' in message ? message.work : null;
          if (work?.task === task && ['done', 'failed', 'stopped'].includes(work.state.kind)) return work;
        }
      }
    } finally {
      stop.abort();
    }
  }

  /** A company that is set up as far as its dry run: the demo company, unless a reset said otherwise. */
  async plan(): Promise<string> {
    await this.call('begin_setup', {});
    const opened = (await this.asked()).opened.length;
    await this.call('start_quickbooks_sign_in', {});
    await Promise.all([this.done('signInQuickbooks'), this.agree(opened)]);
    const between = (await this.asked()).opened.length;
    await this.call('start_mailchimp_sign_in', {});
    await Promise.all([this.done('signInMailchimp'), this.agree(between)]);
    const { draft } = await this.call('read_start', {});
    const company = draft?.company?.company;
    const account = (await this.call('list_accounts', {}))[0]?.account;
    if (!draft || !company || !account) throw new Error('the sign-ins left no company or no account');
    const { audiences } = await this.call('list_audiences', { company, account });
    const audience = audiences[0];
    if (!audience) throw new Error('the account has no audience');
    const choice = { kind: 'existing', id: audience.id, name: audience.name } as const;
    await this.call('save_draft', { ...draft, account, audience: choice, step: 'review' });
    await this.call('start_plan', { company });
    await this.done('plan');
    return company;
  }

  /** A company that is set up and in step. */
  async connect(): Promise<string> {
    const company = await this.plan();
    const review = await this.call('read_review', { company });
    if (!review) throw new Error('there is no dry run');
    await this.call('connect', { company, plan: review.plan });
    await this.done('sync');
    return company;
  }

  /** Without a body, takes back what was set. */
  async #simulate(service: 'quickbooks' | 'mailchimp', what: string, body?: object): Promise<void> {
    const answer = await fetch(`${(await this.places())[service]}/_sim/${what}`, {
      method: body ? 'POST' : 'DELETE',
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`the simulator refuses ${what}: ${await answer.text()}`);
  }

  async #control<Reply>(what: string, body?: object): Promise<Reply> {
    const answer = await fetch(`${this.address}/_dev/${what}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${what}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as Reply;
  }
}

/** Asks again until there is an answer. */
async function until<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error('nothing came of it within 20 seconds');
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

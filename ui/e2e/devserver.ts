/**
 * The window with its real commands: a development server for each worker, with simulated services
 * and a data folder of its own. `server.reset(scene)` begins anew; crates/ledgerpost-devserver/README.md
 * describes scenes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base, type APIRequestContext, type Page } from '@playwright/test';

const ROOT = join(import.meta.dirname, '..', '..');
const PROGRAM = process.env.LEDGERPOST_DEVSERVER_PROGRAM ?? join(ROOT, 'target/debug/ledgerpost-devserver');

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
}

export interface Places {
  dataFolder: string;
  quickbooks: string | null;
  mailchimp: string | null;
}

export interface Asked {
  opened: string[];
  saved: string[];
  notices: string[];
  startsAtLogin: boolean;
}

export class DevServer {
  constructor(
    readonly address: string,
    private readonly http: APIRequestContext,
  ) {}

  /** Everything anew, with nothing connected. */
  readonly reset = (scene: Scene = {}): Promise<Places> => this.post('/_dev/reset', scene);
  /** Quits and starts again on the same data. */
  readonly restart = (): Promise<unknown> => this.post('/_dev/restart');
  /** The other program lets go of the data folder. */
  readonly release = (): Promise<unknown> => this.post('/_dev/release');
  /** Answers the next *open* dialog; `null` closes it. */
  readonly answerOpenDialog = (path: string | null): Promise<unknown> =>
    this.post('/_dev/open-file', { path });
  /** Where the data is, and where the services are controlled (`/_sim/…`). */
  readonly places = (): Promise<Places> => this.get('/_dev/places');
  /** What the host was asked: pages to open, files to save, notifications. */
  readonly asked = (): Promise<Asked> => this.get('/_dev/asked');

  /** Asks a command past the window, to get somewhere quickly. */
  readonly call = <Reply>(name: string, request: unknown = {}): Promise<Reply> =>
    this.post(`/command/${name}`, request);

  /** Controls a simulated service: `server.simulate('mailchimp', 'faults', { … })`. */
  async simulate(service: 'quickbooks' | 'mailchimp', what: string, body: unknown): Promise<unknown> {
    const places = await this.places();
    const address = places[service];
    if (!address) throw new Error('these services are not simulated');
    return this.answer(await this.http.post(`${address}/_sim/${what}`, { data: body }));
  }

  /** Goes through the page of a sign-in that the program opened, as its owner would. */
  async consent(page: Page): Promise<void> {
    const known = this.opened;
    const address = await waitFor(async () => (await this.asked()).opened.at(known));
    this.opened = known + 1;
    const tab = await page.context().newPage();
    await tab.goto(address);
    const yes = tab.locator('form button').first();
    if (await yes.isVisible()) await yes.click();
    await tab.close();
  }

  private opened = 0;

  private async post<Reply>(path: string, body: unknown = {}): Promise<Reply> {
    if (path === '/_dev/reset') this.opened = 0;
    return this.answer(await this.http.post(this.address + path, { data: body }));
  }

  private async get<Reply>(path: string): Promise<Reply> {
    return this.answer(await this.http.get(this.address + path));
  }

  private async answer<Reply>(response: Awaited<ReturnType<APIRequestContext['get']>>): Promise<Reply> {
    const text = await response.text();
    if (!response.ok()) throw new Error(`${response.url()}: ${response.status()} ${text}`);
    return (text ? JSON.parse(text) : undefined) as Reply;
  }
}

async function waitFor<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  for (let left = 100; left > 0; left -= 1) {
    const value = await look();
    if (value !== undefined) return value;
    await new Promise((resume) => setTimeout(resume, 50));
  }
  throw new Error('it did not come');
}

/** `test` with a `server`; `page.goto('/')` opens the window. */
export const test = base.extend<{ server: DevServer }, { address: string }>({
  address: [
    async ({}, use) => {
      const program = spawn(PROGRAM, ['--address', '127.0.0.1:0', '--no-browser'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(program, 'exit');
      for await (const line of createInterface(program.stdout)) {
        if (!line.startsWith('ready ')) continue;
        await use(line.slice('ready '.length));
        break;
      }
      program.kill();
      await ended;
    },
    { scope: 'worker' },
  ],
  baseURL: ({ address }, use) => use(address),
  server: async ({ address, playwright }, use) => {
    const http = await playwright.request.newContext();
    const server = new DevServer(address, http);
    await server.reset();
    await use(server);
    await http.dispose();
  },
});

export { expect } from '@playwright/test';

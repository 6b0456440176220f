import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useTransport } from '../ipc';
import { FakeTransport } from '../ipc/fake';
import { language } from '../i18n/language.svelte';
import { home, preferences, start } from '../testing/start';
import { AppState, firstRoute } from './app.svelte';
import { Router } from './router.svelte';

const settle = () => new Promise((resume) => setTimeout(resume));
let program: FakeTransport;
let router: Router;

beforeEach(() => {
  location.hash = '';
  program = new FakeTransport().on('read_start', () => start()).on('read_home', () => home());
  useTransport(program);
  router = new Router();
});

describe('the first place', () => {
  it.each([
    ['Home of a connected company', start(), 'home'],
    ['Welcome when there is none', start({ companies: [], current: null }), 'welcome'],
    [
      'Welcome when the only company is not set up and there is no draft',
      start({ companies: [{ company: '1', name: 'A', audience: null, standing: 'settingUp' }] }),
      'welcome',
    ],
  ])('is %s', (_, snapshot, screen) => expect(firstRoute(snapshot).screen).toBe(screen));

  it('is where the address says, when it says so', async () => {
    location.hash = '#/activity';
    router = new Router();
    const stop = new AppState(router).open();
    await settle();
    expect(router.route.screen).toBe('activity');
    stop();
  });

  it('is there before the figures of Home are', async () => {
    let answer = () => {};
    program.on('read_home', () => new Promise((resume) => (answer = () => resume(home()))));
    const app = new AppState(router);
    const stop = app.open();
    await settle();
    expect([app.start?.current, app.home, router.route.screen]).toEqual([start().current, undefined, 'home']);
    answer();
    await settle();
    expect(app.home).toEqual(home());
    stop();
  });
});

describe('the shared state', () => {
  it('takes language and theme from the preferences', async () => {
    program.on('read_start', () => start({ preferences: { ...preferences, language: 'fr', theme: 'dark' } }));
    const stop = new AppState(router).open();
    const taken = () => [
      language.current,
      document.documentElement.lang,
      document.documentElement.dataset.theme,
    ];
    await vi.waitFor(() => expect(taken()).toEqual(['fr', 'fr', 'dark']));
    stop();
    await language.choose('en');
  });

  it('reads again what the program says has changed', async () => {
    const app = new AppState(router);
    const stop = app.open();
    await settle();
    program.asked.length = 0;
    program.send({ kind: 'changed', topics: ['home', 'contacts'] });
    await settle();
    expect(program.asked.map((each) => each.name)).toEqual(['read_home']);
    expect(app.changed).toEqual({ start: 0, home: 1, contacts: 1, activity: 0 });
    stop();
  });

  it('says why it could not start, and starts when asked again', async () => {
    let works = false;
    program.on('read_start', () => {
      if (works) return start();
      throw { code: 'folder_in_use', message: 'locked', hint: null, retryAfterSeconds: null, service: null };
    });
    const app = new AppState(router);
    const stop = app.open();
    await settle();
    expect(app.failure?.code).toBe('folder_in_use');
    works = true;
    await app.again();
    expect([app.failure, app.company?.name]).toEqual([undefined, 'Tidewater Ceramics']);
    stop();
  });

  it('goes where the tray asks', async () => {
    const app = new AppState(router);
    const stop = app.open();
    await settle();
    program.send({ kind: 'open', place: 'settings' });
    expect(router.route.screen).toBe('settings');
    stop();
  });

  it('keeps the reason why a sync could not begin until the next one', async () => {
    const app = new AppState(router);
    const stop = app.open();
    await settle();
    program.on('start_sync', () => {
      throw { code: 'busy', message: '', hint: null, retryAfterSeconds: null, service: null };
    });
    await app.syncNow();
    expect(app.syncProblem?.code).toBe('busy');
    program.on('start_sync', () => ({}));
    await app.syncNow();
    expect(app.syncProblem).toBeUndefined();
    stop();
  });
});

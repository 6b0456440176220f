/** The state of a set-up over a fake program, for unit tests. */
import { useTransport } from '../ipc';
import type { Draft, Start, Work } from '../ipc';
import { FakeTransport } from '../ipc/fake';
import { AppState } from '../state/app.svelte';
import { Router } from '../state/router.svelte';
import { SetupState } from '../state/setup.svelte';
import { account, audiences, details, otherAccount, start } from './tidewater';

const host = (): Pick<Window, 'location' | 'addEventListener' | 'removeEventListener'> => {
  const location = { hash: '', replace: (to: string) => void (location.hash = to) };
  return {
    location: location as unknown as Location,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
};

export interface Bench {
  wire: FakeTransport;
  app: AppState;
  router: Router;
  setup: SetupState;
  /** Tells of work, as the program does. */
  tell: (work: Work) => void;
  /** How often a command was asked. */
  times: (name: string) => number;
}

export function bench(draft: Draft | null, change: Partial<Start> = {}): Bench {
  const wire = new FakeTransport()
    .on('save_draft', (saved) => saved)
    .on('read_company_details', () => details)
    .on('list_accounts', () => [account, otherAccount])
    .on('list_audiences', () => audiences)
    .on('forecast_status', () => ({
      newContacts: 877,
      alreadyThere: 318,
      subscribed: 0,
      unsubscribed: 0,
      notSubscribed: 877,
    }))
    .on('check_email', ({ text }) =>
      text.startsWith('info@') ? { kind: 'role', role: 'info' } : { kind: 'good' },
    );
  useTransport(wire);
  const router = new Router(host());
  const app = new AppState(router);
  app.adopt(start({ draft, ...change }));
  return {
    wire,
    app,
    router,
    setup: new SetupState(app, router),
    tell: (work) => app.receive({ kind: 'work', work }),
    times: (name) => wire.asked.filter((each) => each.name === name).length,
  };
}

/**
 * The keyboard of the window: one table from a chord to what it does. Keys inside of a part (tables,
 * tabs, lists) belong to that part.
 */
import { app } from './app.svelte';
import { router, type Route } from './router.svelte';
import { setup } from './setup.svelte';
import { slips } from './slips.svelte';

/** `ctrl+1`, `alt+arrowleft`, `shift+f6`, `/`; Cmd counts as Ctrl on macOS. */
export function chord(event: KeyboardEvent, mac: boolean): string {
  const control = mac ? event.metaKey : event.ctrlKey;
  const parts = [control && 'ctrl', event.altKey && 'alt', event.shiftKey && event.key.length > 1 && 'shift'];
  return [...parts.filter(Boolean), event.key.toLowerCase()].join('+');
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches('input:not([type="checkbox"], [type="radio"]), textarea, [contenteditable]');

/** What closes on Esc, latest last: a detail beside its list, for example. */
const closers: (() => void)[] = [];

/** Closes something on Esc until the returned function is called. */
export function closeOnEscape(close: () => void): () => void {
  closers.push(close);
  return () => {
    const at = closers.lastIndexOf(close);
    if (at >= 0) closers.splice(at, 1);
  };
}

const layerOpen = () =>
  document.querySelector('[data-bits-floating-content-wrapper], [role="alertdialog"]') !== null;

function escape(): boolean {
  if (layerOpen()) return false;
  const close = closers.at(-1);
  close?.();
  return close !== undefined;
}

function go(route: Route): () => boolean {
  return () => {
    if (!app.connected || layerOpen()) return false;
    router.go(route);
    return true;
  };
}

/** Puts the focus on, or presses, the one element of its kind on the page. */
function reach(selector: string, how: 'focus' | 'click'): () => boolean {
  return () => {
    const element = document.querySelector<HTMLElement>(selector);
    if (!element || layerOpen()) return false;
    element[how]();
    if (element instanceof HTMLInputElement) element.select();
    return true;
  };
}

const REGIONS = '[data-region], main';
const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';

/** Where the focus enters a region; nothing where all that takes it is in regions within. */
const entry = (region: HTMLElement): HTMLElement | undefined =>
  [...region.querySelectorAll<HTMLElement>(FOCUSABLE)].find(
    (each) => (each.tabIndex >= 0 || each.tagName === 'H1') && each.closest(REGIONS) === region,
  );

/** Rail, list, detail, footer: the focus goes round them. */
function region(step: 1 | -1): () => boolean {
  return () => {
    if (layerOpen()) return false;
    const all = [...document.querySelectorAll<HTMLElement>(REGIONS)].filter(entry);
    const here = all.findLastIndex((each) => each.contains(document.activeElement));
    const next = all.at((here + step) % all.length);
    if (!next) return false;
    entry(next)?.focus();
    return true;
  };
}

function step(direction: 'back' | 'next'): () => boolean {
  return () => {
    const does = router.route.screen === 'set-up' ? setup[direction] : undefined;
    if (layerOpen() || !does) return false;
    does();
    return true;
  };
}

interface Binding {
  does: () => boolean | Promise<boolean>;
  /** Also while something is typed. */
  typing?: boolean;
}

export const bindings: Record<string, Binding> = {
  'ctrl+1': { does: go({ screen: 'home' }), typing: true },
  'ctrl+2': { does: go({ screen: 'contacts' }), typing: true },
  'ctrl+3': { does: go({ screen: 'activity' }), typing: true },
  'ctrl+,': { does: go({ screen: 'settings' }), typing: true },
  'ctrl+o': { does: reach('[data-switch-company]', 'click'), typing: true },
  'ctrl+f': { does: reach('[data-search]', 'focus'), typing: true },
  '/': { does: reach('[data-search]', 'focus') },
  'ctrl+r': {
    does: () => {
      if (app.connected && !app.running) void app.syncNow();
      // Never the reload of a browser.
      return true;
    },
    typing: true,
  },
  f6: { does: region(1), typing: true },
  'shift+f6': { does: region(-1), typing: true },
  escape: { does: escape, typing: true },
  'ctrl+z': { does: () => slips.undoable && slips.undoLatest() },
  'alt+arrowleft': { does: step('back'), typing: true },
  'alt+arrowright': { does: step('next'), typing: true },
};

/** Handles a key of the window. */
export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const binding = bindings[chord(event, app.start?.platform === 'macos')];
  if (!binding || (typing(event.target) && !binding.typing)) return;
  if (binding.does()) event.preventDefault();
}

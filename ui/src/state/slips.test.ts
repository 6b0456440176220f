import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { language } from '../i18n/language.svelte';
import { m } from '../i18n/messages';
import { Slips } from './slips.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('slips', () => {
  it('speak the language that is chosen while they show', async () => {
    const slips = new Slips();
    const before = language.current;
    slips.show(m.settings_diagnostics_copied);
    const said = async (chosen: string) => {
      await language.choose(chosen);
      return slips.shown[0]?.words();
    };
    expect(await said('de')).not.toBe(await said('en'));
    await language.choose(before);
  });
  it('go after eight seconds', () => {
    const slips = new Slips();
    slips.show(() => '3 left alone');
    vi.advanceTimersByTime(7_999);
    expect(slips.shown).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(slips.shown).toHaveLength(0);
  });
  it('stay while someone reads them', () => {
    const slips = new Slips();
    slips.show(() => '3 left alone');
    const id = slips.shown[0]?.id ?? 0;
    slips.pause(id);
    vi.advanceTimersByTime(60_000);
    expect(slips.shown).toHaveLength(1);
    slips.resume(id);
    vi.advanceTimersByTime(8_000);
    expect(slips.shown).toHaveLength(0);
  });
  it('undo the latest change that can be, once', async () => {
    const slips = new Slips();
    const undone: string[] = [];
    slips.show(
      () => 'first',
      () => void undone.push('first'),
    );
    slips.show(
      () => 'second',
      () => void undone.push('second'),
    );
    slips.show(() => 'third');
    expect(await slips.undoLatest()).toBe(true);
    expect(await slips.undoLatest()).toBe(true);
    expect(await slips.undoLatest()).toBe(false);
    expect(undone).toEqual(['second', 'first']);
  });
});

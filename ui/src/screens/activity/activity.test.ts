import { beforeEach, describe, expect, it, vi } from 'vitest';
import { saidOf } from '../../i18n/words';
import { useTransport, type ChangeQuery } from '../../ipc';
import type { FakeTransport } from '../../ipc/fake';
import { AppState } from '../../state/app.svelte';
import { Router } from '../../state/router.svelte';
import { program, runs, undoPreview } from '../../testing/connected';
import { ActivityState } from './activity.svelte';

let fake: FakeTransport;
beforeEach(() => {
  location.hash = '';
  fake = program();
  useTransport(fake);
});

describe('Activity', () => {
  it('opens the newest run', async () => {
    const activity = new ActivityState('1');
    await activity.load();
    expect(activity.selected).toBe('r1');
    expect(activity.changes.total).toBe(13);
  });

  it('stays with the chosen run when a newer one comes', async () => {
    const activity = new ActivityState('1');
    await activity.load();
    await activity.select('r5');
    const newer = { ...(runs[0] as (typeof runs)[number]), run: 'r0' };
    fake.on('list_runs', () => ({ total: 10, rows: [newer, ...runs], since: null }));
    await activity.load();
    expect(activity.selected).toBe('r5');
    expect(activity.runs?.[0]?.run).toBe('r0');
  });

  it('asks for the changes with the filters', async () => {
    const activity = new ActivityState('1');
    await activity.load();
    activity.filter({ kinds: ['orders'], outcome: 'refused' });
    await vi.waitFor(() => {
      const last = fake.asked.findLast((each) => each.name === 'list_changes')?.request as ChangeQuery;
      expect(last).toMatchObject({ run: 'r1', kinds: ['orders'], outcome: 'refused' });
    });
  });

  it('undoes only what the preview showed', async () => {
    fake.on('start_undo_preview', () => ({})).on('start_undo', () => ({}));
    const app = new AppState(new Router());
    const stop = app.open();
    const activity = new ActivityState('1', app);
    await activity.load();
    expect(await activity.undo()).toBe(false);
    await activity.look();
    fake.send({
      kind: 'work',
      work: {
        id: 1,
        task: 'previewUndo',
        company: '1',
        byItself: false,
        startedAt: new Date().toISOString(),
        state: { kind: 'done', outcome: { kind: 'undoPreview', preview: undoPreview } },
      },
    });
    activity.follow();
    expect(activity.preview).toEqual(undoPreview);
    expect(await activity.undo()).toBe(true);
    expect(fake.asked.at(-1)).toEqual({ name: 'start_undo', request: { company: '1', run: 'r1' } });
    stop();
  });
});

describe('what was said about a change', () => {
  const said = (change: Partial<Parameters<typeof saidOf>[0]>) =>
    saidOf({ detail: null, remark: null, without: [], ...change });

  it('is in the words of the service, or in ours where it said nothing', () => {
    expect(said({})).toBeUndefined();
    expect(said({ detail: 'Too long' })).toBe('Too long');
    expect(said({ remark: 'not_there' })).toBe('Not in Mailchimp');
  });
  it('names the fields that it is about', () => {
    expect(said({ detail: 'Too long', without: ['firstName', 'address'] })).toBe(
      'Without first name and address: Too long',
    );
    expect(said({ remark: 'value_refused', without: ['phone'] })).toBe(
      'Without phone: Mailchimp does not take a value',
    );
  });
});

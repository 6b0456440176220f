import { beforeEach, describe, expect, it } from 'vitest';
import { useTransport, type CompanySettings, type SaveSettings } from '../../ipc';
import type { FakeTransport } from '../../ipc/fake';
import { Router } from '../../state/router.svelte';
import { program } from '../../testing/connected';
import { DisconnectState } from '../disconnect/disconnect.svelte';
import { ConnectionForm } from './settings.svelte';

let fake: FakeTransport;
beforeEach(() => {
  location.hash = '';
  fake = program();
  useTransport(fake);
});

async function open(router = new Router()) {
  const form = new ConnectionForm('1', router);
  await form.read();
  return form;
}

describe('the settings of a connection', () => {
  it('cannot be saved unchanged, and are as before when discarded', async () => {
    const form = await open();
    expect(form.ready).toBe(false);
    form.change({ tag: 'Shop' });
    expect(form.ready).toBe(true);
    form.discard();
    expect(form.changed).toBe(false);
  });

  it('want to know how people agreed before they are subscribed', async () => {
    const form = await open();
    form.change({ status: 'subscribed' });
    expect(form.ready).toBe(false);
    form.change({ grounds: 'Ticked a box in the shop' });
    expect(form.ready).toBe(true);
  });

  it('take rules and exceptions, and want their grounds too', async () => {
    const form = await open();
    await form.addRule({ kind: 'country', country: 'DE' }, 'subscribed');
    expect(form.wrong).toBe('groundsOfRule');
    await form.changeRule(1, { grounds: 'Asked at the fair' });
    expect(form.ready).toBe(true);
    await form.addException({ customer: 'c9', name: 'Ada', email: null, status: 'subscribed', grounds: '' });
    expect(form.wrong).toBe('groundsOfException');
    await form.changeException('c9', { status: 'unsubscribed' });
    expect(form.ready).toBe(true);
    form.discard();
    expect(form.settings?.rules).toHaveLength(1);
  });

  it('lead to the plan once they are saved', async () => {
    const router = new Router();
    fake.on('save_settings', ({ company, settings }: SaveSettings): CompanySettings => ({
      company,
      name: 'A',
      account: 'B',
      audience: 'C',
      settings,
    }));
    const form = await open(router);
    form.change({ phones: true });
    await form.save();
    expect(router.route).toEqual({ screen: 'home', query: { show: 'plan', fresh: '1' } });
  });
});

describe('disconnecting', () => {
  it('says what would happen before it begins', async () => {
    const router = new Router();
    fake.on('start_disconnect', () => ({}));
    const leaving = new DisconnectState('1', router);
    await leaving.read();
    expect(leaving.preview?.orders).toBe(5177);
    expect(fake.asked.some((each) => each.name === 'start_disconnect')).toBe(false);
    expect(await leaving.begin()).toBe(true);
    expect(router.route.screen).toBe('home');
  });

  it('stays open with the reason when it could not begin', async () => {
    fake.on('start_disconnect', () => {
      throw { code: 'busy', message: '', hint: null, retryAfterSeconds: null, service: null };
    });
    const leaving = new DisconnectState('1', new Router());
    expect(await leaving.begin()).toBe(false);
    expect(leaving.failure?.code).toBe('busy');
  });
});

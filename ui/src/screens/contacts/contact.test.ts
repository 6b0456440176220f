import { beforeEach, describe, expect, it } from 'vitest';
import { useTransport } from '../../ipc';
import type { FakeTransport } from '../../ipc/fake';
import { Slips } from '../../state/slips.svelte';
import { program } from '../../testing/connected';
import { ContactDetailState } from './contact.svelte';

let fake: FakeTransport;
beforeEach(() => {
  fake = program();
  useTransport(fake);
});

describe('a contact', () => {
  it('can be left alone, and that can be taken back', async () => {
    const slips = new Slips();
    const contact = new ContactDetailState('1', slips);
    await contact.read('c1');
    await contact.leaveAlone(true);
    await slips.undoLatest();
    const wanted = fake.asked
      .filter((each) => each.name === 'leave_alone')
      .map((each) => (each.request as { leaveAlone: boolean }).leaveAlone);
    expect(wanted).toEqual([true, false]);
  });

  it('shows the one that was opened last, however late an answer comes', async () => {
    const contact = new ContactDetailState('1');
    await Promise.all([contact.read('c1'), contact.read('c4')]);
    expect(contact.detail?.row.name).toBe('Rosa Delgado');
  });

  it('says why it could not be read', async () => {
    fake.on('read_contact', () => {
      throw { code: 'not_found', message: '', hint: null, retryAfterSeconds: null, service: null };
    });
    const contact = new ContactDetailState('1');
    await contact.read('gone');
    expect(contact.failure?.code).toBe('not_found');
    expect(contact.detail).toBeUndefined();
  });
});

/** What was done to a record, in a few words, with its mark. */
import type { MarkKind } from '../../components/Mark.svelte';
import type { ActionCode } from '../../ipc';
import { m } from '../../i18n/messages';

export const actionWords: Record<ActionCode, { mark: MarkKind; word: () => string }> = {
  create_store: { mark: 'new', word: m.action_create_store },
  start_syncing: { mark: 'done', word: m.action_start_syncing },
  stop_syncing: { mark: 'done', word: m.action_stop_syncing },
  remove_store: { mark: 'deleted', word: m.action_remove_store },
  create_product: { mark: 'new', word: m.action_create_product },
  update_product: { mark: 'updated', word: m.action_update_product },
  create_contact: { mark: 'new', word: m.action_create_contact },
  update_contact: { mark: 'updated', word: m.action_update_contact },
  move_contact: { mark: 'updated', word: m.action_move_contact },
  archive_contact: { mark: 'left', word: m.action_archive_contact },
  tag_contact: { mark: 'updated', word: m.action_tag_contact },
  untag_contact: { mark: 'updated', word: m.action_untag_contact },
  create_order: { mark: 'new', word: m.action_create_order },
  update_order: { mark: 'updated', word: m.action_update_order },
  remove_order: { mark: 'deleted', word: m.action_remove_order },
};

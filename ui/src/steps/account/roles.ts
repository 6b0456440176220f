/** Mailchimp's roles in the window's language; a role it adds later is shown as Mailchimp names it. */
import { m } from '../../i18n/messages';

const names: Readonly<Record<string, () => string>> = {
  owner: m.role_owner,
  admin: m.role_admin,
  manager: m.role_manager,
  author: m.role_author,
  viewer: m.role_viewer,
};

export const roleName = (role: string): string => names[role]?.() ?? role;

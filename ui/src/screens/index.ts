import type { Component } from 'svelte';
import type { WorkScreen } from '../state/router.svelte';

/** The screens with the app rail; each is read when it is first shown. */
export const screens: Record<WorkScreen, () => Promise<{ default: Component }>> = {
  home: () => import('./home/HomeScreen.svelte'),
  contacts: () => import('./contacts/ContactsScreen.svelte'),
  activity: () => import('./activity/ActivityScreen.svelte'),
  settings: () => import('./settings/SettingsScreen.svelte'),
};

import type { Component } from 'svelte';
import type { WorkScreen } from '../state/router.svelte';
import ActivityScreen from './activity/ActivityScreen.svelte';
import ContactsScreen from './contacts/ContactsScreen.svelte';
import HomeScreen from './home/HomeScreen.svelte';
import SettingsScreen from './settings/SettingsScreen.svelte';

/** The screens with the app rail. A screen that is not here has no entry in the rail. */
export const screens: Partial<Record<WorkScreen, Component>> = {
  home: HomeScreen,
  contacts: ContactsScreen,
  activity: ActivityScreen,
  settings: SettingsScreen,
};

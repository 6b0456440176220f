import type { Component } from 'svelte';
import type { Step } from '../ipc';

/** The page of each step of the set-up, and Welcome; each is read when it is first shown. */
export const stepPages: Record<Step | 'welcome', () => Promise<{ default: Component }>> = {
  welcome: () => import('./welcome/WelcomePage.svelte'),
  quickbooks: () => import('./quickbooks/QuickbooksStep.svelte'),
  account: () => import('./account/AccountStep.svelte'),
  audience: () => import('./audience/AudienceStep.svelte'),
  status: () => import('./status/StatusStep.svelte'),
  review: () => import('./review/ReviewStep.svelte'),
  sync: () => import('./sync/SyncStep.svelte'),
};

import type { Component } from 'svelte';
import type { Step } from '../ipc';
import AccountStep from './account/AccountStep.svelte';
import AudienceStep from './audience/AudienceStep.svelte';
import QuickbooksStep from './quickbooks/QuickbooksStep.svelte';
import ReviewStep from './review/ReviewStep.svelte';
import StatusStep from './status/StatusStep.svelte';
import SyncStep from './sync/SyncStep.svelte';
import WelcomePage from './welcome/WelcomePage.svelte';

/** The page of each step of the set-up, and Welcome. */
export const stepPages: Record<Step | 'welcome', Component> = {
  welcome: WelcomePage,
  quickbooks: QuickbooksStep,
  account: AccountStep,
  audience: AudienceStep,
  status: StatusStep,
  review: ReviewStep,
  sync: SyncStep,
};

import type { Component } from 'svelte';
import type { Step } from '../ipc';
import AccountStep from './account/AccountStep.svelte';
import AudienceStep from './audience/AudienceStep.svelte';
import QuickbooksStep from './quickbooks/QuickbooksStep.svelte';
import WelcomePage from './welcome/WelcomePage.svelte';

/** The page of each step of the set-up, and Welcome. */
export const stepPages: Partial<Record<Step | 'welcome', Component>> = {
  welcome: WelcomePage,
  quickbooks: QuickbooksStep,
  account: AccountStep,
  audience: AudienceStep,
};

import type { Component } from 'svelte';
import type { Step } from '../ipc';

/** The page of each step of the set-up, and Welcome. */
export const stepPages: Partial<Record<Step | 'welcome', Component>> = {};

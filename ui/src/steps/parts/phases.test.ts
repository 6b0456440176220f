import { expect, it } from 'vitest';
import type { PhaseProgress } from '../../ipc';
import { phaseState } from './phases';

const store: PhaseProgress = {
  phase: 'store',
  done: 0,
  total: 2,
  refused: 0,
  startedAt: null,
  endedAt: null,
};
const then = '2026-11-22T10:24:00Z';

it('waits only for what has not begun', () => {
  expect(phaseState(store)).toBe('later');
  expect(phaseState({ ...store, done: 1, startedAt: then })).toBe('now');
  expect(phaseState({ ...store, done: 1, startedAt: then, endedAt: then })).toBe('begun');
  expect(phaseState({ ...store, done: 2, startedAt: then, endedAt: then })).toBe('done');
});

import type { LegState } from '../../components/Route.svelte';
import type { HeldUp, Home, Service } from '../../ipc';
import { errors } from '../../ipc/errors';

/** Whether a service stands in the way, although it is reached and signed in to. */
export const blocks = ({ state }: Home, service: Service): boolean =>
  'error' in state && errors[state.error.code].at === service;

/** How the way between this computer and a service is: one that stands in the way is not shown as connected. */
export function leg(home: Home, service: Service, heldUp?: HeldUp | null): LegState {
  const { state } = home;
  const { standing } = home[service];
  if (state.kind === 'disconnected' || standing === 'signedOut' || blocks(home, service)) return 'stopped';
  if (heldUp?.why === 'noConnection' && heldUp.service === service) return 'paused';
  if (state.kind === 'paused') return 'paused';
  if (state.kind === 'offline' && (!state.service || state.service === service)) return 'paused';
  if (standing === 'connected') return 'connected';
  return state.kind === 'stopped' ? 'stopped' : 'paused';
}

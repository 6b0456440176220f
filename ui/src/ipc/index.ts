import { isTauri } from '@tauri-apps/api/core';
import { HttpTransport } from './http';
import { TauriTransport } from './tauri';
import {
  callError,
  type CallError,
  type CommandName,
  type Reply,
  type Request,
  type Transport,
} from './transport';

export type * from './generated';
export {
  CallError,
  callError,
  type CommandName,
  type Reply,
  type Request,
  type Transport,
} from './transport';

let transport: Transport = isTauri() ? new TauriTransport() : new HttpTransport();

/** For tests: everything is asked here from now on. */
export function useTransport(other: Transport): void {
  transport = other;
}

/** Asks the program; rejects with a `CallError`. */
export const call = <Name extends CommandName>(name: Name, request: Request<Name>): Promise<Reply<Name>> =>
  transport.call(name, request);

/**
 * Tries something that asks the program, and tells what became of it: first that there is no refusal, then
 * the refusal if there is one. `true` when there is none.
 */
export async function attempt(
  what: () => Promise<unknown>,
  tell: (refusal: CallError | undefined) => void,
): Promise<boolean> {
  tell(undefined);
  try {
    await what();
    return true;
  } catch (reason) {
    tell(callError(reason));
    return false;
  }
}

/** Follows the program until the returned function is called. */
export const watch: Transport['watch'] = (onMessage) => transport.watch(onMessage);

import { isTauri } from '@tauri-apps/api/core';
import { HttpTransport } from './http';
import { TauriTransport } from './tauri';
import type { CommandName, Reply, Request, Transport } from './transport';

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

/** Follows the program until the returned function is called. */
export const watch: Transport['watch'] = (onMessage) => transport.watch(onMessage);

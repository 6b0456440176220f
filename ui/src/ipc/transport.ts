/**
 * How the window talks to the program: one typed call per command and one stream of messages. Which
 * implementation is used is decided once, at the start; nothing else in the window knows the host.
 */
import type { Commands, ErrorCode, Message, Service, WireError } from './generated';

export type CommandName = keyof Commands;
export type Request<Name extends CommandName> = Commands[Name][0];
export type Reply<Name extends CommandName> = Commands[Name][1];

export interface Transport {
  /** Rejects with a {@link CallError} and with nothing else. */
  call<Name extends CommandName>(name: Name, request: Request<Name>): Promise<Reply<Name>>;
  /**
   * Follows the program. The first message is a snapshot; another snapshot follows whenever the
   * stream had to be opened again. Stops at once when the returned function is called.
   */
  watch(onMessage: (message: Message) => void): () => void;
}

/** A command that failed, as the program described it. */
export class CallError extends Error implements WireError {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly retryAfterSeconds: number | null;
  readonly service: Service | null;

  constructor(error: WireError) {
    super(error.message);
    this.name = 'CallError';
    this.code = error.code;
    this.hint = error.hint;
    this.retryAfterSeconds = error.retryAfterSeconds;
    this.service = error.service;
  }
}

const isWireError = (value: unknown): value is WireError =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value;

/** Whatever a host rejects with, as the one kind of failure that the window knows. */
export function callError(reason: unknown): CallError {
  if (reason instanceof CallError) return reason;
  if (isWireError(reason)) return new CallError(reason);
  const message = reason instanceof Error ? reason.message : String(reason);
  return new CallError({ code: 'internal', message, hint: null, retryAfterSeconds: null, service: null });
}

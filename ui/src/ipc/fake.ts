import type { Message } from './generated';
import { callError, type CommandName, type Reply, type Request, type Transport } from './transport';

type Answer<Name extends CommandName> = (request: Request<Name>) => Reply<Name> | Promise<Reply<Name>>;

/** Answers from a table, for unit tests; remembers what was asked. */
export class FakeTransport implements Transport {
  readonly asked: { name: CommandName; request: unknown }[] = [];
  readonly #answers = new Map<CommandName, (request: never) => unknown>();
  readonly #watchers = new Set<(message: Message) => void>();

  /** Answers a command from now on; throw a `WireError` (or `CallError`) to refuse it. */
  on<Name extends CommandName>(name: Name, answer: Answer<Name>): this {
    this.#answers.set(name, answer as (request: never) => unknown);
    return this;
  }

  async call<Name extends CommandName>(name: Name, request: Request<Name>): Promise<Reply<Name>> {
    this.asked.push({ name, request });
    const answer = this.#answers.get(name) as Answer<Name> | undefined;
    try {
      if (!answer) throw new Error(`the test answers no ${name}`);
      return await answer(request);
    } catch (reason) {
      throw callError(reason);
    }
  }

  watch(onMessage: (message: Message) => void): () => void {
    this.#watchers.add(onMessage);
    onMessage({ kind: 'snapshot', work: null });
    return () => this.#watchers.delete(onMessage);
  }

  /** Sends a message to whoever follows. */
  send(message: Message): void {
    for (const watcher of this.#watchers) watcher(message);
  }
}

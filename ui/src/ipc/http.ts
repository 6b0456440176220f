import type { Message } from './generated';
import { callError, type CommandName, type Reply, type Request, type Transport } from './transport';

const AGAIN_AFTER_MS = 1_000;

/** The same commands over HTTP on loopback, for browser tests and for `npm run dev`. */
export class HttpTransport implements Transport {
  readonly #base: string;

  constructor(base = '') {
    this.#base = base;
  }

  async call<Name extends CommandName>(name: Name, request: Request<Name>): Promise<Reply<Name>> {
    try {
      const answer = await fetch(`${this.#base}/command/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      });
      const body: unknown = await answer.json();
      if (!answer.ok) throw callError(body);
      return body as Reply<Name>;
    } catch (reason) {
      throw callError(reason);
    }
  }

  watch(onMessage: (message: Message) => void): () => void {
    const stop = new AbortController();
    void this.#follow(onMessage, stop.signal);
    return () => stop.abort();
  }

  async #follow(onMessage: (message: Message) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const answer = await fetch(`${this.#base}/watch`, { signal });
        if (answer.ok && answer.body) {
          for await (const line of lines(answer.body)) {
            if (signal.aborted) return;
            onMessage(JSON.parse(line) as Message);
          }
        }
      } catch {
        // The server went away; it is asked again below, and begins with a snapshot.
      }
      if (!signal.aborted) await new Promise((resume) => setTimeout(resume, AGAIN_AFTER_MS));
    }
  }
}

/** The lines of a stream, without the empty ones that keep it open. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.trim()) yield part;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Message } from './generated';
import { HttpTransport } from './http';
import { CallError, callError } from './transport';

afterEach(() => void vi.unstubAllGlobals());
const answers = (...responses: Response[]) => {
  const asked: [string, RequestInit?][] = [];
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    asked.push([url, init]);
    return Promise.resolve(responses.shift() ?? new Promise(() => undefined));
  });
  return asked;
};

describe('a failure', () => {
  it('keeps what the program said of it', () => {
    const error = callError({
      code: 'throttled',
      message: 'slow',
      hint: 'wait',
      retryAfterSeconds: 30,
      service: null,
    });
    expect(error).toBeInstanceOf(CallError);
    expect([error.code, error.message, error.hint, error.retryAfterSeconds]).toEqual([
      'throttled',
      'slow',
      'wait',
      30,
    ]);
  });
  it('of the host itself is a fault of ours', () => {
    expect(callError('Command not allowed').code).toBe('internal');
    expect(callError(new TypeError('Failed to fetch')).message).toBe('Failed to fetch');
  });
});

describe('over HTTP', () => {
  it('a command is posted by its name and its refusal is a failure', async () => {
    const refused = {
      code: 'not_found',
      message: 'gone',
      hint: null,
      retryAfterSeconds: null,
      service: null,
    };
    const asked = answers(Response.json({ company: '7' }), Response.json(refused, { status: 404 }));
    const transport = new HttpTransport();
    expect(await transport.call('choose_company', { company: '7' })).toEqual({ company: '7' });
    expect(asked[0]?.[0]).toBe('/command/choose_company');
    expect(asked[0]?.[1]?.body).toBe('{"company":"7"}');
    await expect(transport.call('choose_company', { company: '8' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('messages arrive whole however the stream is cut', async () => {
    const bytes = new TextEncoder().encode(
      '{"kind":"snapshot","work":null}\n\n{"kind":"changed","topics":["home"]}\n',
    );
    const cut = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
        controller.close();
      },
    });
    answers(new Response(cut));
    const heard: Message[] = [];
    const stop = new HttpTransport().watch((message) => heard.push(message));
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard.map((message) => message.kind)).toEqual(['snapshot', 'changed']);
    stop();
  });
});

import { Channel, invoke } from '@tauri-apps/api/core';
import type { Message } from './generated';
import { callError, type CommandName, type Reply, type Request, type Transport } from './transport';

/** The window of the application. */
export class TauriTransport implements Transport {
  async call<Name extends CommandName>(name: Name, request: Request<Name>): Promise<Reply<Name>> {
    try {
      return await invoke<Reply<Name>>(name, { request });
    } catch (reason) {
      throw callError(reason);
    }
  }

  watch(onMessage: (message: Message) => void): () => void {
    const channel = new Channel<Message>(onMessage);
    // The shell holds the channel until the window is gone; a failure here is a fault of ours.
    void invoke('watch', { channel });
    return () => {
      channel.onmessage = () => undefined;
    };
  }
}

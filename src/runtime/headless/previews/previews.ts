/**
 * Previews: pages of the sandbox's servers under an origin of their own, `http://PORT.ID.localhost:…`, which the server of the
 * application relays to this page. A host of files alone cannot, and then there are none.
 */
import { type Network, PreviewConnection } from './connection.ts';
import {
  decodeData,
  type ErrorForwarding,
  encodeData,
  type PageMessage,
  PREVIEW_PATH,
  type PreviewScript,
  type ServerMessage,
} from './wire.ts';

const NO_PREVIEWS =
  'Previews need the server of `npm start`: a host of files alone cannot give a sandbox an origin of its own';

export interface PreviewOptions {
  readonly forwardErrors: ErrorForwarding;
  /** Told what pages of previews report; the server has checked its form. */
  readonly onReport: (message: unknown) => void;
}

export class Previews {
  readonly #network: () => Network | null;
  readonly #options: PreviewOptions;
  #link: Promise<Link | null> | null = null;
  #script: PreviewScript | null = null;
  #closed = false;

  /** `network` gives that of the kernel of that time; null when there is none. */
  constructor(network: () => Network | null, options: PreviewOptions) {
    this.#network = network;
    this.#options = options;
  }

  /** The address of what listens at a port; one that leads nowhere, but tells the port, when there are no previews. */
  async urlOf(port: number): Promise<string> {
    const link = await this.#connect();
    return link ? `${location.protocol}//${port}.${link.host}` : `http://localhost:${port}`;
  }

  /** Pages of previews that load later have the script. Rejects, with one sentence, where there are no previews. */
  async setScript(script: PreviewScript): Promise<void> {
    this.#script = script;
    const link = await this.#connect();
    if (!link) throw new Error(NO_PREVIEWS);
    await link.configure(this.#script, this.#options.forwardErrors);
  }

  close(): void {
    this.#closed = true;
    void this.#link?.then((link) => link?.close());
  }

  #connect(): Promise<Link | null> {
    if (this.#closed) return Promise.resolve(null);
    this.#link ??= this.#open();
    return this.#link;
  }

  async #open(): Promise<Link | null> {
    const link = await openLink(this.#network, this.#options.onReport);
    // Whoever asks after a loss tries again.
    void link?.lost.then(() => {
      this.#link = null;
    });
    await link?.configure(this.#script, this.#options.forwardErrors);
    return link;
  }
}

interface Link {
  readonly host: string;
  readonly lost: Promise<void>;
  /** Resolves when the server has taken it. */
  configure(script: PreviewScript | null, forwardErrors: ErrorForwarding): Promise<void>;
  close(): void;
}

/** null when nobody answers. */
function openLink(network: () => Network | null, onReport: (message: unknown) => void): Promise<Link | null> {
  const connections = new Map<number, PreviewConnection>();
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${PREVIEW_PATH}`);
  socket.binaryType = 'arraybuffer';
  const say = (message: PageMessage) => socket.send(JSON.stringify(message));
  const lost = Promise.withResolvers<void>();
  const configured: (() => void)[] = [];
  const open = (number: number, port: number) => {
    const kernel = network();
    if (!kernel) return say({ type: 'refused', connection: number });
    const connection = new PreviewConnection(kernel, port, {
      say: (type, bytes = 0) => {
        if (socket.readyState === WebSocket.OPEN) say({ type, connection: number, bytes });
      },
      send: (data) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(encodeData(number, data));
      },
      closed: () => connections.delete(number),
    });
    connections.set(number, connection);
  };
  return new Promise((resolve) => {
    socket.onclose = () => {
      for (const connection of connections.values()) connection.close();
      lost.resolve();
      resolve(null);
    };
    const link = (host: string): Link => ({
      host,
      lost: lost.promise,
      configure: (script, forwardErrors) => {
        say({ type: 'settings', script, forwardErrors });
        return Promise.race([lost.promise, new Promise<void>((taken) => configured.push(taken))]);
      },
      close: () => socket.close(),
    });
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data !== 'string') {
        const { connection, data: bytes } = decodeData(new Uint8Array(data));
        connections.get(connection)?.write(bytes);
        return;
      }
      const message = JSON.parse(data) as ServerMessage;
      if (message.type === 'welcome') resolve(link(message.host));
      else if (message.type === 'configured') configured.shift()?.();
      else if (message.type === 'open') open(message.connection, message.port);
      else if (message.type === 'report') onReport(message.message);
      else connections.get(message.connection)?.take(message);
    };
  });
}

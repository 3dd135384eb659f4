/** The server's end of the WebSocket of one headless page: connections to the servers of its sandbox. */
import type { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import {
  decodeData,
  encodeData,
  HEADER_BYTES,
  type PreviewSettings,
  type ServerMessage,
} from '../../runtime/headless/previews/wire.ts';
import { SandboxConnection } from './connection.ts';
import { readPageMessage } from './page-messages.ts';

/**
 * Requests and WebSockets at a time. A browser has 256 connections for all pages, 6 for one host: those that a sandbox never answers may
 * not take them from the application.
 */
const MOST_AT_A_TIME = 64;

/** What a request is answered with, or goes on with. */
type Answering = Pick<EventEmitter, 'once'>;

export class SandboxLink {
  settings: PreviewSettings = { script: null, forwardErrors: false };
  readonly #socket: WebSocket;
  readonly #connections = new Map<number, SandboxConnection>();
  #last = 0;
  #answering = 0;

  constructor(socket: WebSocket, host: string) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      const isTaken = isBinary ? this.#receive(data) : this.#take(data.toString());
      // Who does not speak the language of the headless page is none.
      if (!isTaken) socket.terminate();
    });
    // What breaks the rules of WebSockets; it is closed behind it.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const connection of this.#connections.values()) connection.hear({ type: 'refused' });
    });
    this.#say({ type: 'welcome', host });
  }

  /** Whether one more may be answered; counts it until it is closed. */
  admits(answering: Answering): boolean {
    if (this.#answering >= MOST_AT_A_TIME) return false;
    this.#answering++;
    answering.once('close', () => {
      this.#answering--;
    });
    return true;
  }

  /** The stream fails with "ECONNREFUSED" when nobody listens there. */
  connect(port: number): SandboxConnection {
    const number = ++this.#last;
    const connection = new SandboxConnection({
      say: (type, bytes = 0) => this.#say({ type, connection: number, bytes }),
      send: (data) => this.#socket.send(encodeData(number, data)),
      closed: () => this.#connections.delete(number),
    });
    this.#connections.set(number, connection);
    this.#say({ type: 'open', connection: number, port });
    return connection;
  }

  /** What a page of a preview has to say. */
  report(message: unknown): void {
    this.#say({ type: 'report', message });
  }

  #say(message: ServerMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  #receive(message: Buffer): boolean {
    if (message.length < HEADER_BYTES) return false;
    const { connection, data } = decodeData(message);
    this.#connections.get(connection)?.receive(data);
    return true;
  }

  #take(text: string): boolean {
    const message = readPageMessage(text);
    if (message === null) return false;
    if (message.type === 'settings') {
      this.settings = { script: message.script, forwardErrors: message.forwardErrors };
      this.#say({ type: 'configured' });
    } else {
      this.#connections.get(message.connection)?.hear(message);
    }
    return true;
  }
}

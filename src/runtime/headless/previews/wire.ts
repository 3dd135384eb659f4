/**
 * What passes between the headless page and the server of the application, so that a browser's requests to a preview reach the servers
 * of the sandbox: one WebSocket, text messages of the types below, binary messages with the bytes of a connection (its number as
 * Uint32, little-endian, in front).
 */

/** Where the headless page connects to. */
export const PREVIEW_PATH = '/.fixpoint/previews';

/** On each preview's own origin: where its page posts what it reports. */
export const REPORT_PATH = '/.fixpoint/report';

export interface PreviewScript {
  source: string;
  type?: string | undefined;
  defer?: boolean | undefined;
  async?: boolean | undefined;
}

export type ErrorForwarding = boolean | 'exceptions-only';

export interface PreviewSettings {
  /** In every page of a preview, when there is one. */
  script: PreviewScript | null;
  forwardErrors: ErrorForwarding;
}

type OfConnection<Type extends string> = { type: Type; connection: number };

/** `host`: a preview of port N has the host "N." and this. */
export type ServerMessage =
  | { type: 'welcome'; host: string }
  | { type: 'configured' }
  | (OfConnection<'open'> & { port: number })
  | ConnectionMessage
  | { type: 'report'; message: unknown };

export type PageMessage = ({ type: 'settings' } & PreviewSettings) | OfConnection<'refused'> | ConnectionMessage;

/** Of both: no more bytes will come, the connection is broken, or so many bytes were passed on. */
export type ConnectionMessage =
  | OfConnection<'end'>
  | OfConnection<'reset'>
  | (OfConnection<'took'> & { bytes: number });

/** So many bytes of a connection may be under way before one was passed on. */
const WINDOW_BYTES = 512 * 1024;

export const HEADER_BYTES = 4;

export function encodeData(connection: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(HEADER_BYTES + data.length);
  new DataView(message.buffer).setUint32(0, connection, true);
  message.set(data, HEADER_BYTES);
  return message;
}

export function decodeData(message: Uint8Array): { connection: number; data: Uint8Array } {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  return { connection: view.getUint32(0, true), data: message.subarray(HEADER_BYTES) };
}

/** What the other side has not passed on yet: who sends waits while it is too much. */
export class Credit {
  #underWay = 0;
  #waiting: (() => void)[] = [];

  spend(bytes: number): void {
    this.#underWay += bytes;
  }

  regain(bytes: number): void {
    this.#underWay -= bytes;
    if (this.#underWay < WINDOW_BYTES) for (const goOn of this.#waiting.splice(0)) goOn();
  }

  /** Calls back when there is room: at once, if there is. */
  whenRoom(goOn: () => void): void {
    if (this.#underWay < WINDOW_BYTES) goOn();
    else this.#waiting.push(goOn);
  }
}

/**
 * What the steps of a handshake work with. A handshake is a generator that yields where it has to wait: for the peer's next
 * message, or for the program's answer.
 */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { Alert, TlsFailure } from './failure.ts';
import { encodeMessage, type Message, MessageType } from './messages.ts';
import { ContentType, type Protection, type Records } from './records.ts';
import type { Facts, Hooks, Settings } from './settings.ts';
import type { TlsCrypto } from './tls-crypto.ts';
import { EMPTY } from './wire.ts';

export type Wait = 'message' | 'answer';
export type Steps<Result = void> = Generator<Wait, Result, Message | undefined>;

/** The messages so far. */
export class Transcript {
  readonly #crypto: TlsCrypto;
  #messages: Uint8Array[] = [];

  constructor(crypto: TlsCrypto) {
    this.#crypto = crypto;
  }
  add(message: Uint8Array): void {
    this.#messages.push(message);
  }
  /** With a message that is not there as a whole. */
  digest(hash: string, last: Uint8Array = EMPTY): Uint8Array {
    return this.#crypto.digest(hash, ...this.#messages, last);
  }
  bytes(): Uint8Array {
    return joinBytes(this.#messages);
  }
  /** With other bytes in place of a message. */
  digestInstead(hash: string, message: Uint8Array, bytes: Uint8Array): Uint8Array {
    return this.#crypto.digest(hash, ...this.#messages.map((one) => (one === message ? bytes : one)));
  }
  /** A digest stands for what there is: the client says hello again (RFC 8446, section 4.4.1). */
  condense(hash: string): void {
    this.#messages = [encodeMessage(MessageType.messageHash, this.digest(hash))];
  }
}

export interface HandshakeParts {
  crypto: TlsCrypto;
  settings: Settings;
  hooks: Hooks;
  facts: Facts;
  records: Records;
}

export class Handshake implements HandshakeParts {
  readonly crypto: TlsCrypto;
  settings: Settings;
  readonly hooks: Hooks;
  readonly facts: Facts;
  readonly records: Records;
  readonly transcript: Transcript;
  /** Whether bytes of a further message were there when the keys changed. */
  hasRest: () => boolean = () => false;

  constructor({ crypto, settings, hooks, facts, records }: HandshakeParts) {
    this.crypto = crypto;
    this.settings = settings;
    this.hooks = hooks;
    this.facts = facts;
    this.records = records;
    this.transcript = new Transcript(crypto);
  }

  send(type: number, ...parts: readonly Uint8Array[]): void {
    const message = encodeMessage(type, ...parts);
    this.transcript.add(message);
    this.records.write(ContentType.handshake, message);
  }

  /** The next message, of one of these types; it is not in the transcript yet. */
  *expect(...types: readonly number[]): Steps<Message> {
    const message = yield 'message';
    if (message === undefined || !types.includes(message.type)) {
      throw new TlsFailure('unexpected message', Alert.unexpectedMessage);
    }
    return message;
  }
  /** The same, and it is in the transcript. */
  *receive(...types: readonly number[]): Steps<Message> {
    const message = yield* this.expect(...types);
    this.transcript.add(message.whole);
    return message;
  }

  /** A message must not lie across a change of keys. */
  protectReads(protection: Protection): void {
    if (this.hasRest()) throw new TlsFailure('not on record boundary', Alert.unexpectedMessage);
    this.records.protectReads(protection);
  }
}

/**
 * One end of a TLS connection, over bytes: what the peer sent goes in (`push`), what it is to get comes out (`takeOutput`), and
 * `read` and `write` are the program's side. Nothing waits and nothing is called back but the hooks.
 */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { clientHandshake } from './client.ts';
import { Alert, TlsFailure } from './failure.ts';
import { Handshake, type HandshakeParts, type Steps, type Wait } from './handshake.ts';
import { type Message, MessageType } from './messages.ts';
import { ContentType, Records, type TlsRecord } from './records.ts';
import { serverHandshake } from './server.ts';
import { type Facts, newFacts, type Settings } from './settings.ts';
import { TLS13 } from './suites.ts';
import { EMPTY, WireReader } from './wire.ts';

const WARNING = 1;
const FATAL = 2;
const MESSAGE_HEADER = 4;
/** No message of a handshake is so long. */
const LARGEST_MESSAGE = 0x20000;
const MOST_WARNINGS = 5;
const USER_CANCELED = 90;

/** The program's data; or that more has to come first; or that the peer has said goodbye. */
export type ReadResult = Uint8Array | 'wait' | 'closed';

export class Connection {
  readonly facts: Facts = newFacts();
  readonly records = new Records();
  readonly #handshake: Handshake;
  readonly #steps: Steps;
  /** What the handshake waits for; null before it began. */
  #wait: Wait | null = null;
  /** Bytes of handshake messages that are not whole yet. */
  #rest: Uint8Array = EMPTY;
  #isEstablished = false;
  #failure: TlsFailure | null = null;
  #isPeerClosed = false;
  #saidGoodbye = false;
  #warnings = 0;

  constructor(parts: Omit<HandshakeParts, 'facts' | 'records'>) {
    const { hooks, settings } = parts;
    this.records.isServer = settings.isServer;
    const ownHooks = {
      ...hooks,
      handshakeDone: () => {
        this.#isEstablished = true;
        hooks.handshakeDone();
      },
    };
    this.#handshake = new Handshake({ ...parts, hooks: ownHooks, facts: this.facts, records: this.records });
    this.#handshake.hasRest = () => this.#rest.length > 0;
    this.#steps = parts.settings.isServer ? serverHandshake(this.#handshake) : clientHandshake(this.#handshake);
  }

  get isEstablished(): boolean {
    return this.#isEstablished;
  }
  get isPeerClosed(): boolean {
    return this.#isPeerClosed;
  }
  get settings(): Settings {
    return this.#handshake.settings;
  }
  /** What changes before the handshake comes to it. */
  change(settings: Partial<Settings>): void {
    this.#handshake.settings = { ...this.#handshake.settings, ...settings };
  }
  push(bytes: Uint8Array): void {
    this.records.push(bytes);
  }
  takeOutput(): Uint8Array {
    return this.records.takeOutput();
  }
  get hasOutput(): boolean {
    return this.records.hasOutput;
  }

  /** Goes on with what is there. Throws TlsFailure once, when the connection has failed: the alert is in the output then. */
  read(): ReadResult {
    if (this.#failure !== null) return 'wait';
    try {
      return this.#read();
    } catch (error) {
      if (error instanceof TlsFailure) this.#fail(error);
      throw error;
    }
  }

  /** false when the handshake has to end first: nothing was written. Throws TlsFailure when it never will. */
  write(bytes: Uint8Array): boolean {
    if (this.#failure !== null) throw this.#failure;
    this.#begin();
    if (!this.#isEstablished) return false;
    this.records.write(ContentType.applicationData, bytes);
    return true;
  }

  /** The program has given the answer that the handshake waits for. */
  resume(): void {
    if (this.#wait === 'answer') this.#wait = 'message';
    this.#resumed = true;
  }
  #resumed = false;

  /** Says goodbye; what the peer sends is still read. */
  close(): void {
    if (!this.#isEstablished || this.#failure !== null || this.#saidGoodbye) return;
    this.#saidGoodbye = true;
    this.records.write(ContentType.alert, Uint8Array.of(WARNING, Alert.closeNotify));
  }

  /** Whoever first reads or writes lets a client say hello. */
  #begin(): void {
    if (this.#wait !== null) return;
    this.#wait = 'message';
    this.#step(undefined);
  }

  #fail(failure: TlsFailure): void {
    this.#failure = failure;
    if (failure.alert !== null) this.records.write(ContentType.alert, Uint8Array.of(FATAL, failure.alert));
  }

  #read(): ReadResult {
    this.#begin();
    if (this.#resumed) {
      this.#resumed = false;
      this.#step(undefined);
    }
    for (;;) {
      if (this.#isPeerClosed) return 'closed';
      this.#handleMessages();
      if (this.#wait === 'answer') return 'wait';
      const record = this.records.read();
      if (record === null) return 'wait';
      const data = this.#handle(record);
      if (data !== null && data.length > 0) return data;
    }
  }

  get #awaitsHello(): boolean {
    return this.settings.isServer && this.facts.version === 0;
  }

  /** Answers the program's data. */
  #handle({ type, content }: TlsRecord): Uint8Array | null {
    if (type !== ContentType.handshake && this.#awaitsHello) throw unexpected();
    if (type !== ContentType.handshake && this.#rest.length > 0) {
      throw new TlsFailure('mixed handshake and non handshake data', Alert.unexpectedMessage);
    }
    switch (type) {
      case ContentType.handshake:
        this.#rest = this.#rest.length === 0 ? content : joinBytes([this.#rest, content]);
        return null;
      case ContentType.alert:
        this.#handleAlert(content);
        return null;
      case ContentType.changeCipherSpec:
        this.#handleChange(content);
        return null;
      case ContentType.applicationData:
        if (!this.#isEstablished) throw unexpected();
        this.#warnings = 0;
        return content;
      default:
        throw new TlsFailure('unexpected record', Alert.unexpectedMessage);
    }
  }

  /** It means nothing in TLS 1.3, and before it is clear which version a server speaks. */
  #handleChange(content: Uint8Array): void {
    const { version } = this.facts;
    if (version === TLS13 && this.#isEstablished) throw new TlsFailure('bad record type', Alert.unexpectedMessage);
    if (content.length !== 1 || content[0] !== 1) {
      throw new TlsFailure('bad change cipher spec', Alert.unexpectedMessage);
    }
    if (this.#isEstablished) throw new TlsFailure('ccs received early', Alert.unexpectedMessage);
    if (version !== 0 && version !== TLS13) this.#deliver(changeOfCipher(content));
  }

  #handleAlert(content: Uint8Array): void {
    const [level, alert] = content;
    if (content.length !== 2 || alert === undefined) throw new TlsFailure('invalid alert', Alert.unexpectedMessage);
    if (alert === Alert.closeNotify) {
      this.#isPeerClosed = true;
      return;
    }
    const isWarning = alert === USER_CANCELED || (level === WARNING && this.facts.version !== TLS13);
    if (!isWarning) throw new TlsFailure({ received: alert });
    this.#warnings++;
    if (this.#warnings >= MOST_WARNINGS) throw new TlsFailure('too many warn alerts', Alert.unexpectedMessage);
  }

  /** The whole messages among what has come. */
  #handleMessages(): void {
    while (this.#wait === 'message' && this.#rest.length >= MESSAGE_HEADER) {
      const reader = new WireReader(this.#rest);
      const type = reader.number(1);
      const length = reader.number(3);
      if (length > LARGEST_MESSAGE) throw new TlsFailure('length mismatch', Alert.illegalParameter);
      if (this.#rest.length < MESSAGE_HEADER + length) return;
      const whole = this.#rest.slice(0, MESSAGE_HEADER + length);
      this.#rest = this.#rest.subarray(whole.length);
      // A server may wish to begin anew while the handshake goes on already (RFC 5246, section 7.4.1.1).
      const isPassedOver = type === MessageType.helloRequest && !this.settings.isServer && !this.#isEstablished;
      if (isPassedOver && length === 0) continue;
      this.#deliver({ type, body: whole.subarray(MESSAGE_HEADER), whole });
    }
  }

  #deliver(message: Message): void {
    this.#warnings = 0;
    this.#step(message);
  }
  #step(message: Message | undefined): void {
    const { done, value } = this.#steps.next(message);
    if (!done) this.#wait = value;
  }
}

const unexpected = (): TlsFailure => new TlsFailure('unexpected message', Alert.unexpectedMessage);

const changeOfCipher = (content: Uint8Array): Message => ({
  type: MessageType.changeCipherSpec,
  body: content,
  whole: EMPTY,
});

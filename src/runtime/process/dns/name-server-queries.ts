import type { Endpoint } from '../../kernel/network/endpoints.ts';
import type { ProcessContext } from '../context.ts';
import { errnoOfError } from '../streams/handle-wrap.ts';
import { type Answer, type DnsRecord, decodeAnswer, encodeQuestion, type RecordType } from './message.ts';

/** By RCODE, from 1 on. */
const FAILURES = ['EFORMERR', 'ESERVFAIL', 'ENOTFOUND', 'ENOTIMP', 'EREFUSED'];
/** Milliseconds, as c-ares has them. */
const DEFAULT_TIMEOUT = 2000;
const MIN_TIMEOUT = 250;

export interface QueryLimits {
  /** Milliseconds for the first try; below 1, the default. It doubles with each round. */
  timeout: number;
  /** For each server. */
  tries: number;
  /** Milliseconds; 0 is no limit. */
  maxTimeout: number;
}

/** `error` is a code of c-ares ("ENOTFOUND"). */
export type QueryCallback = (error: string | null, records: readonly DnsRecord[]) => void;

interface Query {
  readonly id: number;
  readonly question: Uint8Array;
  readonly done: QueryCallback;
  attempts: number;
  /** Every server so far has refused the message. */
  isRefused: boolean;
  timer: number;
}

/** Asks name servers on the loopback over UDP, as a channel of c-ares does. Each query is answered once, in a later turn. */
export class NameServerQueries {
  servers: readonly Endpoint[] = [];
  readonly #context: ProcessContext;
  readonly #limits: QueryLimits;
  readonly #pending = new Map<number, Query>();
  /** Open while something is pending. */
  #socket: number | null = null;

  constructor(context: ProcessContext, limits: QueryLimits) {
    this.#context = context;
    this.#limits = limits;
  }

  start(name: string, type: RecordType, done: QueryCallback): void {
    const id = this.#freeId();
    const question = encodeQuestion(id, name, type);
    this.#context.loop.ref();
    const query: Query = { id, question: question ?? new Uint8Array(), done, attempts: 0, isRefused: true, timer: 0 };
    this.#pending.set(id, query);
    if (question === null) this.#later(query, () => this.#finish(query, 'EBADNAME'));
    else this.#try(query);
  }

  /** All that is pending ends with ECANCELLED. */
  cancel(): void {
    for (const query of this.#pending.values()) this.#finish(query, 'ECANCELLED');
  }

  #freeId(): number {
    for (;;) {
      const id = Math.floor(Math.random() * 0x10000);
      if (!this.#pending.has(id)) return id;
    }
  }

  #try(query: Query): void {
    const { loop, host } = this.#context;
    const round = Math.floor(query.attempts / Math.max(1, this.servers.length));
    const server = this.servers[query.attempts % Math.max(1, this.servers.length)];
    if (server === undefined || round >= this.#limits.tries) {
      this.#later(query, () => this.#finish(query, query.isRefused ? 'ECONNREFUSED' : 'ETIMEOUT'));
      return;
    }
    query.attempts++;
    if (!this.#send(query.question, server)) {
      this.#try(query);
      return;
    }
    query.isRefused = false;
    query.timer = host.setTimeout(() => loop.enqueue(() => this.#retry(query)), this.#timeoutOf(round));
  }

  #retry(query: Query): void {
    if (this.#isPending(query)) this.#try(query);
  }

  /** A later round may be cut short by up to a half, but not below the first. */
  #timeoutOf(round: number): number {
    const { timeout, maxTimeout } = this.#limits;
    const base = timeout < 1 ? DEFAULT_TIMEOUT : Math.max(MIN_TIMEOUT, timeout);
    const grown = base * 2 ** round;
    const jittered = round === 0 ? grown : Math.max(base, grown - (grown / 2) * Math.random());
    return maxTimeout > 0 ? Math.min(jittered, maxTimeout) : jittered;
  }

  /** False when nobody is there. */
  #send(question: Uint8Array, to: Endpoint): boolean {
    const { sys } = this.#context;
    try {
      this.#socket ??= sys.call('datagramSocket');
      if (!sys.call('sendDatagram', this.#socket, question, to)) return false;
    } catch (error) {
      errnoOfError(this.#context, error);
      return false;
    }
    this.#listen(this.#socket);
    return true;
  }

  #listeningOn: number | null = null;
  #listen(socket: number): void {
    if (this.#listeningOn === socket) return;
    this.#listeningOn = socket;
    this.#context.sys.callWith('poll', [socket], () => {
      this.#listeningOn = null;
      if (this.#socket === socket) this.#receive(socket);
    });
  }

  #receive(socket: number): void {
    const { sys } = this.#context;
    try {
      for (;;) this.#take(sys.call('receiveDatagram', socket).data);
    } catch (error) {
      // EAGAIN, and EBADF when the last query has closed the socket.
      errnoOfError(this.#context, error);
    }
    if (this.#socket === socket) this.#listen(socket);
  }

  /** What is no answer to a question of ours is left out. */
  #take(message: Uint8Array): void {
    const query = this.#pending.get(((message[0] ?? 0) << 8) | (message[1] ?? 0));
    if (query === undefined) return;
    let answer: Answer;
    try {
      answer = decodeAnswer(message);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#finish(query, 'EBADRESP');
      return;
    }
    if (answer.code === 0) this.#finish(query, null, answer.records);
    else this.#finish(query, FAILURES[answer.code - 1] ?? 'EBADRESP');
  }

  #later(query: Query, step: () => void): void {
    this.#context.loop.enqueue(() => {
      if (this.#isPending(query)) step();
    });
  }

  #isPending = (query: Query): boolean => this.#pending.get(query.id) === query;

  #finish(query: Query, error: string | null, records: readonly DnsRecord[] = []): void {
    const { host, loop, sys } = this.#context;
    this.#pending.delete(query.id);
    host.clearTimeout(query.timer);
    if (this.#pending.size === 0 && this.#socket !== null) {
      sys.callWith('close', [this.#socket], () => undefined);
      this.#socket = null;
    }
    loop.enqueue(() => {
      loop.unref();
      query.done(error, records);
    });
  }
}

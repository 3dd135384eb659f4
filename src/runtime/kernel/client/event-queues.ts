/**
 * What waits to be told to the client, which takes one event at a time. Programs can make events quicker than they are told: no queue
 * grows without end, and what is told late is what is still of use.
 */
import type { Announcement } from '../syscalls.ts';
import type { ProgramEvent } from './client-interface.ts';

export interface EventQueue<Args> {
  add(event: Args): void;
  take(): Args | undefined;
}

/** As inotify's queue: what comes when it is full is lost. */
const MOST_WAITING = 16_384;
/** Of what they say: a program may announce a megabyte of words. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Goes through a map to which entries are added and from which they are taken, and begins again at its end. */
class Turns<Key, Value> {
  readonly #map: Map<Key, Value>;
  #rest: Iterator<[Key, Value]>;

  constructor(map: Map<Key, Value>) {
    this.#map = map;
    this.#rest = map.entries();
  }

  next(): [Key, Value] | undefined {
    const next = this.#rest.next();
    if (!next.done) return next.value;
    this.#rest = this.#map.entries();
    return this.#map.size === 0 ? undefined : this.#rest.next().value;
  }
}

/** In their order; one that waits already does not wait twice. */
export class DistinctEvents<Args extends unknown[]> implements EventQueue<Args> {
  readonly #waiting = new Map<string, Args>();
  readonly #turns = new Turns(this.#waiting);
  #characters = 0;

  add(event: Args): void {
    const key = JSON.stringify(event);
    if (this.#waiting.has(key) || this.#waiting.size >= MOST_WAITING) return;
    // One that is alone has room, however long it is.
    if (this.#characters > 0 && this.#characters + key.length > MOST_CHARACTERS) return;
    this.#characters += key.length;
    this.#waiting.set(key, event);
  }

  take(): Args | undefined {
    const [key, event] = this.#turns.next() ?? [];
    if (key === undefined) return undefined;
    this.#waiting.delete(key);
    this.#characters -= key.length;
    return event;
  }
}

type PortEvent = [port: number, type: 'open' | 'close'];

/** Of each port what changes first and what is true at last: to and fro between them is not told. */
export class PortEvents implements EventQueue<PortEvent> {
  readonly #waiting = new Map<number, PortEvent[1][]>();
  readonly #turns = new Turns(this.#waiting);

  add([port, type]: PortEvent): void {
    const types = this.#waiting.get(port) ?? [];
    if (types.length < 2) types.push(type);
    // It undoes the last of them.
    else types.pop();
    this.#waiting.set(port, types);
  }

  take(): PortEvent | undefined {
    const [port, types] = this.#turns.next() ?? [];
    const type = types?.shift();
    if (port === undefined || type === undefined) return undefined;
    if (types?.length === 0) this.#waiting.delete(port);
    return [port, type];
  }
}

/** Who hears of an address that was announced has heard that something listens there. */
export class ProgramEvents implements EventQueue<ProgramEvent> {
  readonly #ports = new PortEvents();
  readonly #announcements = new DistinctEvents<[topic: Announcement, words: string[]]>();

  add(event: ProgramEvent): void {
    if (event.type === 'port') this.#ports.add([event.port, event.state]);
    else this.#announcements.add([event.topic, event.words]);
  }

  take(): ProgramEvent | undefined {
    const change = this.#ports.take();
    if (change) return { type: 'port', port: change[0], state: change[1] };
    const announcement = this.#announcements.take();
    return announcement && { type: 'announce', topic: announcement[0], words: announcement[1] };
  }
}

/** The ports that the kernel picks: from 32,768 on, one after the other, round and round. */
import { SystemError } from '../syscalls.ts';

const FIRST = 32_768;
const LAST = 65_535;

export class EphemeralPorts {
  readonly #taken: { has(port: number): boolean };
  #next = FIRST;

  constructor(taken: { has(port: number): boolean }) {
    this.#taken = taken;
  }

  /** A port that is free. EADDRINUSE when none is. */
  next(): number {
    for (let tries = LAST - FIRST + 1; tries > 0; tries--) {
      const port = this.#next;
      this.#next = port === LAST ? FIRST : port + 1;
      if (!this.#taken.has(port)) return port;
    }
    throw new SystemError('EADDRINUSE');
  }
}

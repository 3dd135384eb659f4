/** The numbers of bash's RANDOM: a seed gives the same ones here as there. */
const MODULUS = 0x7fffffff;
/** In place of a seed of zero, which would give zeros. */
const NOT_ZERO = 123459876;

export class RandomNumbers {
  #state = Math.floor(Math.random() * MODULUS);
  #last = 0;

  seed(seed: number): void {
    this.#state = Number.isInteger(seed) ? seed >>> 0 : 0;
    this.#last = 0;
  }

  /** From 0 to 32767, never the same twice in a row. */
  next(): number {
    let number: number;
    do {
      // The minimal standard generator of Park and Miller.
      this.#state = ((this.#state || NOT_ZERO) * 16807) % MODULUS;
      number = ((this.#state >>> 16) ^ (this.#state & 0xffff)) & 0x7fff;
    } while (number === this.#last);
    this.#last = number;
    return number;
  }
}

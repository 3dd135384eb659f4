/**
 * The inodes that a thread has come upon by the paths of files that it writes or changes, by their numbers: few, each in a place of its
 * own, from which the next one with the same place drives it out. The kernel holds the inodes and the process their numbers. Both put in
 * the same ones in the same order, so that the process knows which ones the kernel still holds.
 */
const PLACES = 64;

export class KnownInodes<Held> {
  readonly #held: ({ number: number; held: Held } | undefined)[] = new Array(PLACES).fill(undefined);

  put(number: number, held: Held): void {
    this.#held[number % PLACES] = { number, held };
  }

  get(number: number): Held | undefined {
    const place = this.#held[number % PLACES];
    return place?.number === number ? place.held : undefined;
  }
}

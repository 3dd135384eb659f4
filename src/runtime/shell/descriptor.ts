import type { DescriptorKind } from '../kernel/descriptors.ts';
import type { Sys } from '../process/system-calls/sys.ts';

/** One kernel descriptor, shared by every shell scope that uses it and closed when the last lets go. */
export class Descriptor {
  readonly sys: Sys;
  readonly fd: number;
  /** Bytes that a line-wise reader took from a pipe beyond its line; the next reader in this Worker gets them first. */
  pushedBack: Uint8Array = new Uint8Array(0);
  #references = 1;
  #kind: DescriptorKind | undefined;

  constructor(sys: Sys, fd: number) {
    this.sys = sys;
    this.fd = fd;
  }

  get kind(): DescriptorKind {
    this.#kind ??= this.sys.call('descriptorKind', this.fd);
    return this.#kind;
  }

  /** Whether reads and writes answer at once, so that a synchronous call cannot block this Worker. */
  get immediate(): boolean {
    return this.kind === 'file' || this.kind === 'null' || this.kind === 'directory';
  }

  retain(): this {
    this.#references += 1;
    return this;
  }

  release(): void {
    this.#references -= 1;
    if (this.#references === 0) this.sys.call('close', this.fd);
  }
}

/** From here on bash numbers what a script names by a variable. */
export const FIRST_OF_VARIABLES = 10;

/** A script's numbers are below it, as `ulimit -n` says. */
export const MOST_DESCRIPTORS = 1024;

/** A shell scope's descriptors by the number that the script knows; the kernel's numbers stay inside. */
export class DescriptorTable {
  readonly #entries = new Map<number, Descriptor>();
  /** None is free between the first of variables and this: whoever opens thousands need not look at each. */
  #free = FIRST_OF_VARIABLES;

  get(number: number): Descriptor | undefined {
    return this.#entries.get(number);
  }

  /** The lowest number for a variable that is free here and in another table. */
  freeIn(other: DescriptorTable): number {
    while (this.#entries.has(this.#free)) this.#free += 1;
    let number = this.#free;
    while (this.#entries.has(number) || other.#entries.has(number)) number += 1;
    return number;
  }

  entries(): IterableIterator<[number, Descriptor]> {
    return this.#entries.entries();
  }

  /** Takes over the caller's reference and releases what was there. */
  set(number: number, descriptor: Descriptor): void {
    const old = this.#entries.get(number);
    this.#entries.set(number, descriptor);
    old?.release();
  }

  close(number: number): void {
    const old = this.#entries.get(number);
    this.#entries.delete(number);
    if (number >= FIRST_OF_VARIABLES) this.#free = Math.min(this.#free, number);
    old?.release();
  }

  clone(): DescriptorTable {
    const copy = new DescriptorTable();
    copy.#free = this.#free;
    for (const [number, descriptor] of this.#entries) copy.#entries.set(number, descriptor.retain());
    return copy;
  }

  releaseAll(): void {
    for (const descriptor of this.#entries.values()) descriptor.release();
    this.#entries.clear();
    this.#free = FIRST_OF_VARIABLES;
  }

  /** The `stdio` of a spawn request: kernel descriptor by number, -1 where closed. */
  toStdio(): number[] {
    const stdio = [-1, -1, -1];
    for (const [number, descriptor] of this.#entries) {
      while (stdio.length <= number) stdio.push(-1);
      stdio[number] = descriptor.fd;
    }
    return stdio;
  }
}

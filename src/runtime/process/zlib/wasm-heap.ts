/** A block of a WebAssembly module's memory that grows as needed. */
export interface Allocator {
  readonly memory: WebAssembly.Memory;
  malloc(size: number): number;
  free(pointer: number): void;
}

export class WasmBlock {
  readonly #allocator: Allocator;
  #size = 0;
  pointer = 0;

  constructor(allocator: Allocator) {
    this.#allocator = allocator;
  }

  /** At least so many bytes; what it held is lost when it grows. */
  reserve(size: number): number {
    if (size > this.#size) {
      this.release();
      this.pointer = this.#allocator.malloc(size);
      if (this.pointer === 0) throw new RangeError('Out of memory in a WebAssembly module');
      this.#size = size;
    }
    return this.pointer;
  }

  put(bytes: Uint8Array): number {
    const pointer = this.reserve(Math.max(1, bytes.length));
    new Uint8Array(this.#allocator.memory.buffer).set(bytes, pointer);
    return pointer;
  }

  view(length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#allocator.memory.buffer as ArrayBuffer, this.pointer, length);
  }

  release(): void {
    if (this.#size > 0) this.#allocator.free(this.pointer);
    this.#size = 0;
    this.pointer = 0;
  }
}

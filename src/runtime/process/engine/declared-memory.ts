/** How much memory a module of WebAssembly declares: an instance has it from its beginning, also where no export shows it. */

export const PAGE_BYTES = 65_536;
const HEADER_BYTES = 8;
const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;

const declared = new WeakMap<object, number>();
const { get, set } = WeakMap.prototype;
// The guest may replace them.
const { apply } = Reflect;

/** `source` is what the module was compiled from. */
export function noteDeclaredMemory(module: object, source: BufferSource): void {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  const length = declaredMemory(bytes);
  if (length > 0) apply(set, declared, [module, length]);
}

/** In bytes; 0 where nobody has noted it, as of a module that came in a message. */
export function declaredMemoryOf(module: object): number {
  return (apply(get, declared, [module]) as number | undefined) ?? 0;
}

/** Of a module that the engine has compiled: its form is right. */
export function declaredMemory(bytes: Uint8Array): number {
  let at = HEADER_BYTES;
  const number = (): number => {
    let value = 0;
    for (let factor = 1; at < bytes.length; factor *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * factor;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const size = number();
    if (section !== MEMORY_SECTION) {
      at += size;
      continue;
    }
    let pages = 0;
    for (let left = number(); left > 0; left--) {
      const flags = number();
      pages += number();
      if (flags & HAS_MAXIMUM) number();
    }
    return pages * PAGE_BYTES;
  }
  return 0;
}

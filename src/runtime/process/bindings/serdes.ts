import type { CoreBindingFactory } from '../core.ts';
import { ByteWriter } from '../serdes/byte-writer.ts';
import { FORMAT_VERSION, Tag } from '../serdes/format.ts';
import { ValueReader } from '../serdes/value-reader.ts';
import { ValueWriter } from '../serdes/value-writer.ts';
import { guestMethod } from '../streams/handle-wrap.ts';
import { bytesOf } from '../streams/text.ts';

/** `internalBinding('serdes')`: what `v8.serialize` and `v8.deserialize` are made of. */
export const serdes: CoreBindingFactory = (context) => {
  class Serializer {
    #viewsAreHostObjects = false;
    readonly #out = new ByteWriter();
    readonly #values: ValueWriter;

    constructor() {
      const viewsAreHostObjects = (): boolean => this.#viewsAreHostObjects;
      this.#values = new ValueWriter(this.#out, {
        get viewsAreHostObjects() {
          return viewsAreHostObjects();
        },
        isProxy: (object) => context.proxies.has(object),
        writeHostObject: (object) => void guestMethod(this, '_writeHostObject')?.(object),
        refuse: (message): never => {
          const DataCloneError = Reflect.get(this, '_getDataCloneError') as (message: string) => unknown;
          throw DataCloneError.call(this, message);
        },
      });
    }
    writeHeader(): void {
      this.#out.byte(Tag.version);
      this.#out.varint(FORMAT_VERSION);
    }
    writeValue(value: unknown): boolean {
      this.#values.write(value);
      return true;
    }
    releaseBuffer(): unknown {
      const { Buffer: GuestBuffer } = context.require('buffer') as { Buffer: typeof Buffer };
      return GuestBuffer.from(this.#out.take().buffer);
    }
    transferArrayBuffer(id: number, buffer: object): void {
      this.#values.transfer(id, buffer);
    }
    writeUint32(value: number): void {
      this.#out.varint(value);
    }
    writeUint64(high: number, low: number): void {
      this.#out.varint64((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
    }
    writeDouble(value: number): void {
      this.#out.double(value);
    }
    writeRawBytes(bytes: unknown): void {
      this.#out.raw(bytesOf(bytes));
    }
    _setTreatArrayBufferViewsAsHostObjects(hostObjects: boolean): void {
      this.#viewsAreHostObjects = hostObjects;
    }
  }

  /** A piece that cannot be read is told of by the name of what reads it. */
  const told = <Value>(name: string, read: () => Value): Value => {
    try {
      return read();
    } catch {
      throw context.makeError(() => new Error(`${name}() failed`));
    }
  };

  class Deserializer {
    readonly buffer: unknown;
    readonly #reader: ValueReader;

    constructor(buffer: unknown) {
      this.buffer = buffer;
      this.#reader = new ValueReader(bytesOf(buffer), context.global, () => guestMethod(this, '_readHostObject')?.());
    }
    readHeader(): boolean {
      if (this.#reader.header()) return true;
      throw context.makeError(unsupportedVersion);
    }
    readValue(): unknown {
      return this.#reader.read();
    }
    getWireFormatVersion(): number {
      return this.#reader.version;
    }
    transferArrayBuffer(id: number, buffer: unknown): void {
      this.#reader.transfer(id, buffer);
    }
    readUint32(): number {
      return told('ReadUint32', () => this.#reader.varint());
    }
    readUint64(): [number, number] {
      const value = told('ReadUint64', () => this.#reader.varint64());
      return [Number(value >> 32n), Number(value & 0xffffffffn)];
    }
    readDouble(): number {
      return told('ReadDouble', () => this.#reader.double());
    }
    /** The offset in `buffer` at which the bytes are. */
    _readRawBytes(length: number): number {
      told('ReadRawBytes', () => this.#reader.raw(length));
      return this.#reader.position - length;
    }
  }

  return { ...context.described('serdes'), Serializer, Deserializer };
};

const unsupportedVersion = (): Error =>
  new Error('Unable to deserialize cloned data due to invalid or unsupported version.');

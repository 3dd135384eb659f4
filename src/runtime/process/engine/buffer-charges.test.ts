import { beforeAll, expect, it } from 'vitest';
import { chargeGrowingBuffers } from './buffer-charges.ts';

const LIMIT = 2 ** 28;
let taken = 0;

/** Counts what it gives, and has no more than the limit. */
class Counted extends ArrayBuffer {
  constructor(length: number, options?: { maxByteLength?: number }) {
    if (options === undefined) {
      if (taken + length > LIMIT) throw new RangeError('Array buffer allocation failed');
      taken += length;
    }
    super(length, options);
  }

  override get byteLength(): number {
    return super.byteLength;
  }

  override transfer(length?: number): ArrayBuffer {
    taken -= this.byteLength;
    return super.transfer(length);
  }

  override resize(length?: number): void {
    super.resize(length);
  }
}
class CountedShared extends SharedArrayBuffer {
  override grow(length?: number): void {
    super.grow(length);
  }
}

const scope = {
  ArrayBuffer: Counted as unknown as ArrayBufferConstructor,
  SharedArrayBuffer: CountedShared as unknown as SharedArrayBufferConstructor,
};
beforeAll(() => chargeGrowingBuffers(scope));

it('charges what a buffer that grows takes, in steps', () => {
  const before = taken;
  const buffer = new scope.ArrayBuffer(100_000, { maxByteLength: 2 ** 20 });
  expect(taken - before).toBe(131_072);
  buffer.resize(131_072);
  expect(taken - before).toBe(131_072);
  buffer.resize(131_073);
  expect(taken - before).toBe(262_144);
  expect(buffer.byteLength).toBe(131_073);
  const shared = new scope.SharedArrayBuffer(0, { maxByteLength: 2 ** 20 });
  shared.grow(2 ** 20);
  expect(taken - before).toBe(262_144 + 2 ** 20);
});

it('refuses what goes over the limit, and leaves the buffer as it was', () => {
  const buffer = new scope.ArrayBuffer(10, { maxByteLength: 2 ** 30 });
  expect(() => buffer.resize(2 ** 29)).toThrow(RangeError);
  expect(buffer.byteLength).toBe(10);
  expect(() => new scope.SharedArrayBuffer(2 ** 29, { maxByteLength: 2 ** 29 })).toThrow(RangeError);
});

it('is seen by nobody: classes and methods are those that the prototypes tell, subclasses and errors as before', () => {
  const { ArrayBuffer: Class } = scope;
  const buffer = new Class(8, { maxByteLength: 16 });
  expect([buffer.constructor === Class, buffer instanceof Class, Class.name]).toEqual([true, true, 'Counted']);
  class Sub extends Class {}
  const sub = new Sub(8, { maxByteLength: 16 });
  expect([sub instanceof Sub, sub.constructor === Sub, sub.resizable]).toEqual([true, true, true]);
  expect(() => buffer.resize(17)).toThrow(RangeError);
  expect(() => buffer.resize(1n as unknown as number)).toThrow(TypeError);
  expect(() => Class.prototype.resize.call({} as ArrayBuffer, 1)).toThrow(TypeError);
});

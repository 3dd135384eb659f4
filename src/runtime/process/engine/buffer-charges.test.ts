import { beforeAll, expect, it } from 'vitest';
import { chargeArrived, chargeGrowingBuffers } from './buffer-charges.ts';

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
    if (!this.resizable) taken -= this.byteLength;
    return super.transfer(length);
  }

  override transferToFixedLength(length?: number): ArrayBuffer {
    return super.transferToFixedLength(length);
  }

  override get resizable(): boolean {
    return super.resizable;
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

it('charges what a buffer is moved to, in place of the buffer', () => {
  const before = taken;
  const buffer = new scope.ArrayBuffer(100_000, { maxByteLength: 2 ** 20 });
  const moved = buffer.transfer();
  expect([moved.byteLength, moved.resizable, buffer.detached]).toEqual([100_000, true, true]);
  expect(taken - before).toBe(131_072);
  // What the stand-in gives is of the class behind it.
  const { transfer, transferToFixedLength } = scope.ArrayBuffer.prototype;
  const longer = transfer.call(moved, 200_000);
  expect(taken - before).toBe(262_144);
  expect(() => new scope.ArrayBuffer(8, { maxByteLength: 2 ** 30 }).transfer(2 ** 29)).toThrow(RangeError);
  const fixed = transferToFixedLength.call(longer);
  expect([fixed.byteLength, fixed.resizable]).toEqual([200_000, false]);
  expect(taken - before).toBe(0);
  const arrived = new ArrayBuffer(100_000, { maxByteLength: 2 ** 20 });
  chargeArrived(arrived);
  chargeArrived(arrived);
  chargeArrived(new ArrayBuffer(100_000));
  expect(taken - before).toBe(131_072);
  const plain = new scope.ArrayBuffer(8);
  expect([plain.transfer(4).byteLength, plain.detached]).toEqual([4, true]);
  expect([scope.ArrayBuffer.prototype.transfer.name, scope.ArrayBuffer.prototype.transfer.length]).toEqual([
    'transfer',
    0,
  ]);
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

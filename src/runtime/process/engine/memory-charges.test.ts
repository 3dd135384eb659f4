import { beforeAll, expect, it } from 'vitest';
import type { Charges } from './buffer-charges.ts';
import { declaredMemory } from './declared-memory.ts';
import { chargeMemories } from './memory-charges.ts';

const PAGE = 65_536;
const LIMIT = 200 * PAGE;
const held = new Map<object, number>();
const taken = () => [...held.values()].reduce((sum, bytes) => sum + bytes, 0);

/** Counts exactly, and has no more than the limit. */
const charges = {
  take(bytes: number) {
    if (taken() + bytes > LIMIT) throw new RangeError('Array buffer allocation failed');
    return { byteLength: bytes };
  },
  hold: (owner: object, { byteLength }: { byteLength: number }) => void held.set(owner, byteLength),
  release: (owner: object) => void held.delete(owner),
  paid: (owner: object) => held.get(owner) ?? 0,
} as unknown as Charges;

beforeAll(() => chargeMemories(WebAssembly, charges));

/** (memory 2) (export "m"?) (func (export "grow") (memory.grow (i32.const 40))) */
function moduleWith(exportsMemory: boolean): Uint8Array<ArrayBuffer> {
  const grow = [4, 0x67, 0x72, 0x6f, 0x77, 0, 0];
  const exported = exportsMemory ? [2, ...grow, 1, 0x6d, 2, 0] : [1, ...grow];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 5, 1, 0x60, 0, 1, 0x7f],
    ...[3, 2, 1, 0],
    ...[5, 4, 1, 1, 2, 90],
    ...[7, exported.length, ...exported],
    ...[10, 8, 1, 6, 0, 0x41, 40, 0x40, 0, 0x0b],
  ]);
}

it('charges memories as they are made and grow, and refuses in the words of the engine', () => {
  const memory = new WebAssembly.Memory({ initial: 10 });
  expect(taken()).toBe(10 * PAGE);
  expect(memory.grow(20)).toBe(10);
  expect(taken()).toBe(30 * PAGE);
  expect(() => memory.grow(190)).toThrow(new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory'));
  expect(memory.buffer.byteLength).toBe(30 * PAGE);
  const refused = new RangeError('WebAssembly.Memory(): could not allocate memory');
  expect(() => new WebAssembly.Memory({ initial: 190 })).toThrow(refused);
  expect(() => new WebAssembly.Memory({ initial: 190, maximum: 190, shared: true })).toThrow(refused);
});

it('charges what an instance exports, what it hides, and what its code has grown it by', () => {
  const before = taken();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleWith(true)));
  expect([held.get(exports['m'] as object), taken() - before]).toEqual([2 * PAGE, 2 * PAGE]);
  (exports['grow'] as () => number)();
  const hiding = new WebAssembly.Instance(new WebAssembly.Module(moduleWith(false)));
  expect(held.get(hiding)).toBe(2 * PAGE);
  const memory = new WebAssembly.Memory({ initial: 1 });
  expect([held.get(exports['m'] as object), held.get(memory)]).toEqual([42 * PAGE, PAGE]);
  expect(taken() - before).toBe(45 * PAGE);
  (exports['grow'] as () => number)();
  const other = {};
  held.set(other, LIMIT - taken() - PAGE);
  expect(() => new WebAssembly.Memory({ initial: 1 })).toThrow(RangeError);
  held.delete(other);
});

/** (import "e" "m" (memory 10 90 shared)) (export "m" (memory 0)) */
const PASSING_ON = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[2, 9, 1, 1, 0x65, 1, 0x6d, 2, 3, 10, 90],
  ...[7, 5, 1, 1, 0x6d, 2, 0],
]);

it('charges memory that threads share to the thread that made it, and to others what they let it grow by', () => {
  const made = new WebAssembly.Memory({ initial: 10, maximum: 90, shared: true });
  const before = taken();
  const arrived = Array.from({ length: 5 }, () => structuredClone(made));
  for (const m of arrived) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(PASSING_ON), { e: { m } });
    expect(exports['m']).toBe(m);
  }
  expect(taken()).toBe(before);
  arrived[0]?.grow(2);
  arrived[0]?.grow(1);
  expect(taken() - before).toBe(3 * PAGE);
});

it('is seen by nobody: classes, subclasses and errors are as before', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  expect([memory.constructor === WebAssembly.Memory, memory instanceof WebAssembly.Memory]).toEqual([true, true]);
  class Sub extends WebAssembly.Memory {}
  expect(new Sub({ initial: 0 }) instanceof Sub).toBe(true);
  expect(() => WebAssembly.Memory.prototype.grow.call({} as WebAssembly.Memory, 1)).toThrow(/Memory\.grow/);
  expect(() => memory.grow(2 ** 32 - 1)).toThrow(RangeError);
  expect(() => memory.grow('x' as unknown as number)).toThrow(TypeError);
  expect(() => (WebAssembly.Memory as unknown as () => void)()).toThrow(/must be invoked with 'new'/);
  expect([WebAssembly.Memory.name, WebAssembly.Memory.length]).toEqual(['Memory', 1]);
});

it('reads what a module declares', () => {
  expect(declaredMemory(moduleWith(true))).toBe(2 * PAGE);
  expect(declaredMemory(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))).toBe(0);
});

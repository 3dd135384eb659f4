import { describe, expect, it, vi } from 'vitest';
import { SystemError } from '../syscalls.ts';
import { FileData } from './file-data.ts';

const MB = 1 << 20;

function room() {
  let used = 0;
  return {
    reserve(bytes: number) {
      used += bytes;
    },
    get used() {
      return used;
    },
  };
}

describe('FileData', () => {
  it('holds what is written across pieces', () => {
    const data = new FileData();
    const bytes = Uint8Array.from({ length: 300 }, (_, index) => index);
    data.write(room(), 2 * MB - 100, bytes);
    expect(data.size).toBe(2 * MB + 200);
    expect([...data.view(2 * MB - 100, 1000)]).toEqual([...bytes]);
    expect([...data.view(MB - 2, 4)]).toEqual([0, 0, 0, 0]);
  });

  it('copies what was written alone', () => {
    const [data, memory] = [new FileData(), room()];
    data.write(memory, 3 * MB - 1, Uint8Array.of(1, 2));
    data.resize(memory, 2 ** 44);
    const copy = new FileData();
    const used = memory.used;
    copy.copy(memory, data);
    expect(copy.size).toBe(2 ** 44);
    expect([...copy.view(3 * MB - 2, 4)]).toEqual([0, 1, 2, 0]);
    expect(memory.used - used).toBeLessThanOrEqual(used);
    copy.write(memory, 3 * MB - 1, Uint8Array.of(9));
    expect([...data.view(3 * MB - 1, 1)]).toEqual([1]);
  });

  it('keeps no room for what was never written', () => {
    const [data, memory] = [new FileData(), room()];
    data.resize(memory, 2 ** 32);
    expect(data.size).toBe(2 ** 32);
    expect(data.stored).toBe(0);
    data.write(memory, 2 ** 32 - 1, new Uint8Array([7]));
    expect([...data.view(2 ** 32 - 2, 5)]).toEqual([0, 7]);
    expect(memory.used).toBeLessThanOrEqual(MB);
    data.resize(memory, 0);
    expect(memory.used).toBe(0);
  });

  it('shows zeros behind a cut', () => {
    const [data, memory] = [new FileData(), room()];
    data.write(memory, 0, new Uint8Array(10).fill(9));
    const before = data.view(0, 10);
    data.resize(memory, 3);
    data.resize(memory, 6);
    expect([...data.view(0, 10)]).toEqual([9, 9, 9, 0, 0, 0]);
    expect([...before]).toEqual(new Array(10).fill(9));
  });

  it('writes a short file again into the memory that it had, as long as nobody sees it', () => {
    const [data, memory] = [new FileData(), room()];
    const again = (length: number) => {
      data.resize(memory, 0);
      data.write(memory, 2, new Uint8Array(length).fill(9));
    };
    data.write(memory, 0, new Uint8Array(10).fill(8));
    again(3);
    const view = data.view(0, 20);
    expect([...view]).toEqual([0, 0, 9, 9, 9]);
    again(8);
    expect([...view]).toEqual([0, 0, 9, 9, 9]);
    expect([...data.view(0, 20)]).toEqual([0, 0, ...new Array(8).fill(9)]);
    again(4);
    data.resize(memory, 0);
    expect([data.stored, data.size]).toEqual([0, 0]);
    data.clear(memory);
    expect(memory.used).toBe(0);
  });

  it('takes bytes as they are and grows behind them', () => {
    const [data, memory] = [new FileData(), room()];
    data.adopt(memory, new Uint8Array(MB + 10).fill(1));
    data.write(memory, MB + 9, new Uint8Array([2, 3]));
    expect([...data.view(MB + 8, 9)]).toEqual([1, 2, 3]);
    data.resize(memory, 0);
    expect(memory.used).toBe(0);
  });

  it('takes no more than it needs where there is no more', () => {
    let left = 600_100;
    const memory = {
      reserve(bytes: number) {
        if (bytes > left) throw new SystemError('ENOSPC');
        left -= bytes;
      },
    };
    const data = new FileData();
    data.write(memory, 0, new Uint8Array(600_000));
    for (let i = 0; i < 10; i++) data.write(memory, 600_000 + i * 10, new Uint8Array(10));
    expect([data.size, left]).toEqual([600_100, 0]);
    expect(() => data.write(memory, 600_100, new Uint8Array(1))).toThrow('ENOSPC');
  });

  it('gives back the room that it has no memory for', () => {
    const [data, memory] = [new FileData(), room()];
    data.write(memory, 0, Uint8Array.of(1));
    const used = memory.used;
    const bytes = new Uint8Array(9);
    vi.stubGlobal(
      'Uint8Array',
      class extends Uint8Array {
        constructor() {
          super(0);
          throw new RangeError('Array buffer allocation failed');
        }
      },
    );
    expect(() => data.write(memory, MB, bytes)).toThrow('allocation failed');
    vi.unstubAllGlobals();
    expect(memory.used).toBe(used);
  });
});

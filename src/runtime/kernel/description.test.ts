import { expect, test } from 'vitest';
import { ByteQueue } from './byte-queue.ts';
import { countOpenDescriptors, type Description, DescriptorTable } from './description.ts';
import { PipeReader, PipeWriter } from './descriptions/pipe.ts';
import { createSocketPair } from './descriptions/socket.ts';

function observed(): { description: Description; closed: () => boolean } {
  const description = new PipeReader(new ByteQueue());
  let closed = false;
  description.close = () => {
    closed = true;
  };
  return { description, closed: () => closed };
}

test('the lowest free number is taken', () => {
  const table = new DescriptorTable();
  const add = (from?: number) => table.add(new PipeWriter(new ByteQueue()), from);
  expect([add(), add(), add(), add(10), add()]).toEqual([0, 1, 2, 10, 3]);
  table.close(1);
  expect([add(3), add(), add()]).toEqual([4, 1, 5]);
  table.closeAll();
});

test('a number that is reserved is free for nobody, and nothing is open there', () => {
  const before = countOpenDescriptors();
  const table = new DescriptorTable();
  const add = () => table.add(new PipeWriter(new ByteQueue()));
  expect([add(), add(), add()]).toEqual([0, 1, 2]);
  table.close(1);
  expect(table.reserve(3)).toEqual([1, 3, 4]);
  expect([add(), table.numbers(), table.has(3)]).toEqual([5, [0, 2, 5], false]);
  expect(() => table.get(3)).toThrow('EBADF');
  expect(() => table.close(3)).toThrow('EBADF');
  expect(() => table.checkTaken(6)).toThrow('EBADF');
  table.checkTaken(3);
  const { description, closed } = observed();
  table.put(3, description);
  expect([table.get(3), table.discard(1), add(), table.discard(3), closed()]).toEqual([
    description,
    false,
    1,
    true,
    true,
  ]);
  table.closeAll();
  expect(countOpenDescriptors()).toBe(before);
});

test('a description that is put where it is stays open', () => {
  const table = new DescriptorTable();
  const { description, closed } = observed();
  table.put(3, description);
  table.put(3, description);
  expect(closed()).toBe(false);
  table.close(3);
  expect(closed()).toBe(true);
});

test('an ended process takes no descriptor, and what only it would hold is closed', () => {
  const before = countOpenDescriptors();
  const table = new DescriptorTable();
  table.add(observed().description);
  table.closeForGood();
  const { description, closed } = observed();
  expect(() => table.add(description)).toThrow('EBADF');
  expect(closed()).toBe(true);
  expect(countOpenDescriptors()).toBe(before);
});

test('descriptors under way that hold each other are closed, however long their chain is', () => {
  const table = new DescriptorTable();
  const before = countOpenDescriptors();
  const [first, firstEnd] = createSocketPair('unix');
  let end = firstEnd;
  const fds = [table.add(first), table.add(end)];
  for (let i = 0; i < 16_000; i++) {
    const [next, nextEnd] = createSocketPair('unix');
    const own = [table.add(next), table.add(nextEnd)];
    // The end that has not been read travels in the next one.
    next.writeAvailable(new Uint8Array(1), end);
    for (const fd of fds.splice(0)) table.close(fd);
    fds.push(...own);
    end = nextEnd;
  }
  for (const fd of fds) table.close(fd);
  expect(countOpenDescriptors()).toBe(before);
});

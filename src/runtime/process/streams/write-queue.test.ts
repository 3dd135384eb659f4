import { expect, test } from 'vitest';
import type { SocketDescription } from '../../kernel/descriptions/socket.ts';
import type { ProcessContext } from '../context.ts';
import { WriteQueue } from './write-queue.ts';

type Done = (error: Error | null, value?: unknown) => void;

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A kernel that has room for so many bytes, and answers the rest when the test says so. */
function fakeContext(room: number) {
  const calls: { line: string; done: Done }[] = [];
  const later: (() => void)[] = [];
  let references = 0;
  let broken = false;
  let breaks = 0;
  const context = {
    sys: {
      get breaks() {
        return breaks;
      },
      push: (fd: number, bytes: Uint8Array) =>
        calls.push({ line: `push ${fd} ${bytes.length}`, done: () => undefined }),
      call: (name: string, fd: number, bytes?: Uint8Array, passed?: number) => {
        if (passed !== undefined) calls.push({ line: `pass ${passed}`, done: () => undefined });
        if (bytes === undefined) return calls.push({ line: `${name} ${fd}`, done: () => undefined });
        if (broken) throw failure('EPIPE');
        if (room === 0) throw failure('EAGAIN');
        const taken = Math.min(room, bytes.length);
        room -= taken;
        return taken;
      },
      send: (name: string, fd: number) => calls.push({ line: `${name} ${fd}`, done: () => undefined }),
      callWith: (name: string, args: unknown[], done: Done) => {
        const [fd, bytes] = args as [number, Uint8Array | undefined];
        calls.push({ line: bytes === undefined ? `${name} ${fd}` : `${name} ${fd} ${bytes.length}`, done });
      },
    },
    loop: {
      ref: () => references++,
      unref: () => references--,
      enqueueSoon: (task: () => void) => later.push(task),
      enqueueClosing: (task: () => void) => later.push(task),
    },
    errnoOf: (code: string) => ({ ECANCELED: -125, EPIPE: -32 })[code],
  } as unknown as ProcessContext;
  return {
    context,
    lines: () => calls.map((call) => call.line),
    /** The answer to call number `index`. */
    answer: (index: number, error: Error | null = null) => calls[index]!.done(error),
    turn: () => {
      for (const task of later.splice(0)) task();
    },
    breakPipe: () => {
      broken = true;
      breaks++;
    },
    references: () => references,
  };
}

test('what there is room for is written at once; the rest waits, in order', () => {
  const kernel = fakeContext(10_010);
  const queue = new WriteQueue(kernel.context, 5);
  const log: string[] = [];
  expect(queue.write(new Uint8Array(10), () => log.push('never'))).toEqual({ status: 0, pending: false });
  expect(queue.write(new Uint8Array(70_000), (status) => log.push(`big ${status}`)).pending).toBe(true);
  expect(queue.write(new Uint8Array(1), (status) => log.push(`small ${status}`)).pending).toBe(true);
  queue.shutdown((status) => log.push(`shutdown ${status}`));
  expect(kernel.lines()).toEqual(['write 5 60000', 'write 5 1']);
  expect([log, queue.unsent]).toEqual([[], 60_001]);
  kernel.answer(0);
  kernel.answer(1);
  expect(kernel.lines().at(-1)).toBe('shutdown 5');
  kernel.turn();
  expect(log).toEqual(['big 0', 'small 0', 'shutdown 0']);
  expect([kernel.references(), queue.unsent]).toEqual([0, 0]);
});

test('a write that fails at once says so, one that waited tells its callback', () => {
  const kernel = fakeContext(10);
  const queue = new WriteQueue(kernel.context, 5);
  const log: number[] = [];
  queue.write(new Uint8Array(20), (status) => log.push(status));
  queue.write(new Uint8Array(20), (status) => log.push(status));
  kernel.answer(0, failure('EPIPE'));
  kernel.answer(1, failure('EPIPE'));
  expect(log).toEqual([-32, -32]);
  kernel.breakPipe();
  expect(queue.write(new Uint8Array(1), () => undefined)).toEqual({ status: -32, pending: false });
});

test('closing cancels what has not been written', () => {
  const kernel = fakeContext(10);
  const queue = new WriteQueue(kernel.context, 5);
  const log: number[] = [];
  queue.write(new Uint8Array(10), () => undefined);
  queue.write(new Uint8Array(70_000), (status) => log.push(status));
  queue.close();
  kernel.turn();
  expect(log).toEqual([-125]);
  expect(kernel.lines()).toEqual(['write 5 70000', 'close 5']);
});

test('on a connection within the thread, what closing cancels no longer keeps the program alive', () => {
  const kernel = fakeContext(0);
  const queue = new WriteQueue(kernel.context, 5);
  queue.carryBy({ writeAvailable: () => 4, close: () => undefined } as unknown as SocketDescription);
  const log: number[] = [];
  queue.write(new Uint8Array(10), (status) => log.push(status));
  expect(kernel.references()).toBe(1);
  queue.close();
  kernel.turn();
  expect([log, kernel.references()]).toEqual([[-125], 0]);
});

test('a descriptor goes along with the first byte, at once or when there is room', () => {
  const kernel = fakeContext(3);
  const queue = new WriteQueue(kernel.context, 5);
  queue.write(new Uint8Array(3), () => undefined, 9);
  expect(kernel.lines()).toEqual(['pass 9']);
  queue.write(new Uint8Array(3), () => undefined, 8);
  expect(kernel.lines()).toEqual(['pass 9', 'pass 8', 'sendDescriptor 5 3']);
});

test('a reset goes before the close', () => {
  const kernel = fakeContext(10);
  new WriteQueue(kernel.context, 5).close(true);
  expect(kernel.lines()).toEqual(['reset 5', 'close 5']);
});

test('the write end of a pipe is closed to end it, once', () => {
  const kernel = fakeContext(0);
  const queue = new WriteQueue(kernel.context, 5, { isPipe: true });
  queue.shutdown(() => undefined);
  kernel.turn();
  queue.close();
  expect(kernel.lines()).toEqual(['close 5']);
});

test('what follows a write that has succeeded is not waited for, until it is much, or something broke', () => {
  const kernel = fakeContext(1_000_000);
  const queue = new WriteQueue(kernel.context, 5, { isOwn: true });
  const write = (length: number) => queue.write(new Uint8Array(length), () => undefined);
  const success = { status: 0, pending: false };
  expect([write(10), write(10_000), write(6_000), write(6_000), write(7)]).toEqual(Array(5).fill(success));
  expect(kernel.lines()).toEqual(['push 5 10000', 'push 5 6000', 'push 5 7']);
  kernel.breakPipe();
  expect(write(1)).toEqual({ status: -32, pending: false });
});

test('where others write, too, each write is waited for', () => {
  const kernel = fakeContext(1_000_000);
  const queue = new WriteQueue(kernel.context, 5);
  queue.write(new Uint8Array(1), () => undefined);
  queue.write(new Uint8Array(1), () => undefined);
  expect(kernel.lines()).toEqual([]);
});

import { expect, test } from 'vitest';
import type { ProcessContext } from '../context.ts';
import { WriteQueue } from './write-queue.ts';

type Done = (error: Error | null, value?: unknown) => void;

/** A kernel that answers when the test says so. */
function fakeContext() {
  const calls: { line: string; done: Done }[] = [];
  const later: (() => void)[] = [];
  let references = 0;
  const context = {
    sys: {
      callWith: (name: string, args: unknown[], done: Done) => {
        const [fd, bytes] = args as [number, Uint8Array | undefined];
        calls.push({ line: bytes === undefined ? `${name} ${fd}` : `${name} ${fd} ${bytes.length}`, done });
      },
    },
    loop: { ref: () => references++, unref: () => references--, enqueue: (task: () => void) => later.push(task) },
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
    references: () => references,
  };
}

test('small writes count as done; what exceeds the buffer waits; all are on their way at once', () => {
  const kernel = fakeContext();
  const queue = new WriteQueue(kernel.context, 5, false);
  const log: string[] = [];
  expect(queue.write(new Uint8Array(10), () => log.push('never'))).toEqual({ status: 0, pending: false });
  expect(queue.write(new Uint8Array(70_000), (status) => log.push(`big ${status}`)).pending).toBe(true);
  expect(queue.write(new Uint8Array(1), (status) => log.push(`small ${status}`)).pending).toBe(true);
  expect(kernel.lines()).toEqual(['write 5 10', 'write 5 70000', 'write 5 1']);
  expect(queue.unsent).toBe(70_011);
  for (const index of [0, 1, 2]) kernel.answer(index);
  expect(log).toEqual(['big 0', 'small 0']);
  expect([kernel.references(), queue.unsent]).toEqual([0, 0]);
});

test('a shutdown waits for the writes before it', () => {
  const kernel = fakeContext();
  const queue = new WriteQueue(kernel.context, 5, false);
  const log: number[] = [];
  queue.write(new Uint8Array(10), () => undefined);
  queue.shutdown((status) => log.push(status));
  expect(kernel.lines()).toEqual(['write 5 10']);
  kernel.answer(0);
  expect(kernel.lines().at(-1)).toBe('shutdown 5');
  kernel.answer(1);
  expect([log, kernel.references()]).toEqual([[0], 0]);
});

test('the failure of a write that counted as done meets the next one', () => {
  const kernel = fakeContext();
  const queue = new WriteQueue(kernel.context, 5, false);
  queue.write(new Uint8Array(10), () => undefined);
  kernel.answer(0, Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
  expect(queue.write(new Uint8Array(1), () => undefined)).toEqual({ status: -32, pending: false });
});

test('closing waits for what counted as done and cancels the rest', () => {
  const kernel = fakeContext();
  const queue = new WriteQueue(kernel.context, 5, false);
  const log: number[] = [];
  queue.write(new Uint8Array(10), () => undefined);
  queue.write(new Uint8Array(20), () => undefined);
  queue.write(new Uint8Array(70_000), (status) => log.push(status));
  queue.close();
  kernel.turn();
  expect(log).toEqual([-125]);
  kernel.answer(0);
  expect(kernel.lines()).toEqual(['write 5 10', 'write 5 20', 'write 5 70000']);
  kernel.answer(1);
  expect(kernel.lines().at(-1)).toBe('close 5');
});

test('a descriptor goes along with its write', () => {
  const kernel = fakeContext();
  new WriteQueue(kernel.context, 5, false).write(new Uint8Array(3), () => undefined, 9);
  expect(kernel.lines()).toEqual(['sendDescriptor 5 3']);
});

test('the write end of a pipe is closed to end it, once', () => {
  const kernel = fakeContext();
  const queue = new WriteQueue(kernel.context, 5, true);
  queue.shutdown(() => undefined);
  kernel.answer(0);
  queue.close();
  expect(kernel.lines()).toEqual(['close 5']);
});

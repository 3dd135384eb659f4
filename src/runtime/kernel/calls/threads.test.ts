import { expect, it, vi } from 'vitest';
import type { Kernel } from '../kernel.ts';
import type { ProcessRecord } from '../processes/process-record.ts';
import { Threads } from '../threads/threads.ts';
import { threadCalls } from './threads.ts';

it('stopping a thread that has ended already is no error', () => {
  const threads = new Threads();
  const ended = threads.create(threads.main);
  const kernel = { endThread: vi.fn() };
  const context = {
    kernel: kernel as unknown as Kernel,
    process: { threads } as unknown as ProcessRecord,
    thread: threads.main,
  };
  threadCalls.stopThread(context, ended.id);
  expect(kernel.endThread).toHaveBeenCalledWith(context.process, ended, 1);
  threads.end(ended, context.process.descriptors);
  threadCalls.stopThread(context, ended.id);
  expect(kernel.endThread).toHaveBeenCalledTimes(1);
});

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

it('messages are taken behind those that other threads have sent and the browser has yet to deliver', async () => {
  const threads = new Threads();
  const other = threads.create(threads.main);
  const { promise, resolve } = Promise.withResolvers<void>();
  other.channel = { takeAllSent: () => promise } as unknown as typeof other.channel;
  const context = {
    kernel: {} as Kernel,
    process: { threads } as unknown as ProcessRecord,
    thread: threads.main,
  };
  threadCalls.openPorts(context, 7, 8);
  const taking = threadCalls.takeMessages(context);
  const message = { number: 0, data: new Uint8Array([1]), hosts: [], buffers: [], ports: [], opened: [] };
  threadCalls.postToPort(context, 7, message as never, null);
  resolve();
  expect(await taking).toMatchObject([{ port: 8 }]);
});

import { expect, it } from 'vitest';
import { createPassage } from '../channel/sync-layout.ts';
import { DescriptorTable } from '../description.ts';
import type { Kernel } from '../kernel.ts';
import type { ProcessRecord } from '../processes/process-record.ts';
import { Threads } from '../threads/threads.ts';
import type { CallContext } from './call-table.ts';
import { descriptorCalls } from './descriptors.ts';

/** A process whose window the test writes into. */
function open() {
  const threads = new Threads();
  const window = createPassage(1 << 20);
  Object.assign(threads.main, { channel: { memory: window.buffer, unread: 0, noteUnread: () => undefined } });
  const process = { threads, descriptors: new DescriptorTable(), visited: null } as unknown as ProcessRecord;
  const context: CallContext = { kernel: {} as Kernel, process, thread: threads.main };
  const [reader, writer] = descriptorCalls.pipe(context, true) as [number, number];
  const receive = async () => {
    const [pieces] = await descriptorCalls.receive(context, reader, 4 << 16);
    return pieces.map((piece) => [piece.length, piece[0], piece.at(-1)]);
  };
  return { window, receive, write: (data: Uint8Array) => descriptorCalls.write(context, writer, data, null) };
}

it('receives what there is in pieces, and the rest of a long write as there is room for it', async () => {
  const { window, receive, write } = open();
  window.fill(1, 0, 1 << 18).fill(2, 1 << 18, 300_000);
  const written = write(window.subarray(0, 300_000));
  const whole = [65_536, 1, 1];
  expect(await receive()).toEqual([whole, whole, whole, whole]);
  expect(await written).toBe(300_000);
  expect(await receive()).toEqual([[300_000 - (1 << 18), 2, 2]]);
  write(new Uint8Array([7]));
  expect(await receive()).toEqual([[1, 7, 7]]);
});

it('keeps what waits for room out of memory through which the bytes of others pass', async () => {
  const { receive, write } = open();
  const passage = createPassage(300_000).fill(1);
  const written = write(passage);
  passage.fill(9);
  await receive();
  expect(await written).toBe(300_000);
  expect(await receive()).toEqual([[300_000 - (1 << 18), 1, 1]]);
});

import { afterEach, expect, it, vi } from 'vitest';
import { ProcessChannel } from '../kernel/process-channel.ts';
import { KernelSys } from './kernel-sys.ts';

const channels: ProcessChannel[] = [];

function connect(answer: (name: unknown) => unknown): KernelSys {
  const channel = new ProcessChannel({ handle: answer, onViolation: (reason) => expect.unreachable(reason) });
  channels.push(channel);
  return new KernelSys(channel.memory, channel.remotePort);
}

afterEach(() => {
  for (const channel of channels.splice(0)) {
    channel.close();
    channel.remotePort.close();
  }
});

it('lets what the kernel answers at once come first', async () => {
  const order: string[] = [];
  const sys = connect(() => null);
  sys.callWith('close', [7], () => order.push('closed'));
  sys.afterAnswers(() => order.push('first'));
  sys.afterAnswers(() => order.push('second'));
  expect(order).toEqual([]);
  await vi.waitFor(() => expect(order).toEqual(['closed', 'first', 'second']));
});

it('does not wait for an answer that takes its time, nor twice for the same calls', async () => {
  const sys = connect((name) => (name === 'poll' ? new Promise(() => undefined) : 0));
  sys.callWith('poll', [7], () => expect.unreachable('nothing is there to read'));
  const done = vi.fn();
  sys.afterAnswers(done);
  await vi.waitFor(() => expect(done).toHaveBeenCalled());
  const next = vi.fn();
  sys.afterAnswers(next);
  expect(next).toHaveBeenCalled();
});

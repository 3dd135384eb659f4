import { afterEach, expect, it, vi } from 'vitest';
import { ProcessChannel } from '../../kernel/channel/process-channel.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import { KernelSys } from './kernel-sys.ts';

const channels: ProcessChannel[] = [];

function connect(answer: (name: unknown) => unknown): KernelSys {
  const channel = new ProcessChannel({ handle: answer, onViolation: (reason) => expect.unreachable(reason) });
  channels.push(channel);
  const sys = new KernelSys(channel.memory, channel.remotePort);
  sys.takeAnswersAtOnce();
  return sys;
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
  await expect.poll(() => order).toEqual(['closed', 'first', 'second']);
});

it('does not wait for an answer that takes its time, nor twice for the same calls', async () => {
  const sys = connect((name) => (name === 'poll' ? new Promise(() => undefined) : 0));
  sys.callWith('poll', [7], () => expect.unreachable('nothing is there to read'));
  const done = vi.fn();
  sys.afterAnswers(done);
  await expect.poll(() => done).toHaveBeenCalled();
  const next = vi.fn();
  sys.afterAnswers(next);
  expect(next).toHaveBeenCalled();
});

it('keeps the order of calls, whether they are short or long, answered or not, waited for or not', async () => {
  const calls: unknown[] = [];
  const { promise: handledLast, resolve } = Promise.withResolvers<void>();
  const channel = new ProcessChannel({
    handle: (name, args) => {
      const [first, data] = args as [unknown, Uint8Array | undefined];
      calls.push(`${name} ${first}${data instanceof Uint8Array ? ` ${data.length}` : ''}`);
      if (first === 12) resolve();
      return first === 3 ? new Uint8Array(300_000) : null;
    },
    onViolation: (reason) => expect.unreachable(reason),
  });
  channels.push(channel);
  const sys = new KernelSys(channel.memory, channel.remotePort);
  sys.takeAnswersAtOnce();
  const answered: number[] = [];
  const write = (fd: number, length: number) =>
    sys.callWith('write', [fd, new Uint8Array(length), null], () => answered.push(fd));
  write(1, 10);
  // On the port it would be waited for, and here the kernel is on the same thread.
  sys.send('closePort', 4);
  write(2, 100_000);
  write(3, 10);
  write(5, 10);
  await expect.poll(() => answered).toEqual([1, 2, 3, 5]);
  for (let fd = 6; fd < 12; fd++) write(fd, fd % 2 ? 10 : 20_000);
  write(12, 10);
  await handledLast;
  expect(calls).toEqual([
    'write 1 10',
    'closePort 4',
    'write 2 100000',
    'write 3 10',
    'write 5 10',
    ...[20_000, 10, 20_000, 10, 20_000, 10].map((length, index) => `write ${6 + index} ${length}`),
    'write 12 10',
  ]);
  await expect.poll(() => answered).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12]);
});

it('hands errors to the caller, beside the port too', async () => {
  const sys = connect(() => {
    throw new SystemError('ENOTCONN', 'why');
  });
  const done = vi.fn();
  sys.callWith('shutdown', [7], done);
  await expect.poll(() => done).toHaveBeenCalledWith(new SystemError('ENOTCONN', 'why'));
});

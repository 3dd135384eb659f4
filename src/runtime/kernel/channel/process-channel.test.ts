import { afterEach, expect, it, vi } from 'vitest';
import { now } from '../clock.ts';
import { SystemError } from '../syscalls.ts';
import { Encoder } from './codec.ts';
import { laterTurn } from './later-turn.ts';
import { ProcessChannel } from './process-channel.ts';
import { Behind, numberOfCall, State, viewsOf, Word } from './sync-layout.ts';

const channels: ProcessChannel[] = [];
const bytes = (text: string) => new TextEncoder().encode(text);

/** A kernel that notes each call, and answers as the test says. */
function open(answer: (name: unknown) => unknown) {
  const calls: string[] = [];
  const channel = new ProcessChannel({
    handle: (name, args) => {
      const [first, data] = args as [unknown, unknown];
      calls.push(`${name} ${first}${data instanceof Uint8Array ? ` ${new TextDecoder().decode(data)}` : ''}`);
      return answer(name);
    },
    onViolation: (reason) => void calls.push(reason),
  });
  channels.push(channel);
  const { ring } = viewsOf(channel.memory);
  return { calls, ring, channel, port: channel.remotePort };
}

afterEach(() => {
  vi.restoreAllMocks();
  for (const channel of channels.splice(0)) {
    channel.close();
    channel.remotePort.close();
  }
});

it('makes the writes of the ring without being called', async () => {
  const { calls, ring } = open(() => 1);
  ring.append(1, bytes('a'));
  ring.append(2, bytes('b'));
  await expect.poll(() => calls).toEqual(['write 1 a', 'write 2 b']);
});

it('loses signals that nobody takes, and nothing else', async () => {
  const { channel, port } = open(() => 0);
  for (let i = 0; i < 10_000; i++) channel.sendEvent({ type: 'signal', signal: 10 });
  channel.sendEvent({ type: 'thread-ended', id: 1, exitCode: 0, reason: null });
  const { words } = viewsOf(channel.memory);
  const taken: string[] = [];
  port.onmessage = ({ data }) => {
    Atomics.store(words, Word.processTook, taken.push(data.event.type));
  };
  await expect.poll(() => taken.at(-1)).toBe('thread-ended');
  expect(taken.length).toBe(4097);
  channel.sendEvent({ type: 'signal', signal: 10 });
  await expect.poll(() => taken.length).toBe(4098);
});

it('holds every other call back while a write of the ring has to wait', async () => {
  const { promise: room, resolve: makeRoom } = Promise.withResolvers<number>();
  const { calls, ring, port } = open((name) => (name === 'write' ? room : 0));
  ring.append(1, bytes('a'));
  ring.append(2, bytes('b'));
  port.postMessage({ type: 'call', id: 1, sequence: 1, name: 'close', args: [7] });
  port.postMessage({ type: 'call', id: 2, sequence: 2, name: 'close', args: [8] });
  const answered = vi.fn();
  port.onmessage = answered;
  await expect.poll(() => calls).toEqual(['write 1 a']);
  expect(answered).not.toHaveBeenCalled();
  makeRoom(1);
  await expect.poll(() => calls).toEqual(['write 1 a', 'write 2 b', 'close 7', 'close 8']);
});

it('what lies in the ring when the process ends is written first', () => {
  const { calls, ring, channel } = open(() => 1);
  ring.append(1, bytes('last words'));
  channel.takeRing();
  expect(calls).toEqual(['write 1 last words']);
});

it('a failed write is told of by its word', async () => {
  const { calls, ring, channel } = open(() => {
    throw new SystemError('EPIPE');
  });
  ring.append(1, bytes('a'));
  channel.takeRing();
  expect(calls).toEqual(['write 1 a']);
  const { words } = viewsOf(channel.memory);
  expect(words[Word.behindFailed]).toBe(1);
});

it('a lack of memory is told as one, and is no defect', async () => {
  const { port, channel } = open(() => {
    throw new RangeError('Array buffer allocation failed');
  });
  const answered = new Promise((resolve) => {
    port.onmessage = ({ data }) => resolve(data);
  });
  // Then the answer comes on the port.
  viewsOf(channel.memory).words[Word.processTook] = -1;
  const failing = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  port.postMessage({ type: 'call', id: 1, sequence: 1, name: 'close', args: [7] });
  expect(await answered).toMatchObject({ id: 1, code: 'ENOMEM' });
  expect(failing).not.toHaveBeenCalled();
});

it('makes a request once that overtook messages, also when its turn has to end before the last of them', async () => {
  const { calls, channel, port } = open((name) => (name === 'write' ? new Promise(() => undefined) : 0));
  const { words, window } = viewsOf(channel.memory);
  const request = new Encoder().encode([numberOfCall('write'), 1, bytes('once'), null]);
  window.set(request);
  words[Word.length] = request.length;
  words[Word.asyncCalls] = 2;
  Atomics.store(words, Word.state, State.request);
  Atomics.notify(words, Word.state);
  await new Promise((resolve) => setImmediate(resolve));
  // The turn that the first message begins has no time left.
  vi.spyOn(performance, 'now').mockReturnValueOnce(Number.NEGATIVE_INFINITY);
  port.postMessage({ type: 'call', id: 1, sequence: 1, name: 'close', args: [7] });
  port.postMessage({ type: 'call', id: 2, sequence: 2, name: 'close', args: [8] });
  await expect.poll(() => calls).toContain('write 1 once');
  await new Promise((resolve) => laterTurn(() => resolve(undefined)));
  expect(calls).toEqual(['close 7', 'close 8', 'write 1 once']);
});

it('tells when all that was sent until now is taken, also what is on its way to the port', async () => {
  const { calls, channel, port, ring } = open(() => 0);
  const { words } = viewsOf(channel.memory);
  ring.append(1, bytes('a'));
  expect(channel.takeAllSent()).toBeNull();
  expect(calls).toEqual(['write 1 a']);
  Atomics.store(words, Word.asyncCalls, 1);
  const taken = channel.takeAllSent();
  port.postMessage({ type: 'call', id: 1, sequence: 1, name: 'close', args: [7] });
  await taken;
  expect(calls).toEqual(['write 1 a', 'close 7']);
  expect(channel.takeAllSent()).toBeNull();
});

it('does not wait for what another write holds back, nor for a thread that has ended', async () => {
  const { channel, port, ring } = open((name) => (name === 'write' ? new Promise(() => undefined) : 0));
  const { words } = viewsOf(channel.memory);
  Atomics.store(words, Word.asyncCalls, 1);
  const taken = channel.takeAllSent();
  ring.append(1, bytes('waits'));
  port.postMessage({ type: 'call', id: 1, sequence: 1, name: 'close', args: [7] });
  await taken;
  expect(channel.takeAllSent()).toBeNull();
  const other = open(() => 0).channel;
  Atomics.store(viewsOf(other.memory).words, Word.asyncCalls, 1);
  const ended = other.takeAllSent();
  other.close();
  await ended;
  expect(other.takeAllSent()).toBeNull();
});

it('leaves nobody waiting when it is closed', () => {
  const { channel } = open(() => 1);
  const { words } = viewsOf(channel.memory);
  channel.close();
  expect([Word.state, Word.behindHead].map((word) => Atomics.notify(words, word))).toEqual([0, 0]);
});

it('leaves nobody waiting when a call of its ring closes it, and handles no request behind that call', async () => {
  const { calls, channel, ring } = open((name) => {
    if (name === 'exit') channel.close();
    return 1;
  });
  const { words, window } = viewsOf(channel.memory);
  const request = new Encoder().encode([numberOfCall('write'), 1, bytes('after'), null]);
  window.set(request);
  words[Word.length] = request.length;
  ring.append(Behind.send, new Encoder().encode([numberOfCall('exit'), [], 3]).slice());
  Atomics.store(words, Word.state, State.request);
  Atomics.notify(words, Word.state);
  await expect.poll(() => calls).toEqual(['exit 3']);
  await new Promise((resolve) => laterTurn(() => resolve(undefined)));
  expect([Word.state, Word.behindHead].map((word) => Atomics.notify(words, word))).toEqual([0, 0]);
  expect(calls).toEqual(['exit 3']);
});

it('ends a process that puts into the ring what is no call', async () => {
  const { calls, ring } = open(() => 1);
  ring.append(Behind.call, bytes('nonsense'));
  await expect.poll(() => calls).toEqual(['The process sent a record that is no call to the kernel']);
});

it('takes a long write out of the window without a copy, and every other long request with one', async () => {
  const taken: boolean[] = [];
  const channel = new ProcessChannel({
    handle: (_name, args) => {
      const data = (args as unknown[]).find((arg) => arg instanceof Uint8Array);
      taken.push(data?.buffer instanceof SharedArrayBuffer);
      return 0;
    },
    onViolation: (reason) => expect.unreachable(reason),
  });
  channels.push(channel);
  const { words, window } = viewsOf(channel.memory);
  const ask = async (...values: unknown[]) => {
    const request = new Encoder().encode(values);
    window.set(request);
    words[Word.length] = request.length;
    Atomics.store(words, Word.state, State.request);
    Atomics.notify(words, Word.state);
    await expect.poll(() => Atomics.load(words, Word.state)).toBe(State.answer);
  };
  await ask(numberOfCall('write'), 1, new Uint8Array(5000), null);
  await ask(numberOfCall('write'), 1, new Uint8Array(10), null);
  await ask(numberOfCall('writeFile'), '/a', new Uint8Array(5000), 0, 0);
  expect(taken).toEqual([true, false, false]);
});

it('sees writes to files soon, without being woken for each, and leaves the stamps of their writer alone', async () => {
  const waits = vi.spyOn(Atomics, 'waitAsync');
  const { calls, ring, channel } = open(() => {
    channel.stamps.bump(7);
    return 1;
  });
  const timeouts = () => waits.mock.calls.filter(([, index]) => index === Word.behindHead).map((call) => call[3]);
  const { words } = viewsOf(channel.memory);
  const before = channel.stamps.sum([7]);
  ring.appendWrite({ kind: Behind.write, target: 5, position: 0, time: 0, data: bytes('a') }, Word.attentive);
  await expect.poll(() => calls).toEqual(['write 5 a']);
  await expect.poll(() => timeouts()).toEqual([undefined, 1, undefined]);
  expect([channel.stamps.sum([7]), words[Word.attentive]]).toEqual([before, 0]);
  // As if the kernel were about to look.
  words[Word.attentive] = 1;
  ring.appendWrite({ kind: Behind.write, target: 5, position: 1, time: 0, data: bytes('b') }, Word.attentive);
  ring.append(5, bytes('c'));
  await expect.poll(() => calls).toEqual(['write 5 a', 'write 5 b', 'write 5 c']);
  expect(channel.stamps.sum([7])).toBe(before + 1);
});

it('makes what else changes files when the process says, and sees the next one soon without being woken', async () => {
  const times: number[] = [];
  const { calls, ring, channel } = open(() => times.push(now()));
  const { words } = viewsOf(channel.memory);
  const post = (...values: unknown[]) =>
    ring.appendLater(Behind.post, new Encoder().encode(values).slice(), Word.attentive);
  words[Word.attentive] = 1;
  post(1000, numberOfCall('futimes'), [], 5, 1, 2);
  channel.takeRing();
  expect([calls, times]).toEqual([['futimes 5'], [1000]]);
  post(0.5, numberOfCall('futimes'), [], 5, 1, 2);
  channel.takeRing();
  expect(calls[1]).toMatch('a record that is no call');
});

it('takes a write to a file that comes at any moment of its look', () => {
  for (let moment = 1; moment < 12; moment++) {
    const { calls, ring, channel } = open(() => 1);
    const { words } = viewsOf(channel.memory);
    const load = Atomics.load.bind(Atomics) as (words: Int32Array, index: number) => number;
    let looks = 0;
    const spy = vi.spyOn(Atomics, 'load').mockImplementation(((of: Int32Array, index: number) => {
      if (of.buffer === words.buffer && index === Word.behindHead && ++looks === moment)
        ring.appendWrite({ kind: Behind.write, target: 5, position: 0, time: 0, data: bytes('a') }, Word.attentive);
      return load(of, index);
    }) as typeof Atomics.load);
    channel.takeRing();
    spy.mockRestore();
    channel.takeRing();
    expect(calls).toEqual(looks >= moment ? ['write 5 a'] : []);
  }
});

it('makes a change with the number that is next, and ends a process that asks for another one', () => {
  const { calls, ring, channel } = open(() => null);
  const { words } = viewsOf(channel.memory);
  channel.own(1, 0);
  const first = words[Word.reservedFrom] as number;
  const change = (made: number, name: 'mkdir' | 'exit' = 'mkdir') => {
    ring.appendOwned(Behind.change, new Encoder().encode([made, 1, numberOfCall(name), '/a']).slice(), Word.attentive);
    channel.takeRing();
  };
  change(first);
  change(0);
  change(first + 1);
  channel.disown();
  change(first + 2);
  expect(calls).toEqual(['mkdir /a', 'mkdir /a', 'mkdir /a']);
  channel.own(1, 0);
  change(first + 1);
  expect(calls.at(-1)).toContain('a change that is none');
  const other = open(() => null);
  other.channel.own(1, 0);
  other.ring.appendOwned(Behind.change, new Encoder().encode([0, 1, numberOfCall('exit'), 1]).slice(), Word.attentive);
  other.channel.takeRing();
  expect(other.calls.join()).toContain('a change that is none');
});

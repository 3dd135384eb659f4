import { expect, it } from 'vitest';
import { PortTable } from '../../kernel/threads/ports.ts';
import { ThreadRecord } from '../../kernel/threads/thread-record.ts';
import type { LoopSource } from '../context.ts';
import { createInbox } from './inbox.ts';
import type { Message, PortState } from './message.ts';
import { type NetworkSys, PortNetwork } from './port-network.ts';

/** Threads of one process, over a kernel's table of ports. */
function createProcess() {
  const table = new PortTable();
  const main = new ThreadRecord(0, null);
  const posted: unknown[] = [];
  let memory: SharedArrayBuffer | null = null;
  const createThread = (id: number) => {
    const record = id === 0 ? main : new ThreadRecord(id, main);
    const words = new Int32Array(new SharedArrayBuffer(4));
    record.channel = { ring: () => Atomics.add(words, 0, 1) } as unknown as ThreadRecord['channel'];
    const calls: Record<string, (...args: never[]) => unknown> = {
      openPorts: (one: number, other: number) => table.open(record, one, other),
      postToPort(to: number, message: never, shared: never) {
        posted.push(to);
        table.post(record, { to, message, shared });
      },
      giveBackMessage: (to: number, message: never, shared: never) => table.giveBack(record, { to, message, shared }),
      takeMessages: () => table.take(record, () => undefined),
      closePort: (port: number) => table.close(port),
      shareMemory(shared: SharedArrayBuffer) {
        memory = shared;
      },
    };
    const call = (name: string, ...args: unknown[]) => calls[name]?.(...(args as never[]));
    const sys = {
      call,
      send: call,
      callWith: (name: string, args: unknown[]) => void call(name, ...args),
    } as unknown as NetworkSys;
    let source: LoopSource | null = null;
    const loop = {
      watch(watched: LoopSource) {
        source = watched;
      },
    };
    const launch = () => ({ memory, ...(id > 0 && { thread: { id } as never }) });
    const network = new PortNetwork({ sys, inbox: createInbox(words, 0), loop, launch });
    return { network, record, arm: (wake: () => void) => source?.arm(wake), look: () => source?.look() };
  };
  const parent = createThread(0);
  const [mine, theirs] = parent.network.openPair();
  const id = parent.network.handOver(theirs);
  const child = createThread(1);
  table.adopt(child.record, id);
  const there = child.network.adopt(id);
  return { parent, child, mine, there, posted };
}

const message = (text: string, ports: PortState[] = []): Message => ({
  number: 0,
  data: new TextEncoder().encode(text),
  hosts: ports.map(() => 'port'),
  buffers: [],
  ports,
  shared: [],
});

function texts(network: PortNetwork, port: PortState): string[] {
  const found: string[] = [];
  for (let next = network.receive(port); next !== undefined; next = network.receive(port)) {
    found.push(next === null ? 'closed' : new TextDecoder().decode(next.data.subarray(0, 8)));
    if (next === null) break;
  }
  return found;
}

it('sends past the kernel, and wakes a thread that waits once', async () => {
  const { parent, child, mine, there, posted } = createProcess();
  let wakes = 0;
  const woken = new Promise<void>((resolve) => {
    expect(child.arm(() => resolve(void wakes++))).toBe(true);
  });
  for (const text of ['one', 'two', 'three']) parent.network.post(mine, message(text));
  await woken;
  child.look();
  expect(there.queue.length).toBe(3);
  expect(texts(child.network, there)).toEqual(['one', 'two', 'three']);
  expect([posted, wakes]).toEqual([[], 1]);
  parent.network.post(mine, message('four'));
  expect(child.arm(() => undefined)).toBe(false);
});

it('keeps the order of messages that go both ways, and has the close come last', () => {
  const { parent, child, mine, there, posted } = createProcess();
  const long = 'x'.repeat(100_000);
  parent.network.post(mine, message('1'));
  parent.network.post(mine, message(`2${long}`));
  parent.network.post(mine, message('3'));
  parent.network.post(mine, message(`4${long}`));
  parent.network.post(mine, message('5'));
  parent.network.close(mine);
  expect(posted.length).toBe(2);
  const order = texts(child.network, there).map((text) => text[0]);
  expect(order).toEqual(['1', '2', '3', '4', '5', 'c']);
});

it('loses nothing when more is sent than there is room for', () => {
  const { parent, child, mine, there, posted } = createProcess();
  const count = 20_000;
  for (let index = 0; index < count; index++) parent.network.post(mine, message(String(index)));
  expect(posted.length).toBeGreaterThan(0);
  expect(texts(child.network, there)).toEqual(Array.from({ length: count }, (_, index) => String(index)));
  parent.network.post(mine, message('after'));
  expect(texts(child.network, there)).toEqual(['after']);
});

it('takes messages along with a port that moves on, whether they were looked at or not', () => {
  const { parent, child, mine, there } = createProcess();
  const [here, moving] = parent.network.openPair();
  parent.network.post(here, message('1'));
  parent.network.post(here, message('2'));
  parent.network.post(mine, message('port', [moving]));
  parent.network.post(here, message('3'));
  const taken = child.network.receive(there);
  const moved = taken?.ports[0];
  if (!moved) throw new Error('no port came');
  const first = child.network.receive(moved);
  expect(new TextDecoder().decode(first?.data)).toBe('1');
  parent.network.post(here, message('4'));
  child.network.post(there, message('back', [moved]));
  parent.network.post(here, message('5'));
  const back = parent.network.receive(mine)?.ports[0];
  if (!back) throw new Error('no port came back');
  expect(texts(parent.network, back)).toEqual(['2', '3', '4', '5']);
  parent.network.close(here);
  expect(texts(parent.network, back)).toEqual(['closed']);
});

it('gives the place of a closed channel to another one only after a while', () => {
  const { parent } = createProcess();
  const places = new Set<number>();
  for (let index = 0; index < 300; index++) {
    const [one, other] = parent.network.openPair();
    const id = parent.network.handOver(other);
    places.add(Math.floor(id % 256));
    const back = parent.network.adopt(id);
    parent.network.post(one, message('still works'));
    expect(texts(parent.network, back)).toEqual(['still wo']);
    parent.network.close(one);
    parent.network.close(back);
  }
  expect(places.size).toBeGreaterThan(100);
});

import { expect, it } from 'vitest';
import { MAX_TAKEN, PortTable } from './ports.ts';
import { ThreadRecord } from './thread-record.ts';
import type { PortMessage } from './thread-requests.ts';

const main = new ThreadRecord(0, null);
const text = (name: string, ports: number[] = []): PortMessage => ({
  data: new TextEncoder().encode(name),
  number: 0,
  hosts: [],
  buffers: [],
  ports,
  opened: [],
  shared: 0,
});

/** What a thread takes, as `port:text`. */
function take(table: PortTable, thread: ThreadRecord): string[] {
  return table
    .take(thread, () => undefined)
    .map(({ port, message }) => `${port}:${message ? new TextDecoder().decode(message.data) : 'closed'}`);
}

it('keeps messages for a port that is itself under way', () => {
  const table = new PortTable();
  const thread = new ThreadRecord(1, main);
  table.open(main, 1, 2);
  table.open(main, 3, 4);
  table.adopt(thread, 2);
  table.post(main, { to: 1, message: text('here is 4', [4]), shared: null });
  table.post(main, { to: 3, message: text('for 4'), shared: null });
  expect(take(table, main)).toEqual([]);
  expect(take(table, thread)).toEqual(['2:here is 4', '4:for 4']);
  table.post(main, { to: 3, message: text('more for 4'), shared: null });
  expect(take(table, thread)).toEqual(['4:more for 4']);
});

it('knows how much waits, until it is taken, or lost with its port', () => {
  const table = new PortTable();
  const thread = new ThreadRecord(1, main);
  table.open(main, 1, 2);
  table.adopt(thread, 2);
  const long = { ...text('x'.repeat(1000)), buffers: [new Uint8Array(5000)] };
  const send = () => table.post(main, { to: 1, message: long, shared: null });
  send();
  const one = table.waiting;
  expect(one).toBeGreaterThan(6000);
  send();
  expect(table.waiting).toBe(2 * one);
  take(table, thread);
  expect(table.waiting).toBe(0);
  table.giveBack(thread, { to: 2, message: long, shared: null });
  expect(table.waiting).toBe(one);
  send();
  table.close(2);
  expect(table.waiting).toBe(0);
  send();
  expect(table.waiting).toBe(0);
});

it('delivers what was given back first, and the close last', () => {
  const table = new PortTable();
  const thread = new ThreadRecord(1, main);
  table.open(main, 1, 2);
  table.post(main, { to: 1, message: text('second'), shared: null });
  table.giveBack(main, { to: 2, message: text('first'), shared: null });
  table.close(1);
  table.adopt(thread, 2);
  expect(take(table, thread)).toEqual(['2:first', '2:second', '2:closed']);
});

it('closes the ports of a thread that has ended, and those in messages nobody will read', () => {
  const table = new PortTable();
  const thread = new ThreadRecord(1, main);
  table.open(main, 1, 2);
  table.open(main, 3, 4);
  table.adopt(thread, 2);
  table.post(main, { to: 1, message: text('lost', [4]), shared: null });
  table.closeAll(thread);
  expect(take(table, main)).toEqual(['1:closed', '3:closed']);
});

it('sends to every other port of a name, and hands shared objects out under a key for each taker', () => {
  const table = new PortTable();
  const objects = [new SharedArrayBuffer(1)];
  const keys: number[] = [];
  for (const id of [1, 2, 3]) table.join(main, id, 'news');
  table.post(main, { to: 1, message: text('hello'), shared: objects });
  const taken = table.take(main, (key, shared) => {
    expect(shared).toBe(objects);
    keys.push(key);
  });
  expect(taken.map(({ port, message }) => [port, message?.shared])).toEqual([
    [2, keys[0]],
    [3, keys[1]],
  ]);
});

it('closes ports in messages in a chain that is longer than the stack', () => {
  const table = new PortTable();
  const thread = new ThreadRecord(1, main);
  const LENGTH = 50_000;
  table.open(main, 1, 2);
  for (let i = 1; i < LENGTH; i++) {
    table.open(main, 2 * i + 1, 2 * i + 2);
    // Nobody reads at the end that travels.
    table.post(main, { to: 2 * i + 1, message: text('next', [2 * i]), shared: null });
  }
  table.adopt(thread, 2 * LENGTH);
  table.closeAll(thread);
  expect(take(table, main)).toHaveLength(MAX_TAKEN);
});

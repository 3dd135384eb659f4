import { expect, it } from 'vitest';
import { DistinctEvents, type EventQueue, PortEvents, ProgramEvents } from './event-queues.ts';

function takeAll<Args>(queue: EventQueue<Args>): Args[] {
  const taken: Args[] = [];
  for (let event = queue.take(); event; event = queue.take()) taken.push(event);
  return taken;
}

it('tells no event twice that waits, and each again that was taken', () => {
  const queue = new DistinctEvents<[string, string]>();
  for (const name of ['a', 'b', 'a', 'a']) queue.add(['change', name]);
  queue.add(['rename', 'a']);
  expect(queue.take()).toEqual(['change', 'a']);
  queue.add(['change', 'a']);
  expect(takeAll(queue)).toEqual([
    ['change', 'b'],
    ['rename', 'a'],
    ['change', 'a'],
  ]);
});

it('keeps no more events than a program may make while nobody takes any', () => {
  const queue = new DistinctEvents<[number]>();
  for (let i = 0; i < 100_000; i++) queue.add([i]);
  const taken = takeAll(queue);
  expect(taken.length).toBeLessThan(20_000);
  expect(taken[0]).toEqual([0]);
  queue.add([1]);
  expect(queue.take()).toEqual([1]);
});

it('keeps no more than fits of what is long', () => {
  const queue = new DistinctEvents<[number, string]>();
  for (const round of [1, 2]) {
    for (let i = 0; i < 100; i++) queue.add([round * i, 'x'.repeat(1_000_000)]);
    expect(takeAll(queue).length).toBe(4);
  }
  queue.add([0, 'x'.repeat(10_000_000)]);
  expect(takeAll(queue).length).toBe(1);
});

it('tells of a port that goes on and off what is true at last', () => {
  const queue = new PortEvents();
  for (let i = 0; i < 1000; i++) {
    queue.add([80, 'open']);
    queue.add([80, 'close']);
    queue.add([90, 'open']);
    if (i < 999) queue.add([90, 'close']);
  }
  expect(takeAll(queue)).toEqual([
    [80, 'open'],
    [90, 'open'],
    [80, 'close'],
  ]);
});

it('tells of a server that was started again', () => {
  const queue = new PortEvents();
  queue.add([80, 'open']);
  expect(queue.take()).toEqual([80, 'open']);
  queue.add([80, 'close']);
  queue.add([80, 'open']);
  expect(takeAll(queue)).toEqual([
    [80, 'close'],
    [80, 'open'],
  ]);
});

it('tells of a port before what is announced', () => {
  const queue = new ProgramEvents();
  const announcement = { type: 'announce', topic: 'xdg-open', words: ['http://localhost:80'] } as const;
  queue.add({ ...announcement, words: [...announcement.words] });
  queue.add({ type: 'port', port: 80, state: 'open' });
  expect(takeAll(queue)).toEqual([{ type: 'port', port: 80, state: 'open' }, announcement]);
});

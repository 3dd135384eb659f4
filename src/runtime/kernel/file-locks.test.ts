import { expect, it } from 'vitest';
import { ByteQueue } from './byte-queue.ts';
import { type Description, release, retain } from './description.ts';
import { PipeReader } from './descriptions/pipe.ts';
import { lock } from './file-locks.ts';
import { type Caller, cancelWaiting } from './wait-queue.ts';

const [SH, EX, NB, UN] = [1, 2, 4, 8];

function create() {
  const caller: Caller = { waiting: new Set() };
  const site = { caller, fd: null };
  const file = {};
  const take = (description: Description, operation: number) => lock(site, { description, file, operation });
  return { caller, take };
}

function open(): Description {
  return retain(new PipeReader(new ByteQueue()));
}

it('one alone, or several that share it', () => {
  const { take } = create();
  const [one, other] = [open(), open()];
  take(one, EX);
  expect(() => take(other, EX | NB)).toThrow('EAGAIN');
  expect(() => take(other, SH | NB)).toThrow('EAGAIN');
  take(one, SH);
  expect(take(other, SH | NB)).toBeUndefined();
  expect(() => take(other, EX | NB)).toThrow('EAGAIN');
});

it('whoever waits gets it when it is given back', async () => {
  const { take } = create();
  const [one, other] = [open(), open()];
  take(one, EX);
  const waiting = take(other, EX);
  take(one, UN);
  await waiting;
  expect(() => take(one, EX | NB)).toThrow('EAGAIN');
});

it('ends with the last descriptor of the open file', async () => {
  const { take } = create();
  const [one, other] = [open(), open()];
  take(one, EX);
  retain(one);
  const waiting = take(other, EX);
  release(one);
  expect(() => take(open(), SH | NB)).toThrow('EAGAIN');
  release(one);
  await waiting;
});

it('a lock that cannot be made exclusive is given up', async () => {
  const { take } = create();
  const [one, other] = [open(), open()];
  take(one, SH);
  take(other, SH);
  expect(() => take(one, EX | NB)).toThrow('EAGAIN');
  expect(take(other, EX | NB)).toBeUndefined();
});

it('all who may share it get it at once', async () => {
  const { take } = create();
  const [one, two, three] = [open(), open(), open()];
  take(one, EX);
  const waiting = [take(two, SH), take(three, SH)];
  release(one);
  await Promise.all(waiting);
});

it('refuses what is no operation, and tells who gave up waiting', async () => {
  const { caller, take } = create();
  const one = open();
  expect(() => take(one, SH | EX)).toThrow('EINVAL');
  take(one, EX);
  const waiting = take(open(), EX);
  cancelWaiting(caller, 'EINTR');
  await expect(waiting).rejects.toThrow('EINTR');
});

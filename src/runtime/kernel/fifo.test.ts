import { expect, it } from 'vitest';
import { type Description, release, retain } from './description.ts';
import { FifoDescription } from './descriptions/fifo.ts';
import { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from './file-modes.ts';
import { DirectoryInode, FifoInode } from './file-system/inode.ts';
import { type Caller, cancelWaiting } from './wait-queue.ts';

const caller: Caller = { waiting: new Set() };
const site = { caller, fd: null };
const bytes = (text: string) => new TextEncoder().encode(text);
const read = async (end: FifoDescription, length = 100) => new TextDecoder().decode(await end.read(site, length, null));

function create() {
  const inode = new FifoInode(0o600);
  const parent = new DirectoryInode(0o755, null, '');
  const open = (flags: number) => {
    const end = new FifoDescription({ inode, parent, name: 'p' }, flags);
    retain(end);
    return end;
  };
  return { open, close: (end: Description) => release(end) };
}

it('each end waits for the other', async () => {
  const { open } = create();
  const reader = open(O_RDONLY);
  expect(reader.isMet).toBe(false);
  const met = reader.met(site);
  const writer = open(O_WRONLY);
  expect(writer.isMet).toBe(true);
  await met;
});

it('a writer that has come and gone is enough', async () => {
  const { open, close } = create();
  const reader = open(O_RDONLY);
  const writer = open(O_WRONLY);
  await writer.write(site, bytes('short'), null);
  close(writer);
  expect(reader.isMet).toBe(true);
  expect(await read(reader)).toBe('short');
  expect(await read(reader)).toBe('');
});

it('behind the end of one writer the next is read', async () => {
  const { open, close } = create();
  const reader = open(O_RDONLY);
  close(open(O_WRONLY));
  expect(await read(reader)).toBe('');
  const next = open(O_WRONLY);
  const waiting = read(reader);
  await next.write(site, bytes('more'), null);
  expect(await waiting).toBe('more');
});

it('the last writer ends it, and a writer without readers is told', async () => {
  const { open, close } = create();
  const reader = open(O_RDONLY);
  const [one, other] = [open(O_WRONLY), open(O_WRONLY)];
  close(one);
  const waiting = read(reader);
  close(other);
  expect(await waiting).toBe('');
  const late = open(O_WRONLY);
  close(reader);
  expect(() => late.write(site, bytes('x'), null)).toThrow('EPIPE');
});

it('what nobody has read stays for the next reader while a writer has it open', async () => {
  const { open, close } = create();
  const both = open(O_RDWR);
  expect(both.isMet).toBe(true);
  await both.write(site, bytes('kept'), null);
  const reader = open(O_RDONLY);
  close(reader);
  expect(await read(open(O_RDONLY), 2)).toBe('ke');
  expect(await read(both)).toBe('pt');
});

it('is empty when nobody has it open any more', async () => {
  const { open, close } = create();
  const both = open(O_RDWR);
  await both.write(site, bytes('lost'), null);
  close(both);
  expect(await read(open(O_RDONLY))).toBe('');
});

it('does not wait with O_NONBLOCK', () => {
  const { open } = create();
  expect(() => open(O_WRONLY | O_NONBLOCK)).toThrow('ENXIO');
  const reader = open(O_RDONLY | O_NONBLOCK);
  expect(reader.read(site, 1, null)).toEqual(new Uint8Array(0));
  open(O_WRONLY | O_NONBLOCK);
  expect(() => reader.read(site, 1, null)).toThrow('EAGAIN');
});

it('an end that gives up waiting is told', async () => {
  const { open } = create();
  const met = open(O_RDONLY).met(site);
  cancelWaiting(caller, 'EINTR');
  await expect(met).rejects.toThrow('EINTR');
});

it('has no places, and each end its direction', () => {
  const { open } = create();
  const [reader, writer] = [open(O_RDONLY), open(O_WRONLY)];
  expect(() => reader.read(site, 1, 0)).toThrow('ESPIPE');
  expect(() => reader.write(site, bytes('x'), null)).toThrow('EBADF');
  expect(() => writer.read(site, 1, null)).toThrow('EBADF');
});

import { describe, expect, it, vi } from 'vitest';
import { ByteQueue } from './byte-queue.ts';
import { completeLength, Delivery } from './client/delivery.ts';
import { release, retain } from './description.ts';
import { PipeReader } from './descriptions/pipe.ts';
import { type Caller, cancelWaiting } from './wait-queue.ts';

const caller = (): Caller => ({ waiting: new Set() });
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

describe('ByteQueue', () => {
  it('answers a waiting reader when something is written, and ends after what is left', async () => {
    const queue = new ByteQueue();
    const reading = queue.read(caller(), 0, 10);
    expect(reading).toBeInstanceOf(Promise);
    expect(queue.write(caller(), 1, bytes('hello'))).toBe(5);
    expect(text(await reading)).toBe('hello');
    queue.write(caller(), 1, bytes('rest'));
    queue.end();
    expect(text(await queue.read(caller(), 0, 2))).toBe('re');
    expect(text(await queue.read(caller(), 0, 10))).toBe('st');
    expect((await queue.read(caller(), 0, 10)).length).toBe(0);
  });

  it('lets a writer wait until everything found room, in order', async () => {
    const queue = new ByteQueue(4);
    const first = queue.write(caller(), 1, bytes('abcdef'));
    const second = queue.write(caller(), 1, bytes('gh'));
    let read = '';
    while (read.length < 8) read += text(await queue.read(caller(), 0, 3));
    expect(read).toBe('abcdefgh');
    expect([await first, await second]).toEqual([6, 2]);
  });

  it('fails writers with EPIPE when nobody reads any more, those that wait too', async () => {
    const queue = new ByteQueue(2);
    const waiting = queue.write(caller(), 1, bytes('abc'));
    queue.abandon();
    await expect(waiting).rejects.toMatchObject({ code: 'EPIPE' });
    expect(() => queue.write(caller(), 1, bytes('x'))).toThrow(expect.objectContaining({ code: 'EPIPE' }));
  });

  it('gives nothing to a reader that was cancelled', async () => {
    const queue = new ByteQueue();
    const [gone, next] = [caller(), caller()];
    const cancelled = queue.read(gone, 0, 10);
    const reading = queue.read(next, 0, 10);
    cancelWaiting(gone, 'ECANCELED', 0);
    queue.write(caller(), 1, bytes('data'));
    await expect(cancelled).rejects.toMatchObject({ code: 'ECANCELED' });
    expect(text(await reading)).toBe('data');
  });
});

describe('a description that travels with bytes', () => {
  const traveller = () => {
    const log: string[] = [];
    return { log, description: Object.assign(new PipeReader(new ByteQueue()), { close: () => log.push('closed') }) };
  };

  it('arrives with the first byte of its write, though its sender has closed it', async () => {
    const { log, description } = traveller();
    const queue = new ByteQueue();
    retain(description);
    queue.write(caller(), 1, bytes('before'));
    const sending = queue.send(caller(), 1, bytes('with'), description);
    release(description);
    expect(await sending).toBe(4);
    const before = queue.receiveAvailable(100);
    expect([text(before.bytes), before.passed]).toEqual(['before', []]);
    const received = queue.receiveAvailable(100);
    expect([text(received.bytes), received.passed]).toEqual(['with', [description]]);
    expect(log).toEqual([]);
    release(description);
    expect(log).toEqual(['closed']);
  });

  it('is let go when nobody receives it', async () => {
    const { log, description } = traveller();
    const queue = new ByteQueue();
    await queue.send(caller(), 1, bytes('x'), description);
    queue.abandon();
    expect(log).toEqual(['closed']);
  });
});

describe('Delivery', () => {
  it('hands over what was written until its end was asked for, and drops the rest', async () => {
    const output = new ByteQueue(4);
    let got = '';
    const delivery = new Delivery(output, (chunk) => {
      got += text(chunk);
    });
    await output.write(caller(), 1, bytes('all of it'));
    await delivery.finish();
    expect(got).toBe('all of it');
    await output.write(caller(), 1, bytes('more than the queue holds'));
    expect(got).toBe('all of it');
  });

  it('collects lines that follow each other closely, until the end', async () => {
    vi.useFakeTimers();
    try {
      const output = new ByteQueue();
      const chunks: string[] = [];
      const delivery = new Delivery(output, (chunk) => {
        chunks.push(text(chunk));
      });
      for (const line of ['a', 'b', 'c']) {
        output.write(caller(), 1, bytes(line));
        await vi.advanceTimersByTimeAsync(1);
      }
      await vi.advanceTimersByTimeAsync(100);
      expect(chunks).toEqual(['a', 'bc']);
      for (const line of ['d', 'e']) {
        output.write(caller(), 1, bytes(line));
        await vi.advanceTimersByTimeAsync(0);
      }
      await delivery.finish();
      expect(chunks).toEqual(['a', 'bc', 'd', 'e']);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('completeLength', () => {
  it.each(['', 'abc', 'é', 'a€', '🎉', 'x🎉é€'])('never cuts a character of %s', (whole) => {
    const data = bytes(whole);
    for (let length = 0; length <= data.length; length++) {
      const head = data.subarray(0, completeLength(data.subarray(0, length)));
      expect(whole.startsWith(text(head))).toBe(true);
      expect(length - head.length).toBeLessThan(4);
    }
    expect(completeLength(data)).toBe(data.length);
  });

  it('does not hold back what is no UTF-8', () => {
    expect(completeLength(new Uint8Array([0x80, 0x80, 0x80, 0x80]))).toBe(4);
  });
});

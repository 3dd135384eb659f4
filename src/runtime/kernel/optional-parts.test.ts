import { expect, it } from 'vitest';
import { OptionalParts } from './optional-parts.ts';

it('fetches a part once, again after a failure, and nothing that is no part', async () => {
  const parts = new OptionalParts();
  const asked: string[] = [];
  parts.loader = async (name) => {
    asked.push(name);
    if (asked.length === 1) throw new Error('offline');
    return Uint8Array.of(7);
  };
  await expect(parts.get('crypto.js')).rejects.toMatchObject({ code: 'EIO', message: 'offline' });
  expect(await parts.get('crypto.js')).toEqual(Uint8Array.of(7));
  expect(await parts.get('crypto.js')).toEqual(Uint8Array.of(7));
  expect(asked).toEqual(['crypto.js', 'crypto.js']);
  for (const name of ['../index.html', 'a/b.js', 'library.json', '', '//host/x.js']) {
    expect(() => parts.get(name)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  }
});

it('asks the host for no more names at a time than there may be parts', async () => {
  const parts = new OptionalParts();
  const { promise, reject } = Promise.withResolvers<Uint8Array>();
  parts.loader = () => promise;
  const asked: Promise<Uint8Array>[] = [];
  expect(() => {
    for (let i = 0; i < 1000; i++) asked.push(parts.get(`part-${i}.js`));
  }).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
  reject(new Error('none of them is a part'));
  for (const answer of asked) await expect(answer).rejects.toMatchObject({ code: 'EIO' });
  await expect(parts.get('part-0.js')).rejects.toMatchObject({ code: 'EIO' });
});

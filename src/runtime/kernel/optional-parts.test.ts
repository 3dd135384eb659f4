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

import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { readBinaries } from '../../../library/parts.ts';
import type { ProcessContext } from '../../context.ts';
import { cryptoPartOf, hashPartOf } from '../lazy-part.ts';

const SECRET = 0;

test('digests and HMACs of bytes need no more than the part `hash`; a key is one of the part `crypto`', async () => {
  const parts: Record<string, unknown> = { hash: await import('./part.ts'), crypto: await import('../part.ts') };
  const binaries = await readBinaries(process.cwd());
  const loaded: string[] = [];
  const context = {
    global: globalThis,
    host: { WebAssembly, crypto: globalThis.crypto },
    partBytes: (name: string) => new Uint8Array(binaries.get(name)!),
    require: () => ({ Buffer }),
    process,
    loadPart: (name: string) => {
      loaded.push(name);
      return parts[name];
    },
  } as unknown as ProcessContext;
  const hashes = hashPartOf(context);
  const key = Buffer.from('a key');
  const hmacOf = (secret: unknown) => {
    const hmac = new (hashes.get('Hmac') as new () => Running & { init(name: string, key: unknown): void })();
    hmac.init('sha256', secret);
    hmac.update('text');
    return hmac.digest('hex');
  };
  const hash = new (hashes.get('Hash') as new (name: string) => Running)('sha1');
  hash.update('text');
  expect(hash.digest('hex')).toBe(createHash('sha1').update('text').digest('hex'));
  const expected = createHmac('sha256', key).update('text').digest('hex');
  expect(hmacOf(key)).toBe(expected);
  expect(loaded).toEqual(['hash']);

  const KeyObjectHandle = cryptoPartOf(context).get('KeyObjectHandle') as new () => {
    init(type: number, data: Uint8Array): void;
  };
  const handle = new KeyObjectHandle();
  handle.init(SECRET, key);
  expect(hmacOf(handle)).toBe(expected);
  expect(loaded).toEqual(['hash', 'crypto']);
});

interface Running {
  update(data: unknown): boolean;
  digest(encoding: string): unknown;
}

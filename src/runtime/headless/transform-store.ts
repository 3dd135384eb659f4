/** Results of the transformer, kept by the browser for the next visit. The sandbox, of opaque origin, has no storage of its own. */
import * as Comlink from 'comlink';
import type { TransformStore } from '../kernel/source-transforms.ts';

const CACHE = 'fixpoint-transforms';
const MOST_ENTRIES = 100;

/** Kept under the hash of the source and of the transformer, another version of which may find something else. */
export function openTransformStore(loadTransformer: () => Promise<BufferSource>): TransformStore {
  let version: Promise<string> | null = null;
  return {
    async lookUp(kind, source) {
      version ??= loadTransformer().then(digest);
      version.catch(() => {
        version = null;
      });
      const key = `${await version}-${kind}-${await digest(source as Uint8Array<ArrayBuffer>)}`;
      const found = await (await caches.open(CACHE)).match(urlOf(key));
      if (!found) return { key, result: null };
      const result = new Uint8Array(await found.arrayBuffer());
      return Comlink.transfer({ key, result }, [result.buffer]);
    },
    async put(key, result) {
      const cache = await caches.open(CACHE);
      await cache.put(urlOf(key), new Response(result as Uint8Array<ArrayBuffer>));
      const keys = await cache.keys();
      for (const oldest of keys.slice(0, Math.max(0, keys.length - MOST_ENTRIES))) await cache.delete(oldest);
    },
  };
}

async function digest(bytes: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A cache is asked by URLs; nothing is ever fetched from this one. */
const urlOf = (key: string) => `${location.origin}/runtime/transforms/${encodeURIComponent(key)}`;

import { decode } from '@msgpack/msgpack';
import { expect, it } from 'vitest';
import type { TreeEntry } from '../sandbox.ts';
import { mountTree } from './mount-tree.ts';
import type { Container, Runtime } from './webcontainer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const ENTRIES: readonly TreeEntry[] = [
  { path: 'empty', type: 'directory' },
  { path: 'a/b/constructor', type: 'file', bytes: bytes('text') },
  { path: 'a/logo', type: 'file', bytes: Uint8Array.of(0xff, 0) },
  { path: 'a/link', type: 'link', target: 'b' },
];

it('mounts in binary, bytes as they are, what nobody has to write as JSON', async () => {
  const { tree } = await mount('embedded', ENTRIES);
  expect(decode(tree as Uint8Array)).toEqual({
    d: {
      empty: { d: {} },
      a: {
        d: {
          b: { d: { constructor: { f: { c: bytes('text') } } } },
          logo: { f: { c: Uint8Array.of(0xff, 0) } },
          link: { f: { l: 'b' } },
        },
      },
    },
  });
});

it('tells the embedded runtime what is executable', async () => {
  const run: TreeEntry = { path: 'run', type: 'file', bytes: bytes('echo'), executable: true };
  const { tree } = await mount('embedded', [run]);
  expect(decode(tree as Uint8Array)).toEqual({ d: { run: { f: { c: bytes('echo'), x: true } } } });
});

it('mounts a tree for the hosted runtime', async () => {
  const { tree } = await mount('hosted', ENTRIES);
  expect(Object.keys((tree as { a: { directory: object } }).a.directory)).toEqual(['b', 'logo', 'link']);
});

it('writes what has a name that neither form can have, after the rest', async () => {
  const { tree, written } = await mount('embedded', [
    { path: 'a/__proto__/x', type: 'file', bytes: bytes('x') },
    { path: 'y', type: 'file', bytes: bytes('y') },
  ]);
  expect(decode(tree as Uint8Array)).toEqual({ d: { y: { f: { c: bytes('y') } } } });
  expect(written).toEqual({ './a/__proto__/x': bytes('x') });
});

async function mount(runtime: Runtime, entries: readonly TreeEntry[]) {
  let tree: unknown;
  const written: Record<string, Uint8Array> = {};
  const api = {
    workdir: '/home/project',
    fs: {
      mkdir: async () => '',
      writeFile: async (path: string, content: Uint8Array) => {
        written[path] = content;
      },
    },
    mount: async (mounted: unknown) => {
      tree = mounted;
    },
  };
  await mountTree({ runtime, api: api as unknown as Container['api'] }, '.', entries);
  return { tree, written };
}

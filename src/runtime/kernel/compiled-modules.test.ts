import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CompiledModules } from './compiled-modules.ts';

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const MEGABYTE = 1024 * 1024;
let modules: CompiledModules;

beforeEach(() => {
  vi.useFakeTimers();
  modules = new CompiledModules();
});
afterEach(() => {
  modules.clear();
  vi.useRealTimers();
});

/** A module with nothing but a section of its own, of the letter; at least 12 bytes. */
function wasm(letter: string, size = 64): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  const rest = size - HEADER.length - 6;
  const length = [0, 7, 14, 21, 28].map((shift, index) => ((rest >>> shift) & 127) | (index < 4 ? 128 : 0));
  bytes.set([...HEADER, 0, ...length, 1, letter.charCodeAt(0)]);
  return bytes;
}
const sizes = () => modules.give().map(({ size }) => size / MEGABYTE);

it('gives what was compiled of the same bytes', async () => {
  await modules.keep(wasm('a'));
  await modules.keep(wasm('b'));
  await modules.keep(wasm('a'));
  const given = modules.give();
  expect(given.map(({ module }) => WebAssembly.Module.customSections(module, 'a').length)).toEqual([1, 0]);
  expect(given.map(({ size }) => size)).toEqual([64, 64]);
  const [a, b] = [modules.find(wasm('a')), modules.find(wasm('b'))];
  expect([a, b]).toEqual(given.map(({ id }) => id));
  expect(a).not.toBe(b);
});

it('finds nothing for bytes that differ anywhere, whatever was kept', async () => {
  await modules.keep(wasm('a'));
  const bytes = wasm('a');
  bytes[63] = 1;
  expect(modules.find(bytes)).toBe(null);
  expect(modules.find(wasm('a', 65))).toBe(null);
});

it('does not keep what is no WebAssembly', async () => {
  await modules.keep(new Uint8Array(100));
  expect(modules.give()).toEqual([]);
  await modules.keep(wasm('a'));
  expect(modules.give()).toHaveLength(1);
});

it('forgets the oldest of too many', async () => {
  for (const name of 'abcdefgh') await modules.keep(wasm(name));
  const kept = modules.give().map(({ module }) => [...'abcdefgh'].find((name) => hasSection(module, name)));
  expect(kept).toEqual(['c', 'd', 'e', 'f', 'g', 'h']);
});

const hasSection = (module: WebAssembly.Module, name: string) =>
  WebAssembly.Module.customSections(module, name).length > 0;

it('forgets the oldest of too large ones, and takes none that is too large by itself', async () => {
  await modules.keep(wasm('a', 40 * MEGABYTE));
  await modules.keep(wasm('b', 30 * MEGABYTE));
  await modules.keep(wasm('c', 65 * MEGABYTE));
  expect(sizes()).toEqual([30]);
  await modules.keep(wasm('d', 33 * MEGABYTE));
  expect(sizes()).toEqual([30, 33]);
});

it('gives the memory back when nothing has started for a minute', async () => {
  await modules.keep(wasm('a'));
  vi.advanceTimersByTime(59_000);
  expect(sizes()).toHaveLength(1);
  vi.advanceTimersByTime(59_000);
  expect(sizes()).toHaveLength(1);
  vi.advanceTimersByTime(61_000);
  expect(sizes()).toEqual([]);
});

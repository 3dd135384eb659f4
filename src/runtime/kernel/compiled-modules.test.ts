import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CompiledModules } from './compiled-modules.ts';

const EMPTY = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
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

const keep = (fingerprint: string, size: number) =>
  modules.keep({ fingerprint, module: new WebAssembly.Module(EMPTY) }, size);
const fingerprints = () => modules.give().map(({ fingerprint }) => fingerprint);

it('gives what was kept', () => {
  keep('a', 1);
  keep('b', 1);
  keep('a', 1);
  expect(fingerprints()).toEqual(['a', 'b']);
  expect(modules.give()[0]?.module).toBeInstanceOf(WebAssembly.Module);
});

it('forgets the oldest of too many', () => {
  for (const name of 'abcdefgh') keep(name, 1);
  expect(fingerprints()).toEqual(['c', 'd', 'e', 'f', 'g', 'h']);
});

it('forgets the oldest of too large ones, and takes none that is too large by itself', () => {
  keep('a', 40 * MEGABYTE);
  keep('b', 30 * MEGABYTE);
  keep('c', 65 * MEGABYTE);
  expect(fingerprints()).toEqual(['b']);
  keep('d', 34 * MEGABYTE);
  expect(fingerprints()).toEqual(['b', 'd']);
});

it('gives the memory back when nothing has started for a minute', () => {
  keep('a', 1);
  vi.advanceTimersByTime(59_000);
  expect(fingerprints()).toEqual(['a']);
  vi.advanceTimersByTime(59_000);
  expect(fingerprints()).toEqual(['a']);
  vi.advanceTimersByTime(61_000);
  expect(fingerprints()).toEqual([]);
});

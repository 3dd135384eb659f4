import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TransformAnswer, TransformRequest } from '../transformer/messages.ts';
import { OptionalParts } from './optional-parts.ts';
import { SourceTransforms, type TransformStore } from './source-transforms.ts';

/** Finds how long a source is; nothing in one that begins with an exclamation mark. It never gets done with one that begins with a tilde. */
class Transformer {
  static readonly asked: string[] = [];
  onmessage: ((event: { data: TransformAnswer }) => void) | null = null;
  #isStuck = false;
  terminate = () => {
    this.#isStuck = true;
  };
  postMessage({ id, source }: TransformRequest) {
    const text = decode(source);
    Transformer.asked.push(text);
    if (text.startsWith('~')) this.#isStuck = true;
    if (this.#isStuck) return;
    const result = text.startsWith('!') ? null : encode(String(text.length));
    queueMicrotask(() => this.onmessage?.({ data: { id, result } }));
  }
}

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const LARGE = 'x'.repeat(200_000);
let transforms: SourceTransforms;
const store: TransformStore = { lookUp: async () => ({ key: '', result: null }), put: async () => undefined };
const ONE_THREAD = {};
const ask = async (text: string, asker = ONE_THREAD) => {
  const result = await transforms.get('module', encode(text), asker);
  return result && decode(result);
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', Transformer);
  Transformer.asked.length = 0;
  const parts = new OptionalParts();
  parts.loader = async () => new Uint8Array();
  transforms = new SourceTransforms(parts);
  transforms.store = store;
});
afterEach(() => {
  transforms.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('has a large source parsed at once, and only once', async () => {
  expect(await ask(LARGE)).toBe('200000');
  expect(await ask(LARGE)).toBe('200000');
  expect(Transformer.asked).toEqual([LARGE]);
});

it('parses what waits as soon as a process has ended', async () => {
  transforms.goOn();
  expect(await ask('small')).toBe(null);
  await vi.advanceTimersByTimeAsync(10);
  expect(Transformer.asked).toEqual([]);
  transforms.goOn();
  await vi.advanceTimersByTimeAsync(10);
  expect(Transformer.asked).toEqual(['small']);
  expect(await ask('small')).toBe('5');
});

it('leaves another to who asks first, and has it parsed for those who come later', async () => {
  expect(await ask('small')).toBe(null);
  expect(await ask('other')).toBe(null);
  expect(await ask('small')).toBe(null);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await ask('small')).toBe('5');
  expect(Transformer.asked).toEqual(['small', 'other']);
});

it('is asked by threads that come one behind the other, once there is a transformer', async () => {
  expect(await ask('first', {})).toBe(null);
  expect(await ask('second', {})).toBe(null);
  await vi.advanceTimersByTimeAsync(1);
  const [another] = await Promise.all([ask('another', {}), ask('another', {})]);
  expect(another).toBe('7');
  expect(await ask('one more', {})).toBe('8');
  expect(Transformer.asked).toEqual(['first', 'second', 'another', 'one more']);
});

it('does not keep threads waiting behind what takes its time', async () => {
  await ask(LARGE);
  expect(await ask('small')).toBe('5');
  const stuck = ask('~');
  await vi.advanceTimersByTimeAsync(200);
  expect(await ask('other')).toBe(null);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await stuck).toBe(null);
  expect(await ask('other')).toBe(null);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await ask('other')).toBe('5');
  void ask(`~${LARGE}`);
  await vi.advanceTimersByTimeAsync(1);
  expect(await ask('behind it')).toBe(null);
});

it('keeps nothing of what does not parse', async () => {
  expect(await ask('!')).toBe(null);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await ask('!')).toBe(null);
});

it('gives up a source that takes too long, and finds others again', async () => {
  const stuck = ask(`~${LARGE}`);
  await vi.advanceTimersByTimeAsync(100);
  const behind = ask(LARGE);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([await stuck, await behind]).toEqual([null, null]);
  expect(await ask(LARGE)).toBe('200000');
});

it('finds only so many large sources at a time', async () => {
  const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => ask(`${i} ${LARGE}`)));
  expect(answers.filter((answer) => answer === null).length).toBeGreaterThan(100);
  expect(answers[0]).not.toBeNull();
  expect(await ask(LARGE)).toBe('200000');
});

it('does not take any number of sources', async () => {
  for (let i = 0; i < 300; i++) await ask(String(i).padEnd(100_000));
  await vi.advanceTimersByTimeAsync(1000);
  expect(Transformer.asked.length).toBeGreaterThan(100);
  expect(Transformer.asked.length).toBeLessThan(200);
});

it('goes on without a transformer', async () => {
  transforms.store = null;
  await expect(ask(LARGE)).rejects.toMatchObject({ code: 'EIO' });
  expect(await ask('small')).toBe(null);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await ask('small')).toBe(null);
});

import { expect, test } from 'vitest';
import type { ProcessContext } from '../context.ts';
import { DirectWriter } from './direct-writer.ts';

function setUp(kind: 'pipe' | 'socket') {
  const waited: string[] = [];
  const behind: string[] = [];
  const state = { now: 0, pipeBreaks: 7, isBroken: false };
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const context = {
    host: { now: () => state.now },
    sys: {
      get pipeBreaks() {
        return state.pipeBreaks;
      },
      writeBehind: (_: number, bytes: Uint8Array) => behind.push(text(bytes)) > 0,
      call: (name: string, _: number, bytes: Uint8Array) => {
        if (name === 'descriptorKind') return kind;
        if (state.isBroken) throw Object.assign(new Error('EPIPE'), { code: 'EPIPE' });
        waited.push(text(bytes));
        return bytes.length;
      },
    },
    errnoOf: () => -32,
  } as unknown as ProcessContext;
  const writer = new DirectWriter(context, 1);
  /** Long after the last write. */
  const write = (line: string) => {
    state.now += 1000;
    return writer.write(new TextEncoder().encode(line));
  };
  return { state, waited, behind, write };
}

test('a pipe that was written to is written to without waiting, until some pipe has lost an end', () => {
  const { state, waited, behind, write } = setUp('pipe');
  expect([write('a'), write('b'), write('c')]).toEqual([0, 0, 0]);
  expect([waited, behind]).toEqual([['a'], ['b', 'c']]);
  state.pipeBreaks++;
  expect([write('d'), write('e')]).toEqual([0, 0]);
  expect([waited, behind]).toEqual([
    ['a', 'd'],
    ['b', 'c', 'e'],
  ]);
  state.pipeBreaks++;
  state.isBroken = true;
  expect(write('f')).toBe(-32);
});

test('each write is waited for on a connection, and where others could tell', () => {
  const connection = setUp('socket');
  for (const line of ['a', 'b']) connection.write(line);
  expect([connection.waited, connection.behind]).toEqual([['a', 'b'], []]);
  const { state, waited, behind, write } = setUp('pipe');
  state.pipeBreaks = Number.NaN;
  for (const line of ['a', 'b']) write(line);
  expect([waited, behind]).toEqual([['a', 'b'], []]);
});

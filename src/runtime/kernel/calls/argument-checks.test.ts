import { expect, test } from 'vitest';
import { checkCall } from './argument-checks.ts';

const sparse: unknown[] = [];
sparse.length = 2 ** 32 - 1;
const spawn = { file: 'node', argv: ['node'], env: ['A=1'], stdio: [0, -1] };

test.each([
  ['open', ['x', 0, 0o666]],
  ['write', [1, new Uint8Array(3), null]],
  ['utimes', ['x', 0.5, 1.5, true]],
  ['umask', [null]],
  ['spawn', [spawn]],
  ['spawn', [{ ...spawn, cwd: '/', detached: true }]],
  ['collect', [5, { inputs: [], outputs: [3], timeoutMs: 0, maxBuffer: Infinity, killSignal: 15 }]],
])('%s takes its arguments', (name, args) => {
  expect(checkCall(name, args)).toEqual({ name, args });
});

test.each([
  ['open', [5, 0, 0]],
  ['open', ['x', 0.5, 0]],
  ['read', [0, -1, null]],
  ['read', [0, 1, Number.NaN]],
  ['write', [1, 'text', null]],
  ['write', [1, new Uint8Array(new SharedArrayBuffer(8)), null]],
  ['utimes', ['x', 10n, 0, true]],
  ['listen', ['localhost', '80@example.com', 1]],
  ['spawn', [{ ...spawn, stdio: sparse }]],
  ['spawn', [{ ...spawn, stdio: ['__proto__'] }]],
  ['close', null],
])('%s refuses what is no argument of it', (name, args) => {
  expect(() => checkCall(name, args)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
});

test.each(['constructor', '__proto__', 'toString', 5, null, {}])('%o is no call', (name) => {
  expect(() => checkCall(name, [])).toThrow(expect.objectContaining({ code: 'ENOSYS' }));
});

test('arguments of a program have the limits of Linux', () => {
  const long = { ...spawn, argv: ['node', 'x'.repeat(128 * 1024)] };
  expect(() => checkCall('spawn', [long])).toThrow(expect.objectContaining({ code: 'E2BIG' }));
  const many = { ...spawn, env: Array.from({ length: 30 }, () => 'x'.repeat(100_000)) };
  expect(() => checkCall('spawn', [many])).toThrow(expect.objectContaining({ code: 'E2BIG' }));
  const short = { ...spawn, argv: Array(100_000).fill('x') };
  expect(checkCall('spawn', [short]).name).toBe('spawn');
  for (const argv of [Array(1_100_000).fill('x'), Array(2_100_000).fill(''), sparse])
    expect(() => checkCall('spawn', [{ ...spawn, argv }])).toThrow(expect.objectContaining({ code: 'E2BIG' }));
});

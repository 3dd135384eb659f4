import { types as native } from 'node:util';
import { expect, test } from 'vitest';
import type { ProcessCore } from '../core.ts';
import { types } from './types.ts';

const NAMES = [
  'isDate',
  'isRegExp',
  'isMap',
  'isSet',
  'isWeakMap',
  'isWeakSet',
  'isArrayBuffer',
  'isSharedArrayBuffer',
  'isAnyArrayBuffer',
  'isDataView',
  'isBoxedPrimitive',
  'isNumberObject',
  'isStringObject',
  'isBooleanObject',
  'isBigIntObject',
  'isSymbolObject',
] as const;

const branded = () => [
  new Date(),
  /x/,
  new Map(),
  new Set(),
  new WeakMap(),
  new WeakSet(),
  new ArrayBuffer(1),
  new SharedArrayBuffer(1),
  new DataView(new ArrayBuffer(1)),
  Object(1),
  Object('x'),
  Object(true),
  Object(1n),
  Object(Symbol('x')),
];

test('brands are told as natively, whatever the prototypes', () => {
  const trapped = new Proxy(new Map(), { getPrototypeOf: () => expect.fail('a trap ran') });
  const core = { proxies: new WeakMap([[trapped, []]]), described: () => ({}) } as unknown as ProcessCore;
  const checks = types(core) as Record<string, (value: unknown) => boolean>;
  const values: unknown[] = [
    undefined,
    null,
    1,
    'x',
    () => 1,
    {},
    [],
    Object.create(null),
    new Uint8Array(1),
    Buffer.from('x'),
    new (class A {})(),
    new Error('x'),
    trapped,
    Object.create(Map.prototype),
    Map.prototype,
    Object.create(trapped),
    ...branded(),
    ...branded().map((value) => Object.setPrototypeOf(value, null)),
    ...branded().map((value) => Object.setPrototypeOf(value, Object.create(Object.getPrototypeOf(value)))),
    new (class extends Map {})(),
    new (class extends Date {})(),
  ];
  const told = (check: (name: (typeof NAMES)[number], value: unknown) => boolean) =>
    values.map((value) => NAMES.filter((name) => check(name, value)).join());
  expect(NAMES.map((name) => [checks[name]?.name, checks[name]?.length])).toEqual(
    NAMES.map((name) => [native[name].name, native[name].length]),
  );
  expect(told((name, value) => checks[name]?.(value) ?? false)).toEqual(told((name, value) => native[name](value)));
});

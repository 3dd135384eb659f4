import { expect, test } from 'vitest';
import { keepProperties } from './kept-properties.ts';

const SCRIPT = `
  const defineProperty2 = Object.defineProperty;
  const __export = (target, all) => { for (var name in all) defineProperty2(target, name, { get: all[name], enumerable: true }); };
  const exported = {};
  __export(exported, { one: () => 1, two: () => 2 });
  const described = Object.defineProperty(defineProperty2({}, 'a', { ...{ value: 3 } }), 'b', {});
  const own = Reflect.defineProperty(described, 'c', { __proto__: null, get: () => 4 });
  const proxy = new Proxy({ d: 5 }, { get: (target, name) => target[name] + 1 });
  proxy.d = 6;
  const made = Object.defineProperties(Object.create({}, { e: { value: 8 } }), { f: { value: 9 } });
  result = JSON.stringify([Object.keys(exported), exported.two, described.a, described.b ?? null, described.c, own, proxy.d, made.e + made.f]);
`;

const own = (value: PropertyDescriptor) => Object.assign(Object.create(null), { configurable: true }, value);

const run = (script: string): unknown => new Function(`let result; ${script}; return result`)();

/** What the script returns while Object.prototype has more than it should. */
function runPolluted(script: string): unknown {
  const inherited = () => 'inherited';
  const added = {
    listed: own({ enumerable: true, value: inherited }),
    set: own({ value: inherited }),
    get: own({ value: inherited }),
  };
  const names = Object.keys(added) as (keyof typeof added)[];
  try {
    for (const name of names) Object.defineProperty(Object.prototype, name, added[name]);
    return run(script);
  } finally {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
  }
}

test('a script that keeps its properties does the same, whatever a program has defined on Object.prototype', () => {
  const expected = run(SCRIPT);
  expect(expected).toBe('[["one","two"],2,3,null,4,true,7,17]');
  expect(run(keepProperties(SCRIPT))).toBe(expected);
  expect(runPolluted(keepProperties(SCRIPT))).toBe(expected);
  expect(() => runPolluted(SCRIPT)).toThrow();
});

/** Small projects (main.mjs is imported) whose `log` calls are compared between native Node and the module transform. */
export const moduleCases: Record<string, Record<string, string>> = {
  'kinds of imports and exports': {
    'main.mjs': `import def, { a, b as bee, 'string name' as s } from './lib.mjs';
import * as ns from './lib.mjs';
import only from './lib.mjs';
log(def, a, bee, s, only === def, ns.a, Object.keys(ns), typeof ns, String(ns));
export { a as again, def as default } from './again.mjs';
export * from './lib.mjs';
export * as nested from './lib.mjs';
export { bee as 'odd name', ns };`,
    'again.mjs': `export { a, default as def } from './lib.mjs';`,
    'lib.mjs': `export const a = 1; export let b = 'two'; const c = 3; export { c as 'string name', c };
export default function named() {} export function f() {} export class K {} export var { x, y: [z, ...rest], ...others } = { x: 1, y: [2, 3, 4], q: 5 };`,
  },
  'names of default exports': {
    'main.mjs': `import a from './a.mjs'; import b from './b.mjs'; import c from './c.mjs'; import d from './d.mjs'; import e from './e.mjs'; import f from './f.mjs'; import g from './g.mjs';
log(a.name, b.name, c.name, d.name, d.type, e.name, f, g.name);`,
    'a.mjs': `export default function () {}`,
    'b.mjs': `export default class {}`,
    'c.mjs': `export default () => {}`,
    'd.mjs': `export default class { static type = this.name }`,
    'e.mjs': `export default (function () {});`,
    'f.mjs': `export default 1 + 1\nlog('f')`,
    'g.mjs': `export default async /* gap */ function\n* () { }\nlog('g')`,
  },
  'await in exports, without semicolons': {
    'main.mjs': `import a, { b } from './a.mjs'\nlog(a, b)\nfor await (const x of [1, Promise.resolve(2)]) log(x)`,
    'a.mjs': `export const b = await await 4, c = await (async () => await 5)()\nlog(c)\nexport default await 3`,
  },
  'no arguments': {
    'main.mjs': `log(typeof arguments, typeof this); const f = () => arguments;
try { f(); } catch (error) { log(error.message); }
try { log({ arguments }); } catch (error) { log(error.message); }
(function () { log(arguments.length); })(1, 2);`,
  },
  'live bindings': {
    'main.mjs': `import { count, increment, read } from './counter.mjs'; import * as ns from './counter.mjs';
log(count, ns.count); increment(); log(count, ns.count, read());
const object = { count, nested: { count } }; log(object);
const { [count]: x = count } = []; log(x); log(\`\${count}\`, (() => count)(), typeof count);`,
    'counter.mjs': `export let count = 0; export const increment = () => { count++; }; export function read() { return count }`,
  },
  'assignment to an import': {
    'main.mjs': `import { a, live } from './lib.mjs'; import * as ns from './lib.mjs'; import def from './lib.mjs';
const attempt = (f) => { try { log(f()) } catch (e) { log(e.name, e.message) } };
attempt(() => { a = 1 }); attempt(() => { a++ }); attempt(() => { a += 1 }); attempt(() => { [a] = [1] });
attempt(() => { ({ a } = { a: 1 }) }); attempt(() => { ({ x: a } = { x: 1 }) }); attempt(() => { for (a of [1]); });
attempt(() => { live = 1 }); attempt(() => { live-- }); attempt(() => { ({ live } = { live: 1 }) }); attempt(() => { ({ live = 3 } = {}) });
attempt(() => { [live = 2] = [] }); attempt(() => { for (live in { q: 1 }); }); attempt(() => { live ??= 4; return live }); attempt(() => { ns = 1 });
attempt(() => { a ||= 5; return a }); attempt(() => { def = 5; });
attempt(() => delete ns.a);`.replace('attempt(() => delete ns.a);', ''),
    'lib.mjs': `export const a = 1; export let live = 7; export const set = () => { live = 8 }; export default 3;`,
  },
  'cycle with hoisted functions': {
    'main.mjs': `import { b, callA } from './b.mjs'; export function a() { return 'a' } export const late = 1; log('main', b, callA());`,
    'b.mjs':
      `import { a, late } from './main.mjs'; import * as ns from './main.mjs'; export const b = 'b'; export const callA = () => a() + late;
log('b', a(), typeof a); try { late } catch (e) { log(e.name, e.message) } try { ns.late } catch (e) { log(e.message) } log(Object.keys(ns).length === 0);`.replace(
        ' log(Object.keys(ns).length === 0);',
        '',
      ),
  },
  'cycle without semicolons': {
    'main.mjs': `import { note, tag } from './b.mjs'\nexport function main (x) {\n  'use strict'\n  const a = String\n  note(a(x))\n  let b = a\n  tag\`x\`\n  if (x) note(1)\n  else note(2)\n  for (const y of [3]) note(y)\n  switch (x) { case 1: b = a\n    note(4) }\n  return b === a\n}\nconst t = main\nnote(t(1), t(0))\nclass A { static { const z = note\n    note(z === note) } }\nconst last = A\nnote(5) || last`,
    'b.mjs': `import { main } from './main.mjs'\nexport function note (...x) { log(...x, typeof main) }\nexport const tag = ([s]) => log(s)`,
  },
  'cycle with a default export': {
    'main.mjs': `import other from './b.mjs'; export default class Main { } log(other());`,
    'b.mjs': `import Main from './main.mjs'; export default function () { return new Main() instanceof Main } try { Main } catch (e) { log(e.name) }
try { log(typeof Main) } catch (e) { log(e.name) }`,
  },
  'default export before its declaration has run': {
    'main.mjs': `import * as self from './main.mjs'; try { self.default } catch (e) { log(e.name, e.message) }
try { Object.keys(self) } catch (e) { log(e.message) } export default 5; log(self.default);`,
  },
  'module that imports itself': {
    'main.mjs': `import { f as g, x as y } from './main.mjs'; export function f() { return x } export let x = 1; log(g(), y); x = 2; log(y);`,
  },
  'shadowing in every form': {
    'main.mjs': `import { a, live } from './lib.mjs';
function param(a, live) { return [a, live] } log(param(1, 2));
function hoisted() { log(live); { var live = 1; var a = 2 } return [a, live] } try { log(hoisted()) } catch (e) { log(e.message) }
const arrow = (live) => live; log(arrow(3), ((live) => { return live })(4), (({ live }) => live)({ live: 5 }), (([live]) => live)([6]), ((...live) => live)(7));
try { throw 8 } catch (live) { log(live) } try { throw { live: 9 } } catch ({ live }) { log(live) } try { throw 0 } catch { log(live) }
for (const live of [10]) log(live); for (const live in { k: 1 }) log(live); for (let live = 11; live < 12; live++) log(live); log(live);
switch (1) { case 1: let live = 12; log(live) } { let live = 13; log(live) } { function live() {} log(live) } { class live {} log(live.name) }
const named = function live() { return live.name }; log(named()); const C = class live { static n = live.name }; log(C.n);
class S { static { var live = 14; log(live) } live = live; static live = live; live2() { return live } } log(new S().live, S.live, new S().live2());
live: for (;;) { break live } log(live); live2: for (const x of [1]) { continue live2 }
const o = { live, a: live, [live]: 1, live2() { return live }, get live3() { return live } }; log(o, o.live2(), o.live3);
const { live: renamed, [live]: computed = live } = o; log(renamed, computed); const p = (q = live, { r = live } = {}) => [q, r]; log(p());
function defaults(x = live) { var y = x; return y } log(defaults()); log(((a) => { return live + a })(1));
let t = { live: 1 }; log(t.live, t?.live, t['live']); log(\`\${live}\`, [live, ...[live]], live ? live : 0, -live, live\n.toString());`,
    'lib.mjs': `export const a = 'import a'; export let live = 100; export const set = () => { live = 101 };`,
  },
  'this of a called import': {
    'main.mjs': `import { f, g, tag } from './lib.mjs'; import * as ns from './lib.mjs'; log(f(), g(), tag\`x\`, ns.f() === undefined); log(new g.K().k, f?.());`,
    'lib.mjs': `'use strict'; export function f() { return this } export let g = function () { return this === undefined }; g.K = class { k = 1 }; export const change = () => { g = 0 };
export const tag = function (s) { return [this === undefined, s.raw] }`,
  },
  'strict, this, and names of functions': {
    'main.mjs': `log(this, (function () { return this })()); try { undeclared = 1 } catch (e) { log(e.name, e.message) } export const f = () => {}, g = function () {}, h = class {}; log(f, g, h.name);`,
  },
  'top-level await': {
    'main.mjs': `import { a } from './slow.mjs'; import './sibling.mjs'; log('main', a); export const x = await Promise.resolve(5); log(x); for await (const y of [1, Promise.resolve(2)]) log(y); log('end');`,
    'slow.mjs': `log('slow'); export const a = await new Promise((r) => setTimeout(() => r('A'), 1)); log('slow done');`,
    'sibling.mjs': `log('sibling'); await null; log('sibling done');`,
  },
  'order of modules with top-level await': {
    'main.mjs': `import './a.mjs'; import './b.mjs'; import './c.mjs'; log('main');`,
    'a.mjs': `import './d.mjs'; log('a');`,
    'b.mjs': `import './d.mjs'; log('b1'); await 0; log('b2');`,
    'c.mjs': `log('c')`,
    'd.mjs': `log('d1'); await 0; log('d2'); Promise.resolve().then(() => log('tick 1')).then(() => log('tick 2')).then(() => log('tick 3'));`,
  },
  'top-level await in a cycle': {
    'main.mjs': `import { b } from './b.mjs'; export const a = await b(); export function f() { return 'f' } log(a);`,
    'b.mjs': `import { f } from './main.mjs'; export async function b() { return f() } log(f()); await null; log('b');`,
  },
  'rejected top-level await': {
    'main.mjs': `import './b.mjs'; log('never');`,
    'b.mjs': `await null; throw new TypeError('later');`,
  },
  'module that throws, imported twice': {
    'main.mjs': `for (let i = 0; i < 2; i++) try { await import('./bad.mjs') } catch (e) { log(e.message) } log(await import('./bad.mjs').catch((e) => e.message));`,
    'bad.mjs': `log('runs'); throw new Error('bad');`,
  },
  'dynamic import': {
    'main.mjs': `const ns = await import('./lib.mjs'); log(ns.x, ns === await import('./' + 'lib.mjs')); const f = async () => (await import('./lib.mjs')).default; log(await f());
log(import.meta.url.endsWith('main.mjs'), import.meta === import.meta, typeof import.meta);`,
    'lib.mjs': `export const x = 1; export default 'd'; log('lib');`,
  },
  'json with attributes': {
    'main.mjs': `import data from './data.json' with { type: 'json' }; log(data); log((await import('./data.json', { with: { type: 'json' } })).default === data);`,
    'data.json': `{ "a": [1, 2] }`,
  },
  'missing export': {
    'main.mjs': `import { here, nope } from './lib.mjs'; log(here);`,
    'lib.mjs': `export const here = 1;`,
  },
  'two missing exports': {
    'main.mjs': `import { zz, b } from './lib.mjs'; export { q } from './lib.mjs';`,
    'lib.mjs': `export const here = 1;`,
  },
  'missing default': { 'main.mjs': `import lib from './lib.mjs';`, 'lib.mjs': `export const here = 1;` },
  'missing re-export': {
    'main.mjs': `import { a } from './mid.mjs';`,
    'mid.mjs': `export { a } from './lib.mjs';`,
    'lib.mjs': ``,
  },
  'circular re-export': {
    'main.mjs': `import { a } from './b.mjs';`,
    'b.mjs': `export { a } from './c.mjs';`,
    'c.mjs': `export { a } from './b.mjs';`,
  },
  'conflicting stars': {
    'main.mjs': `import * as ns from './both.mjs'; log(Object.keys(ns)); import { x } from './both.mjs';`,
    'both.mjs': `export * from './a.mjs'; export * from './b.mjs';`,
    'a.mjs': `export const x = 1; export const y = 2; export default 1;`,
    'b.mjs': `export const x = 1;`,
  },
  'stars: same binding twice, local wins, no default': {
    'main.mjs': `import * as ns from './both.mjs'; log(Object.keys(ns), ns.x, ns.z);`,
    'both.mjs': `export * from './a.mjs'; export * from './b.mjs'; export const z = 'local';`,
    'a.mjs': `export * from './base.mjs'; export const z = 1; export default 1;`,
    'b.mjs': `export * from './base.mjs';`,
    'base.mjs': `export const x = 'base';`,
  },
  'namespace object': {
    'main.mjs': `import * as ns from './lib.mjs'; const attempt = (f) => { try { log(f()) } catch (e) { log(e.name) } };
log(Reflect.ownKeys(ns).map(String), Object.isExtensible(ns), Object.isFrozen(ns), Object.isSealed(ns), Object.getPrototypeOf(ns));
log(Object.getOwnPropertyDescriptor(ns, 'a'), Object.getOwnPropertyDescriptor(ns, 'none'), Object.getOwnPropertyDescriptor(ns, Symbol.toStringTag));
attempt(() => { ns.a = 2 }); attempt(() => { ns.none = 2 }); attempt(() => delete ns.a); attempt(() => delete ns.none); attempt(() => Object.defineProperty(ns, 'a', { value: 3 }));
attempt(() => Object.defineProperty(ns, 'a', { value: 1 }) === ns); attempt(() => Object.setPrototypeOf(ns, {})); attempt(() => Object.setPrototypeOf(ns, null) === ns); attempt(() => Object.preventExtensions(ns) === ns);
attempt(() => Reflect.set(ns, 'a', 1)); attempt(() => 'a' in ns); attempt(() => 'zz' in ns); attempt(() => ({ ...ns })); attempt(() => Object.entries(ns)); attempt(() => ns[Symbol.iterator]); attempt(() => ns.hasOwnProperty);
attempt(() => Object.assign({}, ns)); attempt(() => { const { a, ...r } = ns; return r });`,
    'lib.mjs': `export const b = 2; export let a = 1; export const set = (v) => { a = v };`,
  },
  'message of a call that fails': {
    'main.mjs': `import { value } from './lib.mjs'; import def from './lib.mjs'; import * as ns from './lib.mjs'; const attempt = (f) => { try { f() } catch (e) { log(e.message) } };
attempt(() => value()); attempt(() => def.nope()); attempt(() => ns.nope()); attempt(() => new value()); attempt(() => { const [x] = value }); attempt(() => { for (const x of value); }); attempt(() => def.a.b.c); attempt(() => value\`\`); attempt(() => def());`,
    'lib.mjs': `export const value = 5; export default { a: {} };`,
  },
  'hashbang, comments, odd spacing': {
    'main.mjs': `#!/usr/bin/env node
import/**/{a}from'./lib.mjs';export/* x */default/* y */a+1;import
{
  b
}
from
'./lib.mjs'
log(a,b)
export{b
as
c};export const{d=a}={};log(d)`,
    'lib.mjs': `export{a,b};const a=1,b=2`,
  },
  'statements without semicolons': {
    'main.mjs': `import { a } from './lib.mjs'
log(a)
export default [1, 2].map((x) => x + a)
export { a }
;[1].forEach((x) => log(x))
export * from './lib.mjs'
log(await a)
await a
log('end')
async function f() { const x = await a
await a; return x }
log(await f())`,
    'lib.mjs': `export const a = 1`,
  },
  'async code in modules': {
    'main.mjs': `import { later } from './lib.mjs'; async function f(n) { 'use strict'; try { if (n) throw await later(n); return await later('ok') } catch (e) { return 'caught ' + e } finally { await later(); log('finally') } }
log(await f(0), await f(1)); async function* g() { for (const x of [1, 2]) yield await later(x) } async function loop() { for await (const x of g()) log(x); if (1) for await (const y of [3]) log(y); else log('no'); a: for await (const z of [4, 5]) { continue a } return 'done' } log(await loop());
const arrow = async (x) => (await later(x)) + 1; log(await arrow(1)); class C { async m() { return await later('m') } static async s() { try { await Promise.reject(1) } catch { return 's' } } } log(await new C().m(), await C.s());
log(await (async () => { switch (1) { case 1: for await (const q of [1]) log('q', q); return 'switched' } })());`,
    'lib.mjs': `export const later = (x) => new Promise((r) => setTimeout(() => r(x), 0)); export let other = 0; export const set = () => { other = 1 }`,
  },
  'imports used in classes and generators': {
    'main.mjs': `import { Base, live, key } from './lib.mjs'; class D extends Base { [key]() { return super[key]() + live } static [live] = live; #p = live; get p() { return this.#p } } log(new D()[key](), D[live], new D().p, new D() instanceof Base);
function* g() { yield live; yield* [live] } log([...g()]); const { length } = live; label: { log(length) } export { Base as default, live as alive };`,
    'lib.mjs': `export let Base = class { k() { return 'k' } }; export let live = 'live'; export const key = 'k'; export const set = () => { live = Base = 0 }`,
  },
  'direct eval keeps a binding live': {
    'main.mjs': `import { x, run } from './lib.mjs'; log(x); run('x = 2'); log(x);`,
    'lib.mjs': `export let x = 1; export const run = (code) => eval(code);`,
  },
  'duplicate evaluation and diamond': {
    'main.mjs': `import './a.mjs'; import './b.mjs'; import './a.mjs'; log('main')`,
    'a.mjs': `import './c.mjs'; log('a')`,
    'b.mjs': `import './c.mjs'; log('b')`,
    'c.mjs': `log('c')`,
  },
  'error in a cycle': {
    'main.mjs': `import './b.mjs'; log('main')`,
    'b.mjs': `import './main.mjs'; log('b'); throw new RangeError('in b')`,
  },
};

import { describe, expect, it } from 'vitest';
import { findDefinitions, findReferences, parseSymbol, similarNames } from './find-symbol.ts';

const files = {
  'src/cart.js':
    'class Cart {\n  total() {\n    return this.sum("total"); // total\n  }\n}\nmodule.exports = { Cart };\n',
  'src/order.ts':
    "import { Cart } from './cart';\nexport function total(cart: Cart): number {\n  return cart.total();\n}\n",
  'src/index.js': "export { total as grandTotal } from './order';\nconst { total } = require('./order');\n",
  'README.md': 'total',
};

describe('findDefinitions', () => {
  const at = async (name: string) =>
    (await findDefinitions(files, parseSymbol(name))).items.map(
      (each) => `${each.path}:${each.from}-${each.to} ${each.kind}`,
    );
  it('finds what declares a name, exports first', async () => {
    expect(await at('total')).toEqual(['src/order.ts:2-4 function', 'src/cart.js:2-4 method']);
    expect(await at('grandTotal')).toEqual(['src/index.js:1-1 re-export']);
  });
  it('goes by the owner where one is named', async () => {
    expect(await at('Cart.total')).toEqual(['src/cart.js:2-4 method']);
    expect(await at('Cart#total()')).toEqual(['src/cart.js:2-4 method']);
  });
  it('finds names in patterns, under the name that they get', async () => {
    const text =
      'export const { a: renamed, ...rest } = b;\nconst [first, { x: { y: deep = 1 } }] = c;\nfor (const { p: last } of d) {}\n';
    const lineOf = async (name: string) => (await findDefinitions({ 'a.ts': text }, parseSymbol(name))).items[0]?.from;
    expect(await Promise.all(['renamed', 'rest', 'first', 'deep', 'last'].map(lineOf))).toEqual([1, 1, 2, 2, 3]);
  });
  it('falls back to imports', async () => {
    expect(
      (await findDefinitions({ 'a.js': "const { merge } = require('lodash');" }, parseSymbol('merge'))).items[0],
    ).toMatchObject({
      kind: 'import',
      source: 'lodash',
    });
  });
});

describe('findReferences', () => {
  it('finds names in code, not in strings and comments', async () => {
    const { items } = await findReferences(files, 'total');
    expect(items.map(({ path, line, isDefinition }) => `${path}:${line}${isDefinition ? ' defines' : ''}`)).toEqual([
      'src/cart.js:2 defines',
      'src/order.ts:2 defines',
      'src/order.ts:3',
      'src/index.js:1',
      'src/index.js:2',
    ]);
  });
  it('suggests no data, however long it is', () => {
    const data = 'y'.repeat(2_000_000);
    expect(similarNames({ 'a.js': `const x = "${data}nearby${data}"; nearbyName();` }, 'nearby')).toEqual([
      'nearbyName',
    ]);
  });
  it('suggests names that are near', () => {
    expect(similarNames(files, 'Total')).toEqual(['total', 'grandTotal']);
  });
});

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
  it('suggests names that are near', () => {
    expect(similarNames(files, 'Total')).toEqual(['total', 'grandTotal']);
  });
});

import { describe, expect, it } from 'vitest';
import { importGraph, reaching } from './import-graph.ts';

const files = {
  'package.json': JSON.stringify({
    name: 'shop',
    main: 'lib/index.js',
    exports: { '.': { import: './lib/index.mjs', require: './lib/index.js' }, './utils/*': './lib/utils/*.js' },
    imports: { '#config': './config/main.js' },
  }),
  'tsconfig.json': '{ // where names lead\n "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["app/*"], }, }, }',
  'lib/index.js': "exports.cart = require('./cart');",
  'lib/cart/index.js': "const { price } = require('../price'); require('lodash/merge'); require('fs');",
  'lib/price.js': "require('#config')",
  'lib/utils/money.js': '',
  'config/main.js': '',
  'app/page.tsx': "import { view } from '@/view.js';\nimport data from './data.json';",
  'app/view.ts': "import missing from './nowhere';",
  'app/data.json': '{}',
  'test/shop.test.js': "const shop = require('..');\nrequire('shop/utils/money');",
  'test/cli.test.js': "spawnSync('node', ['lib/price.js']);",
  'packages/tool/package.json': '{"name":"@shop/tool","main":"dist/tool.js"}',
  'packages/tool/src/tool.ts': '',
  'packages/user/a.ts': "import tool from '@shop/tool'; import self from 'shop';",
};
const graph = await importGraph(files);
const targets = (path: string) =>
  graph.importsOf(path).map(({ target }) => ('path' in target ? target.path : Object.values(target).join(' ')));

describe('importGraph', () => {
  it('resolves as Node, TypeScript and bundlers do', () => {
    expect(targets('lib/cart/index.js')).toEqual(['lib/price.js', 'package lodash', 'builtin fs']);
    expect(targets('lib/index.js')).toEqual(['lib/cart/index.js']);
    expect(targets('lib/price.js')).toEqual(['config/main.js']);
    expect(targets('app/page.tsx')).toEqual(['app/view.ts', 'app/data.json']);
    expect(targets('app/view.ts')).toEqual(['missing ./nowhere']);
    expect(targets('test/shop.test.js')).toEqual(['lib/index.js', 'lib/utils/money.js']);
    expect(targets('test/cli.test.js')).toEqual(['lib/price.js']);
    expect(targets('packages/user/a.ts')).toEqual(['packages/tool/src/tool.ts', 'lib/index.js']);
  });
  it('finds who reaches a file, and through what', () => {
    expect(reaching(graph, ['lib/price.js'])).toEqual([
      { path: 'lib/cart/index.js', through: 'lib/price.js', distance: 1 },
      { path: 'test/cli.test.js', through: 'lib/price.js', distance: 1 },
      { path: 'lib/index.js', through: 'lib/cart/index.js', distance: 2 },
      { path: 'test/shop.test.js', through: 'lib/index.js', distance: 3 },
      { path: 'packages/user/a.ts', through: 'lib/index.js', distance: 3 },
    ]);
  });
});

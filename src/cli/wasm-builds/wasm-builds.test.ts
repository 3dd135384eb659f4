import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PackedFile } from '../pack.ts';
import { rangeUpTo } from './fetch-build.ts';
import { findWasmBuilds, type WasmBuild } from './native-parts.ts';
import { withWasmBuilds, withWasmBuildsAt } from './with-wasm-builds.ts';

const file = (path: string, text: string): PackedFile => ({
  path,
  type: 'file',
  bytes: new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>,
});
const json = (path: string, value: unknown) => file(path, JSON.stringify(value));

const PLATFORMS = { '@unrs/resolver-binding-linux-x64-gnu': '1.2.3', '@unrs/resolver-binding-darwin-arm64': '1.2.3' };
const RESOLVER = [
  json('node_modules/unrs-resolver/package.json', { version: '1.2.3', optionalDependencies: PLATFORMS }),
  file('node_modules/unrs-resolver/index.js', "require('@unrs/resolver-binding-wasm32-wasi')"),
];
const ESBUILD = [
  json('node_modules/esbuild/package.json', {
    version: '0.25.1',
    optionalDependencies: { '@esbuild/linux-x64': '0.25.1' },
  }),
  file('node_modules/esbuild/bin/esbuild', 'machine code'),
  file('node_modules/esbuild/lib/main.js', 'native'),
  file('node_modules/esbuild/node_modules/held/index.js', 'held'),
];

describe('findWasmBuilds', () => {
  it("knows napi-rs's addons by their loader, once for all platforms", () => {
    expect(findWasmBuilds(RESOLVER)).toEqual([
      {
        name: '@unrs/resolver-binding-wasm32-wasi',
        version: '1.2.3',
        folder: 'node_modules/unrs-resolver/node_modules/@unrs/resolver-binding-wasm32-wasi',
        replaces: false,
      },
    ]);
  });

  it('knows an addon whose build Emscripten made, and takes no name for the start of another', () => {
    const platforms = { '@img/sharp-linux-x64': '0.35.5', '@img/sharp-libvips-linux-x64': '1.3.4' };
    const sharp = json('node_modules/sharp/package.json', { version: '0.35.5', optionalDependencies: platforms });
    const loader = file('node_modules/sharp/dist/sharp.cjs', 'require("@img/sharp-wasm32/sharp.node")');
    expect(findWasmBuilds([sharp, loader])).toEqual([
      {
        name: '@img/sharp-wasm32',
        version: '0.35.5',
        folder: 'node_modules/sharp/node_modules/@img/sharp-wasm32',
        replaces: false,
      },
    ]);
  });

  it("puts Next.js's compiler where Next.js looks for it", () => {
    const next = json('node_modules/next/package.json', { version: '16.4.6' });
    expect(findWasmBuilds([next, file('node_modules/next/dist/build/swc/index.js', '')])).toEqual([
      {
        name: '@next/swc-wasm-nodejs',
        version: '16.4.6',
        folder: 'node_modules/next/wasm/@next/swc-wasm-nodejs',
        replaces: false,
      },
    ]);
    expect(findWasmBuilds([next])).toEqual([]);
  });

  it('leaves a package alone whose loader looks for no such build', () => {
    const watcher = json('node_modules/watcher/package.json', {
      version: '2.0.0',
      optionalDependencies: { '@some/watcher-linux-x64-glibc': '2.0.0' },
    });
    expect(findWasmBuilds([watcher, file('node_modules/watcher/index.js', "require('@some/watcher')")])).toEqual([]);
  });

  it('finds each copy of esbuild and rollup, in a store with links too, and no older rollup', () => {
    const copies = [
      json('node_modules/.pnpm/esbuild@0.25.1/node_modules/esbuild/package.json', { version: '0.25.1' }),
      file('node_modules/.pnpm/esbuild@0.25.1/node_modules/esbuild/bin/esbuild', ''),
      json('packages/a/node_modules/rollup/package.json', { version: '4.1.0' }),
      file('packages/a/node_modules/rollup/dist/native.js', ''),
      json('node_modules/rollup/package.json', { version: '3.0.0' }),
    ];
    expect(findWasmBuilds([...copies, { path: 'node_modules/esbuild', type: 'link', target: '.pnpm/…' }])).toEqual([
      {
        name: 'esbuild-wasm',
        version: '0.25.1',
        folder: 'node_modules/.pnpm/esbuild@0.25.1/node_modules/esbuild',
        replaces: true,
      },
      { name: '@rollup/wasm-node', version: '4.1.0', folder: 'packages/a/node_modules/rollup', replaces: true },
    ]);
  });

  it('survives package files that are none', () => {
    const broken = [file('node_modules/esbuild/package.json', '{'), file('node_modules/esbuild/bin/esbuild', '')];
    expect(findWasmBuilds([...broken, json('node_modules/x/package.json', { optionalDependencies: [1] })])).toEqual([]);
  });
});

describe('withWasmBuilds', () => {
  it('puts a build in place of the package, and keeps the packages that it holds', async () => {
    const fetched = await fetchedBuild('esbuild-wasm', { 'lib/main.js': 'wasm' });
    const { files, problems } = await withWasmBuilds(ESBUILD, async () => fetched);
    expect(problems).toEqual([]);
    expect(textsOf(files)).toEqual({
      'node_modules/esbuild/node_modules/held/index.js': 'held',
      'node_modules/esbuild/lib/main.js': 'wasm',
    });
  });

  it('starts esbuild without options of Node, which machine code does not read', async () => {
    const starter = [
      'process.env.NODE_OPTIONS = "--import=none";',
      'const options = { stdio: "pipe", windowsHide: true, cwd: "/" };',
      'exports.given = [options.env.NODE_OPTIONS, options.env.PATH === process.env.PATH, options.cwd];',
    ].join(' ');
    const fetched = await fetchedBuild('esbuild-wasm', { 'lib/main.js': starter });
    const { files } = await withWasmBuilds(ESBUILD, async () => fetched);
    const exported: { given?: unknown } = {};
    const run = new Function('exports', 'process', textsOf(files)['node_modules/esbuild/lib/main.js'] ?? '');
    run(exported, { env: { PATH: '/bin' } });
    expect(exported.given).toEqual(['', true, '/']);
  });

  it('keeps the types of the package, where they are', async () => {
    const installed = [
      json('node_modules/lightningcss/package.json', { version: '1.0.0', types: 'node/index.d.ts' }),
      file('node_modules/lightningcss/node/index.js', 'native'),
      file('node_modules/lightningcss/node/index.d.ts', 'types'),
    ];
    const own = {
      types: 'index.d.ts',
      exports: { '.': { types: './index.d.ts', default: './index.mjs' }, './x': './x.js' },
    };
    const fetched = await fetchedBuild('lightningcss-wasm', {
      'package.json': JSON.stringify(own),
      'index.mjs': 'wasm',
      'index.d.ts': 'types of the build',
    });
    const { files } = await withWasmBuilds(installed, async () => fetched);
    const { 'node_modules/lightningcss/package.json': description, ...rest } = textsOf(files);
    expect(rest).toEqual({
      'node_modules/lightningcss/index.mjs': 'wasm',
      'node_modules/lightningcss/node/index.d.ts': 'types',
      'node_modules/lightningcss/node/package.json': '{"type":"commonjs"}',
    });
    expect(JSON.parse(description ?? '')).toEqual({
      types: './node/index.d.ts',
      exports: { '.': { types: './node/index.d.ts', default: './index.mjs' }, './x': './x.js' },
    });
  });

  it('puts an addon beside its loader, with what it needs in a folder of its own', async () => {
    const fetched = await fetchedBuild('@unrs/resolver-binding-wasm32-wasi', { 'a.wasi.cjs': 'wasm' });
    await write(join(fetched, 'node_modules'), { 'tslib/tslib.js': 'tslib' });
    const { files } = await withWasmBuilds(RESOLVER, async () => fetched);
    const folder = 'node_modules/unrs-resolver/node_modules/@unrs/resolver-binding-wasm32-wasi';
    expect(textsOf(files)).toMatchObject({
      'node_modules/unrs-resolver/index.js': "require('@unrs/resolver-binding-wasm32-wasi')",
      [`${folder}/a.wasi.cjs`]: 'wasm',
      [`${folder}/node_modules/tslib/tslib.js`]: 'tslib',
    });
  });

  it('finds them in a node_modules, and in a package, that is mounted alone', async () => {
    const fetched = await fetchedBuild('esbuild-wasm', { 'lib/main.js': 'wasm' });
    const below = (folder: string) => ESBUILD.map((each) => ({ ...each, path: each.path.slice(folder.length + 1) }));
    const places = {
      '/home/project/node_modules': 'node_modules',
      '/node_modules/': 'node_modules',
      '/a/node_modules/b/node_modules/esbuild': 'node_modules/esbuild',
    };
    for (const [mountPoint, folder] of Object.entries(places)) {
      const { files } = await withWasmBuildsAt(mountPoint, below(folder), async () => fetched);
      const inside = folder === 'node_modules' ? 'esbuild/' : '';
      expect(textsOf(files)).toEqual({
        [`${inside}node_modules/held/index.js`]: 'held',
        [`${inside}lib/main.js`]: 'wasm',
      });
    }
  });

  it('goes on without a build that cannot be fetched, and says which and why', async () => {
    const offline = async ({ name }: Pick<WasmBuild, 'name'>): Promise<string> => {
      throw new Error(`no network for ${name}`);
    };
    const { files, problems } = await withWasmBuilds([...ESBUILD, ...RESOLVER], offline);
    expect(files).toEqual([...ESBUILD, ...RESOLVER]);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('node_modules/esbuild holds machine code');
    expect(problems[0]).toContain('esbuild-wasm 0.25.1 could not be fetched: no network for esbuild-wasm');
  });
});

describe('rangeUpTo', () => {
  it('takes the nearest version before it that promises the same interface', () => {
    expect(rangeUpTo('1.13.0')).toBe('>=1.0.0-0 <=1.13.0');
    expect(rangeUpTo('0.28.2')).toBe('>=0.28.0-0 <=0.28.2');
  });
});

async function fetchedBuild(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-wasm-'));
  await write(join(folder, 'node_modules', name), files);
  return folder;
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const textsOf = (files: readonly PackedFile[]) =>
  Object.fromEntries(
    files.flatMap((each) => (each.type === 'file' ? [[each.path, new TextDecoder().decode(each.bytes)]] : [])),
  );

/**
 * The optional parts of the runtime: what few programs need, and no program loads before it needs it (`ProcessContext.loadPart`).
 * A script part sets `part`; a `.wasm` part is the binary that a package carries.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { type Bundle, bundle } from './bundle.ts';
import { keepProperties } from './kept-properties.ts';

/** Name of the part -> its module below `src/runtime/process`. */
const SCRIPTS: Readonly<Record<string, string>> = {
  crypto: 'crypto/part.ts',
  hash: 'crypto/hashes/part.ts',
  tls: 'tls/part.ts',
  zlib: 'zlib/part.ts',
  'shell-text': '../shell/parts/text.ts',
  wasi: 'wasi/part.ts',
  transformer: '../transformer/worker.ts',
  'shell-files': '../shell/parts/files.ts',
  'shell-git': '../shell/parts/git.ts',
  'shell-http': '../shell/parts/http.ts',
  'shell-jq': '../shell/parts/jq.ts',
  'shell-search': '../shell/parts/search.ts',
};

/** The hash functions that are taken from hash-wasm; each is a few kilobytes. */
const HASHES = ['md5', 'sha1', 'sha256', 'sha512', 'ripemd160', 'sm3'] as const;

/** The packages whose WebAssembly is a part. */
const BINARY_PACKAGES = ['brotli-wasm', '@oneidentity/zstd-js', 'hash-wasm', 'jq-web'];

export interface BuiltParts {
  /** Path below the runtime's folder -> content. */
  files: Map<string, string | Uint8Array>;
  /** Folders of the packages that they carry. */
  packages: Set<string>;
}

/** Throws when a package no longer holds what is looked for. */
export async function buildParts(root: string): Promise<BuiltParts> {
  const files = new Map<string, string | Uint8Array>();
  const packages = new Set(BINARY_PACKAGES.map((name) => packageFolder(root, name)));
  for (const [name, module] of Object.entries(SCRIPTS)) {
    const part = await bundlePart(root, module);
    files.set(`parts/${name}.js`, keepProperties(part.text));
    for (const folder of part.packages) packages.add(folder);
  }
  for (const [name, bytes] of await readBinaries(root)) files.set(`parts/${name}`, bytes);
  return { files, packages };
}

/** The WebAssembly modules, by the names of their parts ("sha256.wasm"). */
export async function readBinaries(root: string): Promise<Map<string, Uint8Array>> {
  const hashes = embeddedBinaries(await readFile(join(packageFolder(root, 'hash-wasm'), 'dist/index.esm.js'), 'utf8'));
  const zstdFolder = packageFolder(root, '@oneidentity/zstd-js');
  const zstd = embeddedBinaries(await readFile(join(zstdFolder, 'wasm/index.cjs.js'), 'utf8'));
  const binaries = new Map<string, Uint8Array>([
    ['jq.wasm', await readFile(join(packageFolder(root, 'jq-web'), 'jq.wasm'))],
    ['brotli.wasm', await readFile(join(packageFolder(root, 'brotli-wasm'), 'pkg.web/brotli_wasm_bg.wasm'))],
    ['zstd.wasm', only(zstd.values(), '@oneidentity/zstd-js')],
  ]);
  for (const name of HASHES) binaries.set(`${name}.wasm`, only(pick(hashes, name), `hash-wasm's ${name}`));
  return binaries;
}

/** The base64 texts of WebAssembly modules in a script, by the `name = "…"` in front of them. */
function embeddedBinaries(script: string): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const match of script.matchAll(
    /(?:name\S* = "([\w-]+)";\s+var data\S* = )?"(?:data:[^"]*,)?(AGFzb[\w+/=]+)"/g,
  )) {
    found.set(match[1] ?? '', Buffer.from(match[2] ?? '', 'base64'));
  }
  return found;
}

function pick<Value>(map: ReadonlyMap<string, Value>, key: string): Value[] {
  const value = map.get(key);
  return value === undefined ? [] : [value];
}

function only(values: Iterable<Uint8Array>, what: string): Uint8Array {
  const [first, ...more] = values;
  if (first === undefined || more.length > 0) throw new Error(`Expected one WebAssembly module of ${what}`);
  return first;
}

function packageFolder(root: string, name: string): string {
  const require = createRequire(join(root, 'package.json'));
  for (const path of require.resolve.paths(`${name}/package.json`) ?? []) {
    try {
      return dirname(require.resolve(join(path, name, 'package.json')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error(`The package ${name} is not installed: run npm ci`);
}

/** jq-web fetches its WebAssembly as soon as it is imported, which the sandbox cannot: here it exports how to start it. */
const unstartedJq: Plugin = {
  name: 'unstarted-jq',
  setup(part) {
    part.onLoad({ filter: /[\\/]jq-web[\\/]jq\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace(/^jq = jq\(\)\.then\([\s\S]*?^\} \);$/m, '');
      if (contents === text) throw new Error('jq-web no longer starts itself as it did');
      return { contents, loader: 'js' };
    });
  },
};

function bundlePart(root: string, module: string): Promise<Bundle> {
  return bundle({
    root,
    entryPoint: `src/runtime/process/${module}`,
    globalName: 'part',
    plugins: [unstartedJq],
    // jq-web asks for these under Node only.
    external: ['fs', 'path', 'crypto'],
  });
}

/**
 * The optional parts of the runtime: what few programs need, and no program loads before it needs it (`ProcessContext.loadPart`).
 * A script part sets `part`; a `.wasm` part is the binary that a package carries.
 */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Name of the part -> its module below `src/runtime/process`. */
const SCRIPTS: Readonly<Record<string, string>> = {
  crypto: 'crypto/part.ts',
  'shell-text': '../shell/parts/text.ts',
  transformer: '../transformer/worker.ts',
  'shell-files': '../shell/parts/files.ts',
  'shell-git': '../shell/parts/git.ts',
  'shell-jq': '../shell/parts/jq.ts',
};

/** The hash functions that are taken from hash-wasm; each is a few kilobytes. */
export const HASHES = ['md5', 'sha1', 'sha256', 'sha512', 'ripemd160', 'sm3'] as const;

const PACKAGES = [
  'brotli-wasm',
  '@oneidentity/zstd-js',
  'hash-wasm',
  '@noble/ciphers',
  '@noble/curves',
  '@noble/hashes',
  'fflate',
  'isomorphic-git',
  'modern-tar',
  'jq-web',
  'async-lock',
  'buffer',
  'clean-git-ref',
  'crc-32',
  'ignore',
  'pako',
  'sha.js',
];

/** Path below the site's root -> content. Throws when a package no longer holds what is looked for. */
export async function buildParts(root: string): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>();
  for (const [name, module] of Object.entries(SCRIPTS)) {
    files.set(`runtime/parts/${name}.js`, await bundlePart(root, module));
  }
  for (const [name, bytes] of await readBinaries(root)) files.set(`runtime/parts/${name}`, bytes);
  files.set('runtime/parts/LICENSES.txt', await licences(root));
  return files;
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

async function bundlePart(root: string, module: string): Promise<string> {
  const result = await build({
    entryPoints: [`src/runtime/process/${module}`],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'part',
    target: 'es2022',
    platform: 'browser',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'inline',
    logLevel: 'silent',
    absWorkingDir: root,
    plugins: [unstartedJq],
    // jq-web asks for these under Node only.
    external: ['fs', 'path', 'crypto'],
  });
  return result.outputFiles[0]?.text ?? '';
}

async function licences(root: string): Promise<string> {
  const texts = PACKAGES.map(async (name) => {
    const folder = packageFolder(root, name);
    const file = (await readdir(folder)).find((item) => /^licen[cs]e/i.test(item));
    if (file !== undefined) return `${name}\n\n${await readFile(join(folder, file), 'utf8')}\n`;
    // Some packages only name it.
    const { license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { license: string };
    return `${name}\n\nLicence: ${license}\n`;
  });
  return (await Promise.all(texts)).join('\n');
}

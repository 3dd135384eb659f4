/** Which installed packages have parts of machine code for which their makers publish WebAssembly builds, too. */
import { z } from 'zod';
import type { PackedFile } from '../pack.ts';

/** A WebAssembly build that stands in for a native part. */
export interface WasmBuild {
  /** The package's name in the registry. */
  readonly name: string;
  /** Of the native part: the build's own is this one, or the nearest before it where it was not published. */
  readonly version: string;
  /** The folder that it belongs in, relative to the project. */
  readonly folder: string;
  /** Whether it is there in place of what the folder holds. */
  readonly replaces: boolean;
}

interface KnownBuild {
  /** A file of the package that tells it. */
  readonly by: string;
  readonly name: string;
  /** The folder in which its loader looks for the build; else that is there in place of the package. */
  readonly in?: string;
}

/** Packages that run a program or an addon of their own, and those with the same interface in WebAssembly. */
const KNOWN: Readonly<Record<string, KnownBuild>> = {
  '@swc/core': { by: 'binding.js', name: '@swc/wasm' },
  esbuild: { by: 'bin/esbuild', name: 'esbuild-wasm' },
  lightningcss: { by: 'node/index.js', name: 'lightningcss-wasm' },
  next: { by: 'dist/build/swc/index.js', name: '@next/swc-wasm-nodejs', in: 'wasm' },
  rollup: { by: 'dist/native.js', name: '@rollup/wasm-node' },
};

const PACKAGE_FILE = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/;
/** "@unrs/resolver-binding-linux-x64-gnu": a package of one platform, as napi-rs names them. */
const PLATFORM = /^(.+)-(?:linux|darwin|win32)-(?:x64|arm64)(?:-[a-z]+)?$/;
const SCRIPT = /\.[cm]?js$/;

const packageFile = z.object({
  version: z.string(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});

/** The builds for all that is installed below the project's folder; none twice. */
export function findWasmBuilds(files: readonly PackedFile[]): readonly WasmBuild[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.flatMap((file) => {
    const name = PACKAGE_FILE.exec(file.path)?.[1];
    if (name === undefined || file.type !== 'file') return [];
    const folder = file.path.slice(0, -'/package.json'.length);
    const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
    if (!known) return addonBuilds(file.bytes, folder, files);
    const version = paths.has(`${folder}/${known.by}`) ? readPackage(file.bytes)?.version : undefined;
    if (version === undefined) return [];
    const replaces = known.in === undefined;
    const place = replaces ? folder : `${folder}/${known.in}/${known.name}`;
    return [{ name: known.name, version, folder: place, replaces }];
  });
}

/** What builds of addons are called behind the name that they share with those of the platforms: by napi-rs, and by what Emscripten made. */
const BUILDS = ['wasm32-wasi', 'wasm32'];

/** Where no native addon can be loaded, the loaders of some look for a build of WebAssembly: those that napi-rs makes, and sharp's. */
function addonBuilds(bytes: Uint8Array, folder: string, files: readonly PackedFile[]): WasmBuild[] {
  if (!Buffer.from(bytes).includes('"optionalDependencies"')) return [];
  const dependencies = Object.entries(readPackage(bytes)?.optionalDependencies ?? {});
  const versions = new Map(
    dependencies.flatMap(([name, version]): [string, string][] => {
      const base = PLATFORM.exec(name)?.[1];
      return base === undefined || !/^\d/.test(version) ? [] : BUILDS.map((build) => [`${base}-${build}`, version]);
    }),
  );
  return [...versions].flatMap(([name, version]) =>
    isLookedFor(name, folder, files)
      ? [{ name, version, folder: `${folder}/node_modules/${name}`, replaces: false }]
      : [],
  );
}

function isLookedFor(name: string, folder: string, files: readonly PackedFile[]): boolean {
  return files.some(
    (file) =>
      file.type === 'file' && file.path.startsWith(`${folder}/`) && SCRIPT.test(file.path) && names(file.bytes, name),
  );
}

/** Whether the name stands in a script, and not only as the start of a longer one. */
function names(script: Uint8Array, name: string): boolean {
  const text = Buffer.from(script.buffer, script.byteOffset, script.byteLength);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (text[at + name.length] !== 0x2d) return true; // '-'
  }
  return false;
}

/** Null where it is no package file: what is installed may be anything. */
function readPackage(bytes: Uint8Array): z.infer<typeof packageFile> | null {
  try {
    return packageFile.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/**
 * esbuild's WebAssembly build is a program of Node in place of machine code, which reads no NODE_OPTIONS: a loader there that compiles with
 * esbuild (`--import=tsx`) would start it again, and in that one again, without end.
 */
import type { PackedFile } from '../pack.ts';

const BUILD = 'esbuild-wasm';
const STARTER = 'lib/main.js';
/** Of both ways in which it starts the program. */
const SPAWN_OPTION = /\bwindowsHide: true,/g;
const WITHOUT_OPTIONS = 'windowsHide: true, env: { ...process.env, NODE_OPTIONS: "" },';

/** `path` is that of the file in the package `name`. */
export function withoutNodeOptions(name: string, path: string, file: PackedFile): PackedFile {
  if (name !== BUILD || path !== STARTER || file.type !== 'file') return file;
  // In the same line: no place in a stack moves.
  const text = new TextDecoder().decode(file.bytes).replace(SPAWN_OPTION, WITHOUT_OPTIONS);
  return { ...file, bytes: new TextEncoder().encode(text) };
}

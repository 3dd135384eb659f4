/**
 * The files of the embedded runtime as a host serves them: the headless page, the sandbox frame and the texts of the Workers.
 * Node's library comes from the pinned binary (`build-library.ts`); each Worker is one script, because a page of opaque
 * origin can start Workers from blob: URLs only.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  AWAITED_VALUE,
  CAPTURE_CONTEXT,
  COVERAGE,
  COVERAGE_LINK,
  COVERAGE_VALUE,
  EVALUATED_TEXT,
  IMPORT_FROM_SCRIPT,
  RESTORE_CONTEXT,
} from '../process/modules/transform/injected-names.ts';
import { VM_GUARD, VM_TICK } from '../process/vm/names.ts';
import { buildLibrary, LIBRARY_PARTS } from './build-library.ts';
import { bundle } from './bundle.ts';
import { keepGlobals } from './kept-globals.ts';
import { iterateDeclaration, keepIteration } from './kept-iteration.ts';
import { keepProperties } from './kept-properties.ts';
import { licenceTexts } from './licences.ts';
import { buildParts } from './parts.ts';

export interface RuntimeAssets {
  /** Path below the site's root, without a leading slash -> content. */
  files: Map<string, string | Uint8Array>;
  /** CSP source of the sandbox frame's inline script ("'sha256-…'"). */
  sandboxScriptHash: string;
}

const WORKERS = { kernel: 'kernel/worker.ts', node: 'process/worker.ts', shell: 'shell/worker.ts' } as const;

/** See `process/modules/transform/injected-globals.ts`. */
const GLOBAL_NAMES = [
  CAPTURE_CONTEXT,
  AWAITED_VALUE,
  RESTORE_CONTEXT,
  IMPORT_FROM_SCRIPT,
  EVALUATED_TEXT,
  COVERAGE,
  COVERAGE_VALUE,
  COVERAGE_LINK,
  VM_TICK,
  VM_GUARD,
];

/** Builds all of them; throws with esbuild's or the library build's message. `root` is the project's folder. */
export async function buildRuntimeAssets(root: string): Promise<RuntimeAssets> {
  const packages = new Set<string>();
  const entry = async (path: string, banner = '', footer = '') => {
    const around = { banner: { js: banner }, footer: { js: footer } };
    const built = await bundle({ root, entryPoint: `src/runtime/${path}`, ...around });
    for (const folder of built.packages) packages.add(folder);
    return built.text.replaceAll('</script', '<\\/script');
  };
  const beforeNode = `let ${GLOBAL_NAMES.join()};${keepGlobals.before}${iterateDeclaration()}`;
  const [headless, sandbox, kernel, node, shell, libraryFile, parts] = await Promise.all([
    entry('headless/main.ts'),
    entry('headless/sandbox.ts'),
    entry(WORKERS.kernel),
    entry(WORKERS.node, beforeNode, keepGlobals.after),
    entry(WORKERS.shell),
    buildLibrary(),
    buildParts(root),
  ]);
  const licence = await readFile(libraryFile.replace(/\.txt$/, '.LICENSE'), 'utf8');
  for (const part of LIBRARY_PARTS) parts.files.set(`parts/${part}`, await readFile(libraryFile.replace(/txt$/, part)));
  const sandboxScriptHash = `'sha256-${createHash('sha256').update(sandbox).digest('base64')}'`;
  const versioned = new Map<string, string | Uint8Array>([
    ['headless.js', headless],
    ['kernel.js', kernel],
    ['node.js', keepProperties(keepIteration(node))],
    ['shell.js', shell],
    ['library.txt', await readFile(libraryFile)],
    ...parts.files,
    ['parts/index.json', JSON.stringify([...parts.files.keys()].map((path) => path.split('/').at(-1)))],
  ]);
  const folder = `runtime/v/${hashOf(versioned)}`;
  return {
    sandboxScriptHash,
    files: new Map<string, string | Uint8Array>([
      ['headless.html', page('Fixpoint sandbox host', `${FRAME}<script src="/${folder}/headless.js"></script>`)],
      ['runtime/sandbox.html', page('Fixpoint sandbox', `<script>${sandbox}</script>`)],
      ['runtime/NODE-LICENSE.txt', licence],
      ['runtime/LICENSES.txt', await licenceTexts(new Set([...packages, ...parts.packages]))],
      ...Array.from(versioned, ([path, content]) => [`${folder}/${path}`, content] as const),
    ]),
  };
}

/** In their paths, so that a browser which has these files never asks whether there are others. */
function hashOf(files: ReadonlyMap<string, string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const [path, content] of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, 16);
}

/** As `headless/kernel-client.ts` makes it: its process takes time to start, and need not wait for the script. */
const FRAME = '<iframe sandbox="allow-scripts" allow="cross-origin-isolated" src="/runtime/sandbox.html"></iframe>';

const page = (title: string, script: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body>${script}</body></html>\n`;

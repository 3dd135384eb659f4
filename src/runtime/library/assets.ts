/**
 * The files of the embedded runtime as a host serves them: the headless page, the sandbox frame and the texts of the Workers.
 * Node's library comes from the pinned binary (`build-library.ts`); each Worker is one script, because a page of opaque
 * origin can start Workers from blob: URLs only.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import {
  CAPTURE_CONTEXT,
  EVALUATED_TEXT,
  IMPORT_FROM_SCRIPT,
  RESTORE_CONTEXT,
} from '../process/modules/injected-names.ts';
import { VM_GUARD, VM_TICK } from '../process/vm/names.ts';
import { buildLibrary, STRIPPER_PART } from './build-library.ts';
import { buildParts } from './parts.ts';

export interface RuntimeAssets {
  /** Path below the site's root, without a leading slash -> content. */
  files: Map<string, string | Uint8Array>;
  /** CSP source of the sandbox frame's inline script ("'sha256-…'"). */
  sandboxScriptHash: string;
}

const WORKERS = { kernel: 'kernel/worker.ts', node: 'process/worker.ts', shell: 'shell/worker.ts' } as const;

/** See `process/modules/injected-globals.ts`. */
const GLOBAL_NAMES = [CAPTURE_CONTEXT, RESTORE_CONTEXT, IMPORT_FROM_SCRIPT, EVALUATED_TEXT, VM_TICK, VM_GUARD];

/** Builds all of them; throws with esbuild's or the library build's message. `root` is the project's folder. */
export async function buildRuntimeAssets(root: string): Promise<RuntimeAssets> {
  const entry = (path: string) => bundle(root, `src/runtime/${path}`);
  const [headless, sandbox, kernel, node, shell, libraryFile, parts] = await Promise.all([
    entry('headless/main.ts'),
    entry('headless/sandbox.ts'),
    entry(WORKERS.kernel),
    bundle(root, `src/runtime/${WORKERS.node}`, `let ${GLOBAL_NAMES.join()};`),
    entry(WORKERS.shell),
    buildLibrary(),
    buildParts(root),
  ]);
  const licence = await readFile(libraryFile.replace(/\.txt$/, '.LICENSE'), 'utf8');
  parts.set(`runtime/parts/${STRIPPER_PART}`, await readFile(libraryFile.replace(/txt$/, STRIPPER_PART)));
  const sandboxScriptHash = `'sha256-${createHash('sha256').update(sandbox).digest('base64')}'`;
  return {
    sandboxScriptHash,
    files: new Map<string, string | Uint8Array>([
      ['headless.html', page('Fixpoint sandbox host', '<script src="/runtime/headless.js"></script>')],
      ['runtime/headless.js', headless],
      ['runtime/sandbox.html', page('Fixpoint sandbox', `<script>${sandbox}</script>`)],
      ['runtime/kernel.js', kernel],
      ['runtime/node.js', node],
      ['runtime/shell.js', shell],
      ['runtime/library.txt', await readFile(libraryFile)],
      ['runtime/NODE-LICENSE.txt', licence],
      ...parts,
      ['runtime/parts/index.json', JSON.stringify([...parts.keys()].map((path) => path.split('/').at(-1)))],
    ]),
  };
}

const page = (title: string, script: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body>${script}</body></html>\n`;

/** Identifiers stay: the names of classes and functions show in what guest programs print. */
async function bundle(root: string, entryPoint: string, banner = ''): Promise<string> {
  const result = await build({
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    banner: { js: banner },
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'inline',
    logLevel: 'silent',
    absWorkingDir: root,
  });
  const text = result.outputFiles[0]?.text ?? '';
  return text.replaceAll('</script', '<\\/script');
}

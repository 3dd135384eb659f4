/**
 * Build time: takes Node's own library out of the pinned binary and makes it ready for a browser Worker.
 * The result is cached below node_modules, under a hash of everything that it is made of.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Comment, parse } from 'acorn';
import type { LibrarySource } from '../process/context.ts';
import { applyEdits } from '../process/modules/transform/edits.ts';
import { findAwaitEdits } from '../process/modules/transform/transform-await.ts';
import { blankComments } from './blank-comments.ts';
import { findNode, type NodeBinary, projectRoot } from './find-node.ts';
import { hotFunctionsOf } from './hot-functions.ts';
import { type PreparedLibrary, packLibrary } from './pack-library.ts';
import { patchEdits } from './patches/patch.ts';
import { PATCHES } from './patches.ts';

/** What strips types: half of the library, and most programs have none. */
const STRIPPER = 'internal/deps/amaro/dist/index';
/** The optional part that it is. */
const STRIPPER_PART = 'amaro.js';
/** Another one: the text that `node --v8-options` prints. */
const ENGINE_OPTIONS_PART = 'v8-options.js';
/** The optional parts that Node's library gives. */
export const LIBRARY_PARTS: readonly string[] = [STRIPPER_PART, ENGINE_OPTIONS_PART];

interface ExtractedLibrary extends Omit<PreparedLibrary, 'sources' | 'parts'> {
  sources: Record<string, string>;
  engineOptions: string;
}

/**
 * Path of a file that `packLibrary` made; beside it, with the ending `.LICENSE`, Node's licence, and {@link LIBRARY_PARTS}, with their
 * names for an ending.
 * Throws one clear sentence when there is no suitable Node, or when Node's library no longer fits a patch.
 */
export async function buildLibrary(): Promise<string> {
  const root = projectRoot();
  const node = findNode(root);
  const cache = join(root, 'node_modules/.cache/fixpoint');
  const file = join(cache, `library-${await inputHash(root, node)}.txt`);
  if (existsSync(file)) return file;
  const { engineOptions, ...extracted } = await extractLibrary(root, node);
  const sources = prepareSources(extracted.sources);
  const { [STRIPPER]: stripper, ...rest } = sources;
  const library = packLibrary({ ...extracted, sources: rest, parts: { [STRIPPER]: STRIPPER_PART } });
  await mkdir(cache, { recursive: true });
  await writeFile(file.replace(/txt$/, STRIPPER_PART), stripper?.code ?? '');
  await writeFile(file.replace(/txt$/, ENGINE_OPTIONS_PART), `const part = ${JSON.stringify(engineOptions)};\n`);
  await writeFile(file.replace(/\.txt$/, '.LICENSE'), await licenceOf(node));
  // Written apart and renamed, so that a build that runs at the same time never reads half a file.
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, library);
  await rename(unfinished, file);
  return file;
}

async function inputHash(root: string, node: NodeBinary): Promise<string> {
  const folder = join(root, 'src/runtime/library');
  const own = (await readdir(folder))
    .filter((name) => /\.(ts|cjs)$/.test(name) && !/assets|parts|\.test\./.test(name))
    .sort();
  // A bundle of this file may be older than the files: what it really applies counts too.
  const hash = createHash('sha256').update(node.version).update(JSON.stringify(PATCHES));
  const transform = ['transform-await', 'edits', 'injected-names', 'syntax-tree'];
  const shared = transform.map((name) => join(root, 'src/runtime/process/modules/transform', `${name}.ts`));
  for (const path of [...own.map((name) => join(folder, name)), ...shared]) {
    hash.update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}

async function extractLibrary(root: string, node: NodeBinary): Promise<ExtractedLibrary> {
  const script = join(root, 'src/runtime/library/extract.cjs');
  const { stdout } = await promisify(execFile)(node.path, ['--expose-internals', script], {
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env.PATH },
  });
  return JSON.parse(stdout) as ExtractedLibrary;
}

/** Empties comment lines, patches, and keeps the async context over `await`. */
function prepareSources(sources: Readonly<Record<string, string>>): Record<string, LibrarySource> {
  const blanked = Object.fromEntries(Object.entries(sources).map(([id, source]) => [id, blank(id, source)]));
  const patched = patchEdits(blanked, PATCHES);
  const prepared: Record<string, LibrarySource> = {};
  for (const [id, code] of Object.entries(blanked)) {
    const edits = [
      ...(patched.get(id) ?? []),
      ...(UNTRANSFORMED.test(id) ? [] : findAwaitEdits(code, PARAMETERS, parse)),
    ];
    const hot = hotFunctionsOf(id, code);
    prepared[id] = { ...(edits.length > 0 ? applyEdits(code, edits) : { code }), ...(hot && { hot }) };
  }
  return prepared;
}

const PARAMETERS = ['exports', 'require', 'module', 'process', 'internalBinding', 'primordials'];
/** Compiled before the context functions exist, or (dependencies other than undici) synchronous by nature. */
const UNTRANSFORMED = /^internal\/(per_context|bootstrap|main|deps\/(?!undici))/;
/** WebAssembly as one string, and the modules of the profile reader: nothing to gain. */
const UNTOUCHED = /^internal\/deps\/(amaro|v8)\//;

function blank(id: string, source: string): string {
  if (UNTOUCHED.test(id)) return source;
  const comments: Comment[] = [];
  parse(source, { ecmaVersion: 'latest', allowReturnOutsideFunction: true, onComment: comments });
  return blankComments(source, comments);
}

async function licenceOf(node: NodeBinary): Promise<string> {
  const path = node.licences.find((candidate) => existsSync(candidate));
  if (path !== undefined) return readFile(path, 'utf8');
  return `Node.js ${node.version}: https://github.com/nodejs/node/blob/${node.version}/LICENSE\n`;
}

/**
 * Programs of two files in a Worker that waits: an ES module, loaded by a loader of its own, and a CommonJS module. They are nowhere; the
 * process is told of them as a launch tells it of its main script. So what every program runs to load its files has run once when one
 * comes, with no trace of it.
 */
import { S_IFDIR, S_IFREG } from '../../kernel/file-modes.ts';
import type { Foreknowledge, ForeseenAnswer } from '../../kernel/launch.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import type { ProcessCore } from '../core.ts';

/** The loaders remember the real paths of files: no program has files there. */
const FOLDER = '/proc';
const IMPORTING = `${FOLDER}/rehearsal.mjs`;
const REQUIRING = `${FOLDER}/rehearsal.js`;
const FILES: Readonly<Record<string, string>> = {
  [IMPORTING]:
    "import { sep } from 'node:path';\nimport { part } from './rehearsed-part.mjs';\nexport default sep + part;\n",
  [`${FOLDER}/rehearsed-part.mjs`]: "import path from 'path';\nexport const part = path.sep;\n",
  [REQUIRING]:
    "const { sep } = require('node:path');\nconst { part } = require('./rehearsed-part');\nmodule.exports = sep + part;\n",
  [`${FOLDER}/rehearsed-part.js`]: "const path = require('path');\nmodule.exports = { part: path.sep };\n",
  [`${FOLDER}/package.json`]: '{ "name": "rehearsal" }\n',
};
/** What `require` looks for before it appends `.js`. */
const MISSING = `${FOLDER}/rehearsed-part`;
/** The module of Node's library that they load. */
const LOADED = 'path';

interface EsmUtils {
  initializeESM(): void;
}
interface LoaderModule {
  createModuleLoader(): { import(specifier: string, parent: undefined, attributes: object): Promise<unknown> };
}
interface Helpers {
  initializeCjsConditions(): void;
  forgetUserExecution(): void;
}
interface CommonJs {
  Module: { _load(path: string): unknown; _cache: object; _pathCache: object };
}
interface Realm {
  BuiltinModule: { map: Map<string, { module: unknown; exportKeys: unknown }> };
}

/** It has ended before the next task of the Worker. */
export async function rehearseImport(core: ProcessCore): Promise<void> {
  await withFiles(core, async () => {
    // It is done anew at the launch, with the program's options.
    (core.require('internal/modules/esm/utils') as unknown as EsmUtils).initializeESM();
    const { createModuleLoader } = core.require('internal/modules/esm/loader') as unknown as LoaderModule;
    await createModuleLoader().import(`file://${IMPORTING}`, undefined, Object.create(null) as object);
  });
}

export async function rehearseRequire(core: ProcessCore): Promise<void> {
  const { Module } = core.require('internal/modules/cjs/loader') as unknown as CommonJs;
  await withFiles(core, () => {
    // As above.
    (core.require('internal/modules/helpers') as unknown as Helpers).initializeCjsConditions();
    Module._load(REQUIRING);
  });
  for (const cache of [Module._cache, Module._pathCache]) {
    for (const key of Object.keys(cache)) Reflect.deleteProperty(cache, key);
  }
}

async function withFiles(core: ProcessCore, action: () => Promise<void> | void): Promise<void> {
  const { foreknowledge } = core;
  foreknowledge.learn(knownFiles());
  try {
    await action();
  } finally {
    foreknowledge.forget();
    (core.require('internal/modules/helpers') as unknown as Helpers).forgetUserExecution();
    const { BuiltinModule } = core.require('internal/bootstrap/realm') as unknown as Realm;
    const loaded = BuiltinModule.map.get(LOADED);
    if (loaded) Object.assign(loaded, { module: undefined, exportKeys: undefined });
  }
}

/** Nothing that changes makes it untrue. */
function knownFiles(): Foreknowledge {
  const always = { code: null, indices: [], sum: 0 };
  const answers: ForeseenAnswer[] = [
    { ...always, kind: 'linkStat', path: FOLDER, value: statOf(S_IFDIR | 0o755, 0) },
    { ...always, kind: 'stat', path: FOLDER, value: statOf(S_IFDIR | 0o755, 0) },
    { ...always, kind: 'stat', path: MISSING, value: null, code: 'ENOENT' },
  ];
  for (const [path, text] of Object.entries(FILES)) {
    const content = new TextEncoder().encode(text);
    const stat = statOf(S_IFREG | 0o644, content.length);
    answers.push({ ...always, kind: 'linkStat', path, value: stat }, { ...always, kind: 'stat', path, value: stat });
    answers.push({ ...always, kind: 'content', path, value: content });
  }
  return { answers, cwd: null, kinds: [] };
}

function statOf(mode: number, size: number): Stat {
  const owner = { dev: 1, nlink: 1, uid: 0, gid: 0, rdev: 0, ino: 1 };
  const times = { atimeMs: 0, mtimeMs: 0, ctimeMs: 0, birthtimeMs: 0 };
  return { ...owner, ...times, mode, size, blksize: 4096, blocks: 8 };
}

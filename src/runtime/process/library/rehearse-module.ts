/**
 * An import in a Worker that waits: by a loader of its own, of files that are nowhere, which the process is told as a launch tells it its
 * main script. So what every program of ES modules runs has run once when one comes, with no trace of it.
 */
import { S_IFDIR, S_IFREG } from '../../kernel/file-modes.ts';
import type { Foreknowledge, ForeseenAnswer, Stat } from '../../kernel/syscalls.ts';
import type { ProcessCore } from '../core.ts';

const FOLDER = '/proc';
/** The loaders remember the real paths of files: no program has files there. */
const MAIN = `${FOLDER}/rehearsal.mjs`;
const FILES: Readonly<Record<string, string>> = {
  [MAIN]:
    "import { sep } from 'node:path';\nimport { part } from './rehearsed-part.mjs';\nexport default sep + part;\n",
  [`${FOLDER}/rehearsed-part.mjs`]: "import path from 'path';\nexport const part = path.sep;\n",
};
/** The module of Node's library that they import. */
const IMPORTED = 'path';

interface EsmUtils {
  initializeESM(): void;
}
interface Loader {
  import(specifier: string, parent: undefined, attributes: object): Promise<Record<string, unknown>>;
}
interface LoaderModule {
  createModuleLoader(): Loader;
}
interface Helpers {
  forgetUserExecution(): void;
}
interface Realm {
  BuiltinModule: { map: Map<string, { module: unknown; exportKeys: unknown }> };
}

/** What the modules exported; it is there before the next task of the Worker. */
export async function rehearseModule(core: ProcessCore): Promise<unknown> {
  const { foreknowledge } = core;
  const { BuiltinModule } = core.require('internal/bootstrap/realm') as unknown as Realm;
  foreknowledge.learn(knownFiles());
  try {
    // It is done anew at the launch, with the program's options.
    (core.require('internal/modules/esm/utils') as unknown as EsmUtils).initializeESM();
    const { createModuleLoader } = core.require('internal/modules/esm/loader') as unknown as LoaderModule;
    const namespace = await createModuleLoader().import(`file://${MAIN}`, undefined, Object.create(null) as object);
    return namespace.default;
  } finally {
    foreknowledge.forget();
    (core.require('internal/modules/helpers') as unknown as Helpers).forgetUserExecution();
    const imported = BuiltinModule.map.get(IMPORTED);
    if (imported) Object.assign(imported, { module: undefined, exportKeys: undefined });
  }
}

/** Nothing that changes makes it untrue. */
function knownFiles(): Foreknowledge {
  const answers = [answer('linkStat', FOLDER, statOf(S_IFDIR | 0o755, 0))];
  for (const [path, text] of Object.entries(FILES)) {
    const content = new TextEncoder().encode(text);
    const stat = statOf(S_IFREG | 0o644, content.length);
    answers.push(answer('linkStat', path, stat), answer('stat', path, stat), answer('content', path, content));
  }
  return { answers, cwd: null, kinds: [] };
}

const answer = (kind: ForeseenAnswer['kind'], path: string, value: Stat | Uint8Array): ForeseenAnswer => {
  return { kind, path, value, code: null, indices: [], sum: 0 };
};

function statOf(mode: number, size: number): Stat {
  const owner = { dev: 1, nlink: 1, uid: 0, gid: 0, rdev: 0, ino: 1 };
  const times = { atimeMs: 0, mtimeMs: 0, ctimeMs: 0, birthtimeMs: 0 };
  return { ...owner, ...times, mode, size, blksize: 4096, blocks: 8 };
}

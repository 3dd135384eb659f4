/** Looks at single files and folders of a container, also at what a snapshot leaves out. */
import { bytesToContent } from '../../session/content.ts';
import type { Content } from '../../session/files.ts';
import { type FolderEntry, LARGEST_READ, SandboxLostError } from '../sandbox.ts';
import type { ContainerFolder } from './container-folder.ts';
import { exportTree, readHead } from './export-tree.ts';

export async function readOne(place: ContainerFolder, path: string): Promise<Content | null> {
  if ((await kindOf(place, path)) !== 'file') return null;
  const { container } = place;
  const isInstalled = path.split('/').includes('node_modules');
  if (!isInstalled && (await isLink(place, path))) return null;
  return bytesToContent(await container.call(readHead(container, within(place, path), LARGEST_READ + 1)));
}

export async function listFolder(place: ContainerFolder, folder: string): Promise<readonly FolderEntry[] | null> {
  if (folder !== '' && (await kindOf(place, folder)) !== 'folder') return null;
  return entriesIn(place, folder);
}

/** Step by step from the copy's folder, so that no link leads elsewhere but one in installed code, which package managers make. */
async function kindOf(place: ContainerFolder, path: string): Promise<FolderEntry['kind'] | null> {
  const parts = path.split('/');
  let kind: FolderEntry['kind'] | null = 'folder';
  for (const [index, part] of parts.entries()) {
    if (kind !== 'folder') return null;
    const entries = await entriesIn(place, parts.slice(0, index).join('/'));
    kind = entries?.find(({ name }) => name === part)?.kind ?? null;
    const above = parts.slice(0, index + 1);
    const mayFollow = kind === 'file' && above.includes('node_modules');
    if (mayFollow && (await entriesIn(place, above.join('/'))) !== null) kind = 'folder';
  }
  return kind;
}

/** The client's entries do not tell links: an export does. All else in the folder is left out of it. */
async function isLink(place: ContainerFolder, path: string): Promise<boolean> {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const own = path.slice(parent === '' ? 0 : parent.length + 1);
  const others = (await entriesIn(place, parent))?.filter(({ name }) => name !== own) ?? [];
  const { call } = place.container;
  // In square brackets no character of a name is more than itself.
  const excludes = others.map(({ name }) => name.replace(/[^\w.-]/g, (character) => `[${character}]`));
  const tree = await call(exportTree(place.container, within(place, parent), { excludes, head: 0 }));
  const node = Object.hasOwn(tree, own) ? tree[own] : undefined;
  return node === undefined || !('file' in node) || 'symlink' in node.file;
}

async function entriesIn(place: ContainerFolder, folder: string): Promise<FolderEntry[] | null> {
  const { api, call } = place.container;
  try {
    const entries = await call(api.fs.readdir(within(place, folder), { withFileTypes: true }));
    return entries.map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'folder' : 'file' }));
  } catch (error) {
    if (error instanceof SandboxLostError) throw error;
    // ENOENT and ENOTDIR: there is no such folder.
    return null;
  }
}

function within({ folder }: ContainerFolder, path: string): string {
  return [folder, path].filter((part) => part !== '').join('/') || '.';
}

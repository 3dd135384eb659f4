/** Looks at single files and folders of a container, also at what a snapshot leaves out. */
import { bytesToContent } from '../session/content.ts';
import type { Content } from '../session/files.ts';
import type { ContainerFolder } from './container-folder.ts';
import { type FolderEntry, SandboxLostError } from './sandbox.ts';

export async function readOne(place: ContainerFolder, path: string): Promise<Content | null> {
  if ((await kindOf(place, path)) !== 'file') return null;
  const { container } = place;
  return bytesToContent(await container.call(container.api.fs.readFile(within(place, path))));
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
    const isInstalled = parts.slice(0, index + 1).includes('node_modules');
    const target = parts.slice(0, index + 1).join('/');
    if (kind === 'link' && isInstalled && (await entriesIn(place, target)) !== null) kind = 'folder';
  }
  return kind;
}

async function entriesIn(place: ContainerFolder, folder: string): Promise<FolderEntry[] | null> {
  const { api, call } = place.container;
  try {
    const entries = await call(api.fs.readdir(within(place, folder), { withFileTypes: true }));
    return entries.map((entry) => {
      return { name: entry.name, kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'link' };
    });
  } catch (error) {
    if (error instanceof SandboxLostError) throw error;
    // ENOENT and ENOTDIR: there is no such folder.
    return null;
  }
}

function within({ folder }: ContainerFolder, path: string): string {
  return [folder, path].filter((part) => part !== '').join('/') || '.';
}

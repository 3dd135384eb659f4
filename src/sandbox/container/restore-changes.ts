import { contentAt, sameContent } from '../../session/content.ts';
import type { FileChange, Files } from '../../session/files.ts';
import type { Snapshot } from '../sandbox.ts';
import { isOmitted } from '../source-files.ts';

/** Whether the snapshot would leave this file out though it may be there. */
export function isUnseen(path: string, { omitted }: Snapshot): boolean {
  return isOmitted(path) || omitted.some((each) => path === each || (each.endsWith('/') && path.startsWith(each)));
}

/** What makes a sandbox with this snapshot hold exactly the wanted files; what a snapshot omits is taken for right. */
export function restoreChanges(wanted: Files, snapshot: Snapshot): FileChange[] {
  const { files } = snapshot;
  const removed = Object.keys(files).filter((path) => !Object.hasOwn(wanted, path) && !isOmitted(path));
  const written = Object.entries(wanted).filter(([path, content]) => {
    const current = contentAt(files, path);
    return current === undefined ? !isUnseen(path, snapshot) : !sameContent(current, content);
  });
  return [
    // First: a file may have to give way to a folder.
    ...removed.map((path): FileChange => ({ path, content: null })),
    ...written.map(([path, content]): FileChange => ({ path, content })),
  ];
}

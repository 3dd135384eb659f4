/** The child's descriptors as `child_process` describes them: opened here, closed on this side after the spawn. */
import { O_RDWR } from '../../kernel/file-modes.ts';
import type { ProcessContext } from '../context.ts';
import type { Direction } from './stream-wrap.ts';

/** One entry of the `stdio` option after the library's `getValidStdio`. */
export interface StdioEntry {
  type: 'ignore' | 'pipe' | 'overlapped' | 'inherit' | 'fd' | 'wrap';
  fd?: number;
  handle?: { fd: number; leaveThread(): void };
  ipc?: boolean;
  readable?: boolean;
  writable?: boolean;
  input?: unknown;
}

/** This side's end of a pipe to the child. */
export interface ParentEnd {
  /** Index of the child's descriptor. */
  index: number;
  fd: number;
  direction: Direction;
}

export interface ChildStdio {
  /** For `SpawnRequest.stdio`. */
  descriptors: number[];
  ends: ParentEnd[];
  /** Closes the descriptors that only the child needs; to be called after the spawn, whether or not it worked. */
  closeChildEnds(): void;
}

/** Opens what the entries ask for. Throws the `SystemError` of what cannot be opened. */
export function openChildStdio(context: ProcessContext, entries: readonly StdioEntry[]): ChildStdio {
  const { sys } = context;
  const childEnds: number[] = [];
  const ends: ParentEnd[] = [];
  const descriptors = entries.map((entry, index) => {
    if (entry.type === 'inherit' || entry.type === 'fd') return entry.fd ?? index;
    if (entry.type === 'wrap') {
      entry.handle?.leaveThread();
      return entry.handle?.fd ?? -1;
    }
    if (entry.type === 'ignore') {
      if (index > 2) return -1;
      const fd = sys.call('open', '/dev/null', O_RDWR, 0);
      childEnds.push(fd);
      return fd;
    }
    const { child, parent, direction } = openPipe(index, entry.ipc === true);
    childEnds.push(child);
    ends.push({ index, fd: parent, direction });
    return child;
  });

  function openPipe(index: number, ipc: boolean): { child: number; parent: number; direction: Direction } {
    if (ipc || index > 2) {
      const [parent, child] = sys.call('socketpair');
      return { child, parent, direction: 'both' };
    }
    const [readEnd, writeEnd] = sys.call('pipe', true);
    return index === 0
      ? { child: readEnd, parent: writeEnd, direction: 'write' }
      : { child: writeEnd, parent: readEnd, direction: 'read' };
  }

  return {
    descriptors,
    ends,
    closeChildEnds: () => {
      for (const fd of childEnds) sys.call('close', fd);
    },
  };
}

import { z } from 'zod';
import { watchHeartbeat } from './heartbeat.ts';
import type { OutputFrame, ProgramSandbox, TreeEntry } from './spawn.ts';
import { bootContainer, type Container, type FileSystemTree, FRAMES, toClientPath } from './webcontainer.ts';

/** A fresh embedded sandbox for single programs. Rejects with SandboxLostError. */
export async function createProgramSandbox(): Promise<ProgramSandbox> {
  const container = await bootContainer('embedded');
  const { api } = container;
  const heartbeat = watchHeartbeat(container);
  return {
    workdir: api.workdir,
    lost: heartbeat.lost,
    async spawn(argv, { cwd, env, streams }) {
      const [command = '', ...args] = argv;
      const process = await api.spawn(command, args, {
        ...(cwd === undefined ? {} : { cwd }),
        env: { ...env, ...FRAMES[streams] },
      });
      return {
        output: process.output.pipeThrough(frameParser()),
        exit: process.exit,
        kill: () => process.kill(),
      };
    },
    mountTree: (path, entries) => mountTree(container, path, entries),
    remove: (path) => api.fs.rm(toClientPath(api, path), { recursive: true, force: true }),
    dispose() {
      heartbeat.stop();
      container.teardown();
    },
  };
}

const frame = z.object({ fd: z.union([z.literal(1), z.literal(2)]), data: z.string() });

/** Text in any pieces to the frames that its lines are. */
function frameParser(): TransformStream<string, OutputFrame> {
  let rest = '';
  return new TransformStream({
    transform(text, controller) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) controller.enqueue(frame.parse(JSON.parse(line)));
    },
  });
}

async function mountTree({ api }: Container, at: string, entries: readonly TreeEntry[]): Promise<void> {
  const path = toClientPath(api, at);
  await api.fs.mkdir(path, { recursive: true });
  await api.mount(toTree(entries), { mountPoint: path });
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The client's nested form. Objects without prototype: a file may be named "__proto__". */
export function toTree(entries: readonly TreeEntry[]): FileSystemTree {
  const root: FileSystemTree = Object.create(null);
  const folders = new Map<string, FileSystemTree>([['', root]]);
  const folder = (path: string): FileSystemTree => {
    const known = folders.get(path);
    if (known) return known;
    const [parent, name] = split(path);
    const directory: FileSystemTree = Object.create(null);
    folder(parent)[name] = { directory };
    folders.set(path, directory);
    return directory;
  };
  for (const entry of entries) {
    if (entry.type === 'directory') {
      folder(entry.path);
      continue;
    }
    const [parent, name] = split(entry.path);
    folder(parent)[name] =
      entry.type === 'link' ? { file: { symlink: entry.target } } : { file: { contents: contentsOf(entry.bytes) } };
  }
  return root;
}

/** Text where it can be: the client turns bytes into a string one by one. */
function contentsOf(bytes: Uint8Array): string | Uint8Array {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return bytes;
    throw error;
  }
}

function split(path: string): [parent: string, name: string] {
  const at = path.lastIndexOf('/');
  return at < 0 ? ['', path] : [path.slice(0, at), path.slice(at + 1)];
}

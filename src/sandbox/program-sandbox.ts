import { z } from 'zod';
import { bootLive } from './container/live-container.ts';
import { mountTree } from './container/mount-tree.ts';
import { FRAMES, toClientPath } from './container/webcontainer.ts';
import type { OutputFrame, ProgramSandbox } from './spawn.ts';

/** A fresh embedded sandbox for single programs. Rejects with SandboxLostError. */
export async function createProgramSandbox(): Promise<ProgramSandbox> {
  const container = await bootLive('embedded');
  const { api } = container;
  const stopWatching = container.watch();
  return {
    workdir: api.workdir,
    whileAlive: container.whileAlive,
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
      stopWatching();
      container.retire();
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

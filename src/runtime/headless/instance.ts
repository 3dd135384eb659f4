/** One booted sandbox, as the client sees it. */
import * as Comlink from 'comlink';
import { zipSync } from 'fflate';
import { createFiles, transferred } from './files.ts';
import { startKernel } from './kernel-client.ts';
import type { BuildOptions, Instance, OutputCallback, RunCommand } from './protocol.ts';

const PATH = '/usr/local/bin:/usr/bin:/bin';
const DEFAULT_FOLDER = 'project';
const encoder = new TextEncoder();

/** Boots a kernel; rejects when it cannot be started. */
export async function buildInstance({ workdirName }: BuildOptions): Promise<Instance> {
  const workdir = `/home/${workdirName || DEFAULT_FOLDER}`;
  const { client, destroy } = await startKernel(workdir);
  const resolve = (path: string) => resolvePath(workdir, path);
  const listeners = new Map<string, Set<(...args: unknown[]) => void>>();
  const emit = (event: string, ...args: unknown[]) => {
    for (const listener of listeners.get(event) ?? []) listener(...args);
  };
  await client.onPort(
    Comlink.proxy((port: number, type: 'open' | 'close') => {
      const url = `http://localhost:${port}`;
      emit('port', port, type, url);
      if (type === 'open') emit('server-ready', port, url);
    }),
  );

  const run = async ({ command, args, cwd, env, terminal }: RunCommand, output: OutputCallback | undefined) => {
    const { result, listener } = prepareOutput(output);
    const started = await client.start(
      {
        command,
        args: args ?? [],
        cwd: resolve(cwd ?? '.'),
        env: Object.fromEntries(Object.entries(env ?? {}).map(([name, value]) => [name, String(value)])),
        ...(terminal && { terminal }),
      },
      Comlink.proxy(listener),
    );
    if ('error' in started) throw new Error(started.error);
    const { pid } = started;
    const onExit = client.exitOf(pid).then(async (code) => {
      await result.finish();
      return code;
    });
    return Comlink.proxy({
      onExit,
      write: (data: string) => client.writeInput(pid, encoder.encode(data)),
      kill: () => client.kill(pid),
      resize: ({ cols, rows }: { cols: number; rows: number }) => client.resize(pid, cols, rows),
    });
  };

  return Comlink.proxy<Instance>({
    fs: () => Comlink.proxy(createFiles(client, resolve)),
    previewScript: () => null,
    runtimeInfo: () => ({ path: PATH, cwd: workdir }),
    run: (command, _stdout, _stderr, output) => run(command, output),
    loadFiles: async (payload, { mountPoints }) => {
      if (payload[0] !== '{'.charCodeAt(0))
        throw new Error('Binary snapshots cannot be mounted: mount a tree of files');
      await client.mount(resolve(mountPoints ?? '.'), payload);
    },
    serialize: async (path, { format = 'json', includes, excludes }) => {
      const selection = { ...(includes && { includes }), ...(excludes && { excludes }) };
      if (format === 'json') return transferred(await client.serialize(resolve(path), selection));
      if (format !== 'zip') throw new Error(`The export format "${format}" is not supported: use "json" or "zip"`);
      return transferred(zipSync(await client.listFiles(resolve(path), selection)));
    },
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return Comlink.proxy(() => void set.delete(listener));
    },
    setPreviewScript: () => Promise.reject(new Error('Previews are not supported yet')),
    setCredentials: () => undefined,
    teardown: () => destroy(),
  });
}

/** The client's listener, if it wants output; each chunk waits for its acknowledgement. */
function prepareOutput(output: OutputCallback | undefined) {
  const listener = async (chunk: Uint8Array) => {
    await output?.(transferred(chunk));
  };
  const finish = async () => {
    await output?.(null);
    (output as unknown as Comlink.ProxyMethods | undefined)?.[Comlink.releaseProxy]();
  };
  return { listener, result: { finish } };
}

/** An absolute path without "." and "..". */
export function resolvePath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${base}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** One booted sandbox, as the client sees it. */
import * as Comlink from 'comlink';
import { type ZippableFile, zipSync } from 'fflate';
import type { KernelClient, ListedFile, ProgramEvent } from '../kernel/client/client-interface.ts';
import { nameArgument, pathArgument } from './arguments.ts';
import { resolveClientPath } from './client-paths.ts';
import { ClientEvents } from './events.ts';
import { exportFormat } from './export-format.ts';
import { createFiles, transferred } from './files.ts';
import type { RunningKernel } from './kernel-client.ts';
import { LastingKernel } from './lasting-kernel.ts';
import { ClientPorts } from './ports.ts';
import { Previews } from './previews/previews.ts';
import type { PreviewScript } from './previews/wire.ts';
import { createRun } from './processes.ts';
import type { BuildOptions, Instance, SerializeOptions } from './protocol.ts';
import { ClientWatchers } from './watchers.ts';

const PATH = '/usr/local/bin:/usr/bin:/bin';
const DEFAULT_FOLDER = 'project';

/** Boots a kernel; rejects when it cannot be started. */
export async function buildInstance({ workdirName, forwardPreviewErrors = false }: BuildOptions): Promise<Instance> {
  const workdir = `/home/${nameArgument(workdirName || DEFAULT_FOLDER, 'workdirName')}`;
  const resolve = (path: unknown) => resolveClientPath(workdir, pathArgument(path));
  const events = new ClientEvents();
  const previews = new Previews(() => kernel.latest?.client ?? null, {
    forwardErrors: forwardPreviewErrors === 'exceptions-only' ? forwardPreviewErrors : Boolean(forwardPreviewErrors),
    onReport: (message) => events.emit('preview-message', message),
  });
  const ports = new ClientPorts(events, (port) => previews.urlOf(port));
  const watchers = new ClientWatchers(() => kernel.current);
  let run: ReturnType<typeof createRun>;
  const kernel = new LastingKernel(workdir, {
    onStart: async (started) => {
      run = createRun(started, workdir);
      await connectEvents(started, events, ports);
      await watchers.goOn(started);
    },
    onLoss: (message) => {
      ports.closeAll();
      events.emit('error', { message, lost: true });
    },
    onEnd: (message) => {
      previews.close();
      events.emit('error', { message, lost: true });
    },
  });
  await kernel.current;
  const { client } = kernel;
  // For tests and measurements, which reach into this page.
  Object.assign(globalThis, { sandboxCounters: () => client.counters() });
  return Comlink.proxy<Instance>({
    fs: () => Comlink.proxy(createFiles(client, watchers, resolve)),
    previewScript: () => null,
    runtimeInfo: () => ({ path: PATH, cwd: workdir }),
    run: async (command, _stdout, _stderr, output) => {
      await kernel.current;
      return run(command, output);
    },
    loadFiles: (payload, { mountPoints = '.' }) => kernel.mount(resolve(mountPoints), payload),
    serialize: async (path, options) => transferred(await serialize(client, resolve(path), options)),
    on: (event, listener) => Comlink.proxy(events.on(event, listener)),
    setPreviewScript: (source, options) => previews.setScript(previewScript(source, options)),
    setCredentials: () => undefined,
    teardown: () => {
      previews.close();
      kernel.destroy();
    },
  });
}

/** Whatever the client gives, as the attributes and the text of an element. */
function previewScript(source: unknown, options?: Omit<PreviewScript, 'source'>): PreviewScript {
  const { type, defer, async } = options ?? {};
  const attributes = { ...(type && { type: String(type) }), defer: Boolean(defer), async: Boolean(async) };
  return { source: String(source), ...attributes };
}

async function connectEvents({ client }: RunningKernel, events: ClientEvents, ports: ClientPorts): Promise<void> {
  const tell = (event: ProgramEvent) =>
    event.type === 'announce' ? events.announce(event.topic, event.words) : ports.tell(event.port, event.state);
  const tellAll = async (told: ProgramEvent[]) => {
    for (const event of told) await tell(event);
  };
  await Promise.all([
    client.onProgramEvents(Comlink.proxy(tellAll)),
    client.onDefect(Comlink.proxy((message) => events.emit('error', { message }))),
  ]);
}

async function serialize(
  client: Comlink.Remote<KernelClient>,
  path: string,
  { format: named, includes, excludes }: SerializeOptions,
): Promise<Uint8Array> {
  const { format, head } = exportFormat(named);
  const selection = { ...(includes && { includes }), ...(excludes && { excludes }), ...(head !== null && { head }) };
  if (format === 'zip') return zipOf(await client.listFiles(path, selection));
  return client.serialize(path, format, selection);
}

/** The modes of a Unix in a zip: with them a link is one again. */
const UNIX = 3;
/** To compress a file takes a fraction of a millisecond, however short it is. */
const SHORT_BYTES = 256;

function zipOf(files: readonly ListedFile[]): Uint8Array {
  const entries = files.map(({ path, mode, content }): [string, ZippableFile] => [
    path,
    [content, { os: UNIX, attrs: (mode << 16) >>> 0, level: content.length < SHORT_BYTES ? 0 : 6 }],
  ]);
  return zipSync(Object.fromEntries(entries));
}

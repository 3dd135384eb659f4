/** One booted sandbox, as the client sees it. */
import * as Comlink from 'comlink';
import { type ZippableFile, zipSync } from 'fflate';
import type { ListedFile, ProgramEvent } from '../kernel/client/client-interface.ts';
import { nameArgument, pathArgument } from './arguments.ts';
import { resolveClientPath } from './client-paths.ts';
import { ClientEvents } from './events.ts';
import { exportFormat } from './export-format.ts';
import { createFiles, transferred } from './files.ts';
import { type RunningKernel, startKernel } from './kernel-client.ts';
import { Previews } from './previews/previews.ts';
import type { PreviewScript } from './previews/wire.ts';
import { createRun } from './processes.ts';
import type { BuildOptions, Instance, SerializeOptions } from './protocol.ts';

const PATH = '/usr/local/bin:/usr/bin:/bin';
const DEFAULT_FOLDER = 'project';

/** Boots a kernel; rejects when it cannot be started. */
export async function buildInstance({ workdirName, forwardPreviewErrors = false }: BuildOptions): Promise<Instance> {
  const workdir = `/home/${nameArgument(workdirName || DEFAULT_FOLDER, 'workdirName')}`;
  const kernel = await startKernel(workdir);
  const { client } = kernel;
  const resolve = (path: unknown) => resolveClientPath(workdir, pathArgument(path));
  const events = new ClientEvents();
  const previews = new Previews(client, {
    forwardErrors: forwardPreviewErrors === 'exceptions-only' ? forwardPreviewErrors : Boolean(forwardPreviewErrors),
    onReport: (message) => events.emit('preview-message', message),
  });
  await connectEvents(kernel, { events, previews });
  const run = createRun(kernel, workdir);
  // For tests and measurements, which reach into this page.
  Object.assign(globalThis, { sandboxCounters: () => client.counters() });
  return Comlink.proxy<Instance>({
    fs: () => Comlink.proxy(createFiles(client, resolve)),
    previewScript: () => null,
    runtimeInfo: () => ({ path: PATH, cwd: workdir }),
    run: (command, _stdout, _stderr, output) => run(command, output),
    loadFiles: (payload, { mountPoints = '.' }) => client.mount(resolve(mountPoints), transferred(payload)),
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

async function connectEvents(
  { client, failed }: RunningKernel,
  { events, previews }: { events: ClientEvents; previews: Previews },
): Promise<void> {
  const tell = async (event: ProgramEvent) => {
    if (event.type === 'announce') return events.announce(event.topic, event.words);
    const { port, state } = event;
    const url = await previews.urlOf(port);
    await events.emit('port', port, state, url);
    if (state === 'open') await events.emit('server-ready', port, url);
  };
  const tellAll = async (told: ProgramEvent[]) => {
    for (const event of told) await tell(event);
  };
  await Promise.all([
    client.onProgramEvents(Comlink.proxy(tellAll)),
    client.onDefect(Comlink.proxy((message) => events.emit('error', { message }))),
  ]);
  void failed.then((message) => {
    previews.close();
    events.emit('error', { message, fatal: true });
  });
}

async function serialize(
  client: RunningKernel['client'],
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

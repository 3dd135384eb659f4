/** Entry of the kernel's Worker. */
import * as Comlink from 'comlink';
import { appletNames } from '../shell/applets.ts';
import { countQueuedBytes } from './byte-queue.ts';
import { dispatch } from './calls/dispatch.ts';
import { createClientFiles } from './client/client-files.ts';
import type { KernelBoot, KernelClient } from './client/client-interface.ts';
import { createClientNetwork } from './client/client-network.ts';
import { createClientProcesses } from './client/client-processes.ts';
import { carryErrorCodes } from './client/comlink-errors.ts';
import { ProgramEvents } from './client/event-queues.ts';
import { inBatches } from './client/in-batches.ts';
import { oneAtATime } from './client/one-at-a-time.ts';
import { countOpenDescriptors } from './description.ts';
import { layOut } from './file-system/layout.ts';
import { Kernel } from './kernel.ts';
import { Restoration } from './mirror/restoration.ts';
import { borrowWorker } from './processes/program-worker.ts';
import { WorkerPool } from './processes/worker-pool.ts';

/** A suite of tests opens a port for each of them. */
const EVENTS_MS = 30;

addEventListener(
  'message',
  ({ data }: MessageEvent<KernelBoot>) => {
    if (data.type === 'boot') boot(data);
  },
  { once: true },
);

function reportDefects(listener: (message: string) => void): void {
  addEventListener('error', (event) => {
    // The kernel goes on: only a failure before this is one of its start.
    event.preventDefault();
    listener(event.message);
  });
  addEventListener('unhandledrejection', ({ reason }) => listener(String(reason)));
}

/** All processes read the same memory. */
async function shared(library: Blob): Promise<SharedArrayBuffer> {
  const bytes = await library.arrayBuffer();
  const memory = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(memory).set(new Uint8Array(bytes));
  return memory;
}

function boot({ port, programs, firstWorker, workdir, memoryGigabytes }: KernelBoot): void {
  const library = Promise.withResolvers<SharedArrayBuffer>();
  const images = {
    shell: { script: programs.shell, library: Promise.resolve(null) },
    node: { script: programs.node, library: library.promise },
  };
  const pool = new WorkerPool(images, { first: borrowWorker(firstWorker), memoryGigabytes });
  // First of all, as the browser takes its time to make a Worker.
  pool.fill();
  const kernel = new Kernel(pool, dispatch);
  layOut(kernel.fs, appletNames, workdir);
  const processes = createClientProcesses(kernel);
  let restoration: Restoration | null = null;
  const api: KernelClient = {
    ...createClientFiles(kernel.fs, kernel.mirror, () => kernel.settleNames()),
    ...processes.methods,
    ...createClientNetwork(kernel.network),
    onProgramEvents: (listener) => {
      const tell = inBatches(listener, { waiting: new ProgramEvents(), gapMs: EVENTS_MS });
      kernel.network.onPort = (port, state) => tell({ type: 'port', port, state });
      kernel.onAnnounce = (topic, words) => tell({ type: 'announce', topic, words });
    },
    setTransformStore: (store) => {
      kernel.transforms.store = store;
    },
    restoreFiles: async (records, isLast) => {
      restoration ??= new Restoration(kernel.fs);
      await restoration.add(records);
      if (isLast) restoration.finish(kernel.mirror);
    },
    setMirror: (store) => kernel.mirror.keepIn(store),
    setLibrary: (blob) => void shared(blob).then(library.resolve, library.reject),
    onDefect: (listener) => reportDefects(oneAtATime(listener)),
    setPartLoader: (loader) => {
      kernel.parts.loader = loader;
    },
    counters: () => ({
      processes: kernel.processes.size,
      descriptors: countOpenDescriptors(),
      queuedBytes: countQueuedBytes(),
      watchers: kernel.fs.watcherCount,
      commands: processes.count(),
    }),
    shutDown: () => kernel.shutDown(),
  };
  carryErrorCodes();
  Comlink.expose(api, port);
}

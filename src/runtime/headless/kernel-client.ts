/** Starts a kernel in a frame of opaque origin, and talks to it. */
import * as Comlink from 'comlink';
import type { KernelClient } from '../kernel/client/client-interface.ts';
import type { MirrorChange } from '../kernel/mirror/records.ts';
import type { FileMirror } from './file-mirror.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { AskReady, FrameReady, KernelFailed, StartKernel } from './sandbox-messages.ts';
import { openTransformStore } from './transform-store.ts';
import { untilEnded } from './until-ended.ts';

export interface RunningKernel {
  readonly client: Comlink.Remote<KernelClient>;
  /** Resolves, with one sentence, when the kernel is gone by itself: nothing answers any more. */
  readonly lost: Promise<string>;
  /** Resolves, with one sentence, when it is lost or was destroyed. */
  readonly ended: Promise<string>;
  /** Removes the frame with all that runs in it. */
  destroy(): void;
}

/** Blobs: they cross to the frame's process by reference. */
interface Sources {
  scripts: Promise<{ kernel: Blob; node: Blob; shell: Blob }>;
  library: Promise<Blob>;
}

/** This script's own address: the other parts of the same build are beside it. */
const SCRIPT = (document.currentScript as HTMLScriptElement).src;

let sources: Sources | null = null;

/** The scripts of the Workers; an opaque page could not load them. */
function loadSources(): Sources {
  if (sources) return sources;
  const part = async (name: string) => (await fetchPart(name)).blob();
  const scripts = Promise.all([part('kernel.js'), part('node.js'), part('shell.js')]);
  sources = {
    scripts: scripts.then(([kernel, node, shell]) => ({ kernel, node, shell })),
    library: part('library.txt'),
  };
  for (const loading of Object.values(sources)) {
    loading.catch(() => {
      sources = null;
    });
  }
  return sources;
}

const transformStore = openTransformStore(async () => (await fetchPart('parts/transformer.js')).arrayBuffer());

let partNames: Promise<readonly string[]> | null = null;

/**
 * Parts that few programs need come when a process first asks for them. A name that is no part's never becomes a request: it is the
 * guest's choice, and could tell the host anything.
 */
async function fetchOptional(name: string): Promise<Uint8Array> {
  partNames ??= fetchPart('parts/index.json').then((response) => response.json() as Promise<string[]>);
  partNames.catch(() => {
    partNames = null;
  });
  if (!(await partNames).includes(name)) throw new Error(`The runtime has no part ${name}`);
  const bytes = new Uint8Array(await (await fetchPart(`parts/${name}`)).arrayBuffer());
  return Comlink.transfer(bytes, [bytes.buffer]);
}

async function fetchPart(name: string): Promise<Response> {
  const response = await fetch(new URL(name, SCRIPT));
  if (!response.ok) throw new Error(`The runtime's ${name} could not be loaded: ${response.status}`);
  return response;
}

interface Frame {
  readonly element: HTMLIFrameElement;
  readonly ready: Promise<void>;
}

const TORN_DOWN = 'The sandbox was torn down';

let prepared: Frame | null = null;

/** Loads what the first kernel needs, before it is asked for. */
export function prepareKernel(): void {
  // When it fails, it is tried again for whoever asks for the kernel.
  loadSources();
  const [element] = document.getElementsByTagName('iframe');
  prepared ??= element ? framed(element) : openFrame();
}

/** A frame of the page's own text, which began to load before this script. */
function framed(element: HTMLIFrameElement): Frame {
  const ready = frameReady(element);
  const ask: AskReady = { type: 'ask-ready' };
  element.contentWindow?.postMessage(ask, '*');
  return { element, ready };
}

function openFrame(): Frame {
  const element = document.createElement('iframe');
  element.setAttribute('sandbox', 'allow-scripts');
  element.setAttribute('allow', 'cross-origin-isolated');
  element.src = '/runtime/sandbox.html';
  const ready = frameReady(element);
  document.body.append(element);
  return { element, ready };
}

/**
 * Resolves when the kernel answers, and has the files that the mirror has, which is told what becomes of them; rejects when its parts cannot be
 * loaded or started.
 */
export async function startKernel(workdir: string, mirror: FileMirror): Promise<RunningKernel> {
  const { element: frame, ready } = prepared ?? openFrame();
  prepared = null;
  const ended = Promise.withResolvers<string>();
  try {
    const { scripts, library } = loadSources();
    const [texts] = await Promise.all([scripts, ready]);
    const failed = kernelFailure(frame, ended.promise);
    const client = bootKernel(frame, texts, workdir);
    const connected = Promise.all([
      library.then((blob) => client.setLibrary(blob)),
      client.setPartLoader(Comlink.proxy(fetchOptional)),
      client.setTransformStore(Comlink.proxy(transformStore)),
      restoreFiles(client, mirror, ended.promise),
    ]);
    await Promise.race([connected, failed.then(throwFailure)]);
    const heartbeat = startHeartbeat(frame, () => client.readdir('/'));
    const end = (why: string) => {
      heartbeat.stop();
      frame.remove();
      ended.resolve(why);
    };
    const lost = Promise.race([failed, heartbeat.silent]);
    // Whoever falls silent must not come back half.
    void lost.then(end);
    const destroy = () => end(TORN_DOWN);
    return { client: untilEnded(client, ended.promise), lost, ended: ended.promise, destroy };
  } catch (error) {
    frame.remove();
    ended.resolve(String(error));
    throw error;
  }
}

async function restoreFiles(
  client: Comlink.Remote<KernelClient>,
  mirror: FileMirror,
  ended: Promise<unknown>,
): Promise<void> {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  for (const { records, isLast } of mirror.batches()) await client.restoreFiles(records, isLast);
  const take = (change: MirrorChange) => {
    // What it still had to say would come in between what the next one says.
    if (!hasEnded) mirror.take(change);
  };
  await client.setMirror(Comlink.proxy(take));
}

function bootKernel(
  frame: HTMLIFrameElement,
  { kernel, node, shell }: Awaited<Sources['scripts']>,
  workdir: string,
): Comlink.Remote<KernelClient> {
  const { port1, port2 } = new MessageChannel();
  // The frame is no secure context: it is not told.
  const { deviceMemory: memoryGigabytes } = navigator as Navigator & { deviceMemory?: number };
  const boot: StartKernel['boot'] = { type: 'boot', port: port2, programs: { node, shell }, workdir, memoryGigabytes };
  const message: StartKernel = { type: 'start-kernel', script: kernel, boot };
  frame.contentWindow?.postMessage(message, '*', [port2]);
  return Comlink.wrap<KernelClient>(port1);
}

function frameReady(frame: HTMLIFrameElement): Promise<void> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent<FrameReady>) => {
      if (event.source !== frame.contentWindow || event.data.type !== 'frame-ready') return;
      removeEventListener('message', listen);
      resolve();
    };
    addEventListener('message', listen);
  });
}

/** Resolves with the reason when the frame says that its kernel failed. */
function kernelFailure(frame: HTMLIFrameElement, ended: Promise<unknown>): Promise<string> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent<KernelFailed>) => {
      if (event.source !== frame.contentWindow || event.data.type !== 'kernel-failed') return;
      resolve(`The kernel failed: ${event.data.message}`);
    };
    addEventListener('message', listen);
    void ended.then(() => removeEventListener('message', listen));
  });
}

function throwFailure(reason: string): never {
  throw new Error(reason);
}

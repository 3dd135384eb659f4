/** The Worker of a Node process: boots on the kernel's first message, runs when it is told what. */
import type { BootMessage, LaunchMessage, PreloadMessage, ReadyMessage } from '../kernel/channel/worker-messages.ts';
import { boot } from './boot.ts';
import { captureHost } from './host.ts';
import { openLibrary } from './library/packed-library.ts';
import { ALL_STEPS } from './library/preload.ts';
import { KernelSys } from './system-calls/kernel-sys.ts';

type KernelMessage = BootMessage | LaunchMessage | PreloadMessage;

// Both are taken away from the guest at the end of boot.
const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<KernelMessage>) => void) | null;
  postMessage(message: ReadyMessage): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<KernelMessage>) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent<KernelMessage>) => void): void;
};
const removeEventListener = scope.removeEventListener.bind(scope);
const postMessage = scope.postMessage.bind(scope);
let sys: KernelSys | null = null;
let booted: ReturnType<typeof boot> | null = null;

function receive({ data }: MessageEvent<KernelMessage>): void {
  switch (data.type) {
    case 'boot':
      booted = bootWith(data);
      postMessage({ type: 'prewarmed' });
      booted.preload(data.steps, () => postMessage({ type: 'preloaded' }));
      break;
    case 'preload':
      booted?.preload(ALL_STEPS, () => postMessage({ type: 'preloaded' }));
      break;
    case 'launch':
      removeEventListener('message', receive);
      if (data.launch.known) sys?.learn(data.launch.known);
      booted?.start(data.launch);
  }
}

function bootWith({ sync, port, library, isThread }: BootMessage): ReturnType<typeof boot> {
  const kernel = new KernelSys(sync, port);
  if (!isThread) kernel.ownWorkingDirectory();
  sys = kernel;
  const decoder = new TextDecoder();
  const loadPart = (part: string) => decoder.decode(kernel.call('runtimePart', part));
  return boot({
    library: openLibrary(library as SharedArrayBuffer, loadPart),
    sys: kernel,
    host: captureHost(),
    isThread,
  });
}

scope.addEventListener('message', receive);

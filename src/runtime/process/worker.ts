/** The Worker of a Node process: boots on the kernel's first message, runs when it is told what. */
import type { BootMessage, LaunchMessage, PrewarmedMessage } from '../kernel/worker-messages.ts';
import { boot } from './boot.ts';
import { captureHost } from './host.ts';
import { KernelSys } from './kernel-sys.ts';
import { openLibrary } from './packed-library.ts';

// Both are taken away from the guest at the end of boot.
const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<BootMessage | LaunchMessage>) => void) | null;
  postMessage(message: PrewarmedMessage): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<BootMessage | LaunchMessage>) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent<BootMessage | LaunchMessage>) => void): void;
};
const removeEventListener = scope.removeEventListener.bind(scope);
const postMessage = scope.postMessage.bind(scope);
let start: ReturnType<typeof boot>['start'] | null = null;

function receive({ data }: MessageEvent<BootMessage | LaunchMessage>): void {
  if (data.type === 'launch') {
    removeEventListener('message', receive);
    start?.(data.launch);
    return;
  }
  const sys = new KernelSys(data.sync, data.port);
  const decoder = new TextDecoder();
  const loadPart = (part: string) => decoder.decode(sys.call('runtimePart', part));
  const library = openLibrary(data.library as SharedArrayBuffer, loadPart);
  const booted = boot({ library, sys, host: captureHost(), isThread: data.isThread });
  start = booted.start;
  if (data.launch === null) {
    postMessage({ type: 'prewarmed' });
    booted.preload();
    return;
  }
  removeEventListener('message', receive);
  booted.start(data.launch);
}

scope.addEventListener('message', receive);

/** The script of the frame of opaque origin: it starts the kernel's Worker, which no page of ours could start for it, and the first program's. */
import type { KernelBoot } from '../kernel/client/client-interface.ts';
import { lendWorker, makeWorker } from '../kernel/processes/program-worker.ts';
import { limitBuffers } from './buffer-limit.ts';
import type { AskReady, FrameReady, KernelFailed, StartKernel } from './sandbox-messages.ts';

addEventListener('message', ({ source, data }: MessageEvent<StartKernel | AskReady>) => {
  if (source !== parent) return;
  if (data.type === 'ask-ready') sayReady();
  if (data.type === 'start-kernel') startKernel(data);
});

function startKernel({ script, boot }: StartKernel): void {
  const kernel = new Worker(URL.createObjectURL(script));
  kernel.onerror = ({ message }) => {
    const failure: KernelFailed = { type: 'kernel-failed', message };
    parent.postMessage(failure, '*');
  };
  // Beside the kernel, not behind it.
  const { port1, port2 } = new MessageChannel();
  lendWorker(makeWorker(URL.createObjectURL(boot.programs.node)), port1);
  const order: KernelBoot = { ...boot, firstWorker: port2 };
  kernel.postMessage(order, [order.port, port2]);
  limitBuffers();
}

function sayReady(): void {
  const ready: FrameReady = { type: 'frame-ready' };
  parent.postMessage(ready, '*');
}

sayReady();

// Behind it, as a frame takes time. The page that holds this one counts its frames: with this process the inner one goes, and nothing else would tell.
document.documentElement.append(document.createElement('iframe'));

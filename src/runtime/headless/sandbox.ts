/** The script of the frame of opaque origin: it starts the kernel's Worker, which no page of ours could start for it. */
import type { FrameReady, KernelFailed, Ping, StartKernel } from './sandbox-messages.ts';

addEventListener('message', ({ source, data }: MessageEvent<StartKernel | Ping>) => {
  if (source !== parent) return;
  if (data.type === 'ping') data.port.postMessage(null);
  else if (data.type === 'start-kernel') startKernel(data);
});

function startKernel({ script, boot }: StartKernel): void {
  const kernel = new Worker(URL.createObjectURL(script));
  kernel.onerror = (failure) => {
    const message: KernelFailed = { type: 'kernel-failed', message: failure.message };
    parent.postMessage(message, '*');
  };
  kernel.postMessage(boot, [boot.port]);
}

const ready: FrameReady = { type: 'frame-ready' };
parent.postMessage(ready, '*');

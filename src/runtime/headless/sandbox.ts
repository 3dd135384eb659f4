/** The script of the frame of opaque origin: it starts the kernel's Worker, which no page of ours could start for it. */
import type { FrameReady, KernelFailed, StartKernel } from './sandbox-messages.ts';

addEventListener('message', (event: MessageEvent<StartKernel>) => {
  if (event.source !== parent || event.data.type !== 'start-kernel') return;
  const { script, boot } = event.data;
  const kernel = new Worker(URL.createObjectURL(script));
  kernel.onerror = (failure) => {
    const message: KernelFailed = { type: 'kernel-failed', message: failure.message };
    parent.postMessage(message, '*');
  };
  kernel.postMessage(boot, [boot.port]);
});

const ready: FrameReady = { type: 'frame-ready' };
parent.postMessage(ready, '*');

// Behind it, as a frame takes time. The page that holds this one counts its frames: with this process the inner one goes, and nothing else would tell.
document.documentElement.append(document.createElement('iframe'));

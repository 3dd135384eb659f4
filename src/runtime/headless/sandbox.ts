/** The script of the frame of opaque origin: it starts the kernel's Worker, which no page of ours could start for it. */
import type { AskReady, FrameReady, KernelFailed, StartKernel } from './sandbox-messages.ts';

addEventListener('message', ({ source, data }: MessageEvent<StartKernel | AskReady>) => {
  if (source !== parent) return;
  if (data.type === 'ask-ready') sayReady();
  if (data.type === 'start-kernel') startKernel(data);
});

function startKernel({ script, boot }: StartKernel): void {
  const kernel = new Worker(URL.createObjectURL(script));
  kernel.onerror = (failure) => {
    const message: KernelFailed = { type: 'kernel-failed', message: failure.message };
    parent.postMessage(message, '*');
  };
  kernel.postMessage(boot, [boot.port]);
}

function sayReady(): void {
  const ready: FrameReady = { type: 'frame-ready' };
  parent.postMessage(ready, '*');
}

sayReady();

// Behind it, as a frame takes time. The page that holds this one counts its frames: with this process the inner one goes, and nothing else would tell.
document.documentElement.append(document.createElement('iframe'));

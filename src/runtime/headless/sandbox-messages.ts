/** What passes between the headless page and the frame of opaque origin in it. */
import type { KernelBoot } from '../kernel/client/client-interface.ts';

/** From the frame: it listens. */
export interface FrameReady {
  type: 'frame-ready';
}

/** To the frame: start the kernel from this script, with this message. `port` of the message is transferred. */
export interface StartKernel {
  type: 'start-kernel';
  script: Blob;
  boot: KernelBoot;
}

/** From the frame: the kernel's Worker failed. */
export interface KernelFailed {
  type: 'kernel-failed';
  message: string;
}

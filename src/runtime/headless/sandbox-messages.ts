/** What passes between the headless page and the frame of opaque origin in it. */
import type { KernelBoot } from '../kernel/client/client-interface.ts';

/** From the frame: it listens. */
export interface FrameReady {
  type: 'frame-ready';
}

/** To the frame, which may have said that it listens before anybody heard it: say it again. */
export interface AskReady {
  type: 'ask-ready';
}

/** To the frame: start the kernel from this script, with this message and a first Worker. `port` of the message is transferred. */
export interface StartKernel {
  type: 'start-kernel';
  script: Blob;
  boot: Omit<KernelBoot, 'firstWorker'>;
}

/** From the frame: the kernel's Worker failed. */
export interface KernelFailed {
  type: 'kernel-failed';
  message: string;
}

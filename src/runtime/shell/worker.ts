/** The Worker of the image `shell`: argv[0]'s name picks the program. */
import type { BootMessage, LaunchMessage, PrewarmedMessage } from '../kernel/worker-messages.ts';
import { KernelSys } from '../process/kernel-sys.ts';
import { runApplet } from './run-applet.ts';

declare const self: {
  addEventListener(type: 'message', listener: (event: MessageEvent<BootMessage | LaunchMessage>) => void): void;
  postMessage(message: PrewarmedMessage): void;
};

let sys: KernelSys | undefined;

self.addEventListener('message', ({ data }) => {
  if (data.type === 'boot') {
    sys = new KernelSys(data.sync, data.port);
    if (data.launch) void runApplet(sys, data.launch);
    else self.postMessage({ type: 'prewarmed' });
  } else if (data.type === 'launch' && sys) void runApplet(sys, data.launch);
});

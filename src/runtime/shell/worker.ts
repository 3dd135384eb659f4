/** The Worker of the image `shell`: argv[0]'s name picks the program. */
import type { BootMessage, LaunchMessage, ReadyMessage } from '../kernel/channel/worker-messages.ts';
import { KernelSys } from '../process/system-calls/kernel-sys.ts';
import { loadScript, setPartLoader, type UtilityPart } from './lazy.ts';
import { runApplet } from './run-applet.ts';

declare const self: {
  addEventListener(type: 'message', listener: (event: MessageEvent<BootMessage | LaunchMessage>) => void): void;
  postMessage(message: ReadyMessage): void;
};

setPartLoader(async (name, system) => (await loadScript(`shell-${name}.js`, system)) as UtilityPart);

let sys: KernelSys | undefined;

self.addEventListener('message', ({ data }) => {
  if (data.type === 'boot') {
    sys = new KernelSys(data.sync, data.port);
    sys.takeAnswersAtOnce();
    self.postMessage({ type: 'prewarmed' });
    self.postMessage({ type: 'preloaded' });
  } else if (data.type === 'launch' && sys) void runApplet(sys, data.launch);
});

/** The Worker of the image `shell`: argv[0]'s name picks the program. */
import type { BootMessage, LaunchMessage, ReadyMessage } from '../kernel/channel/worker-messages.ts';
import { KernelSys } from '../process/system-calls/kernel-sys.ts';
import { setPartLoader, type UtilityPart } from './lazy.ts';
import { runApplet } from './run-applet.ts';

declare const self: {
  addEventListener(type: 'message', listener: (event: MessageEvent<BootMessage | LaunchMessage>) => void): void;
  postMessage(message: ReadyMessage): void;
};

setPartLoader(async (name, system) => {
  const bytes = await system.callAsync('runtimePart', `shell-${name}.js`);
  const script = new TextDecoder().decode(bytes);
  // The kernel hands out the runtime's own files only.
  return new Function(`${script}\nreturn part;\n//# sourceURL=fixpoint:shell-${name}`)() as UtilityPart;
});

let sys: KernelSys | undefined;

self.addEventListener('message', ({ data }) => {
  if (data.type === 'boot') {
    sys = new KernelSys(data.sync, data.port);
    sys.takeAnswersAtOnce();
    self.postMessage({ type: 'prewarmed' });
    self.postMessage({ type: 'preloaded' });
  } else if (data.type === 'launch' && sys) void runApplet(sys, data.launch);
});

/** Entry of the headless page: offers the sandbox to the page that embeds it. */
import * as Comlink from 'comlink';
import { carryErrorCodes } from '../kernel/client/comlink-errors.ts';
import { buildInstance } from './instance.ts';
import { prepareKernel } from './kernel-client.ts';
import type { Server } from './protocol.ts';

carryErrorCodes();
prepareKernel();

const server: Server = { build: (options) => buildInstance(options) };
const { port1, port2 } = new MessageChannel();
Comlink.expose(server, port1);
// Which pages may be around this one is for its Content-Security-Policy to say.
parent.postMessage({ type: 'init' }, '*', [port2]);

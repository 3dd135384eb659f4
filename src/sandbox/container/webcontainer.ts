/**
 * The one file that knows `@webcontainer/api`: boots a container, embedded or hosted, and passes on the calls that the sandbox is made
 * of. The package finds its runtime by URL and reads it once: a page is bound to the first choice until it is reloaded.
 */
import { type FileSystemTree, WebContainer, type WebContainerProcess } from '@webcontainer/api';
import { z } from 'zod';
import { SandboxLostError } from '../sandbox.ts';

/** `embedded` is our own runtime at /headless; `hosted` the vendor's, which needs the network and the vendor's licence. */
export type Runtime = 'embedded' | 'hosted';

export interface Container {
  readonly runtime: Runtime;
  readonly api: WebContainer;
  /** Rejects with SandboxLostError when the embedded runtime says that it has died; its memory is a process of its own. */
  readonly died: Promise<never>;
  /** The program that runs a line of a model or a person: they write bash. */
  readonly shell: string;
  teardown(): void;
}

/** The client waits for ever; nobody should. A slow machine that has much else to do takes half a minute. */
const BOOT_SECONDS = 90;

let chosen: Runtime | null = null;
let ahead: Promise<WebContainer> | null = null;

/** Begins to boot what the next `bootContainer` gives, which then tells what fails. */
export function bootAhead(runtime: Runtime): void {
  ahead = startBoot(runtime);
  ahead.catch(() => undefined);
}

/** Rejects with SandboxLostError and one sentence for the user when it cannot boot. */
export async function bootContainer(runtime: Runtime): Promise<Container> {
  const starting = (runtime === chosen && ahead) || startBoot(runtime);
  ahead = null;
  const api = await withDeadline(
    starting,
    BOOT_SECONDS,
    `The ${runtime} sandbox did not start within ${BOOT_SECONDS} s: reload the page to try again.`,
  );
  const { promise: died, reject } = Promise.withResolvers<never>();
  // Whoever waits for something races with it; alone it is nobody's error.
  died.catch(() => undefined);
  api.on('error', (error) => {
    const { success, data } = lost.safeParse(error);
    if (success) reject(new SandboxLostError(`${data.message}.`));
  });
  return { runtime, api, died, shell: runtime === 'embedded' ? 'bash' : 'jsh', teardown: () => api.teardown() };
}

async function startBoot(runtime: Runtime): Promise<WebContainer> {
  if (!globalThis.crossOriginIsolated) {
    throw new SandboxLostError(
      'This page is not cross-origin isolated, so no sandbox can start: it needs a current browser, HTTPS or localhost, and the COOP and COEP headers that Fixpoint is served with.',
    );
  }
  if (chosen !== null && chosen !== runtime) {
    throw new SandboxLostError(
      `This page has started with the ${chosen} sandbox: reload it to use the ${runtime} one.`,
    );
  }
  chosen = runtime;
  if (runtime === 'embedded') Object.assign(globalThis, { WEBCONTAINER_API_IFRAME_URL: `${location.origin}/headless` });
  return WebContainer.boot();
}

/** Of the embedded runtime: all its programs are gone. */
const lost = z.object({ message: z.string(), lost: z.literal(true) });

/** The environment of a command whose output is a text, not a terminal: the embedded runtime gives it pipes, the hosted has terminals only. */
export const PIPES = { FIXPOINT_STDIO: 'pipe' } as const;

/** Of the embedded runtime: pipes, and output as JSON lines `{fd, data}`, `data` in base64; `merged` keeps the order of stdout and stderr. */
export const FRAMES = { merged: { FIXPOINT_STDIO: 'merged' }, split: { FIXPOINT_STDIO: 'split' } } as const;

/** An absolute path of the sandbox, as the client's file interface wants it: there `/` is the project's folder. */
export function toClientPath({ workdir }: Pick<WebContainer, 'workdir'>, path: string): string {
  return path.startsWith('/') ? workdir.replace(/[^/]+/g, '..').slice(1) + path : path;
}

/** Of the embedded runtime: an export in binary with at most so many bytes of each file. The client's types do not know it. */
export const binaryHeads = (bytes: number) => `binary;head=${bytes}` as 'binary';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A node of a binary snapshot, which is MessagePack: a folder, a file's bytes, or a link's target. */
export type SnapshotNode =
  | { readonly d: Readonly<Record<string, SnapshotNode>> }
  | { readonly f: { readonly c: Uint8Array; readonly x?: true } | { readonly l: string } };

/** A file's contents as text where they can be: the client turns bytes into a string one by one. */
export function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return bytes;
    throw error;
  }
}

/** Rejects with SandboxLostError when the promise takes longer, or rejects. */
export async function withDeadline<T>(promise: Promise<T>, seconds: number, message: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SandboxLostError(message)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export type { FileSystemTree, WebContainerProcess };

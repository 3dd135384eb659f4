/** Runs commands in a fresh embedded sandbox, with stdout and stderr apart. */
import { createProgramSandbox } from '../../sandbox/program-sandbox.ts';
import type { TreeEntry } from '../../sandbox/sandbox.ts';
import { KILLED, SandboxLostError } from '../../sandbox/sandbox.ts';
import type { OutputStreams, ProgramSandbox } from '../../sandbox/spawn.ts';
import type { BatchItem, BatchRequest, BatchResult, CommandEnd, Mount, SandboxRequest } from '../page-api.ts';
import { fetchPack } from './fetch-pack.ts';

const TIMED_OUT = 124;

type OnChunk = (fd: 1 | 2, base64: string) => void;

export async function runOne(request: SandboxRequest): Promise<CommandEnd> {
  const started = performance.now();
  const sandbox = await createProgramSandbox();
  try {
    await mountAll(sandbox, request.mounts);
    const sent: Promise<void>[] = [];
    const streams = request.split ? 'split' : 'merged';
    const running = runCommand(sandbox, { ...request, streams }, (fd, base64) => {
      sent.push(window.fixpointEmit({ type: 'output', fd, base64 }));
    });
    const end = await sandbox.whileAlive(running);
    await Promise.all(sent);
    return end;
  } catch (error) {
    if (!(error instanceof SandboxLostError)) throw error;
    await window.fixpointEmit({ type: 'output', fd: 2, base64: btoa(`fixpoint: ${error.message}\n`) });
    return { exitCode: KILLED, timedOut: false, milliseconds: performance.now() - started };
  } finally {
    sandbox.dispose();
  }
}

/**
 * Each in a fresh folder, which is removed afterwards; `concurrency` at a time. A program that fills the memory takes those beside it along:
 * what was lost in company is run once more, alone.
 */
export async function runBatch({ mounts, items, concurrency, pause = 0, rest = 0 }: BatchRequest): Promise<void> {
  const boot = async () => {
    const sandbox = await createProgramSandbox();
    await mountAll(sandbox, mounts);
    return sandbox;
  };
  let current = boot();
  const replace = async (lost: Promise<ProgramSandbox>) => {
    (await lost).dispose();
    return await boot();
  };
  const lostInCompany: [number, BatchItem][] = [];
  const work = async (queue: [number, BatchItem][], isAlone: boolean) => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const used = current;
      const [index, item] = next;
      if (pause > 0) await sleep(pause);
      const { lost, ...result } = await runItem(await used, item, index);
      if (lost && !isAlone) lostInCompany.push(next);
      else await window.fixpointEmit({ type: 'result', result });
      // The first who notices boots anew; whoever ran beside it has lost its sandbox, too.
      if (lost && current === used) current = replace(used);
    }
  };
  try {
    await current;
    if (rest > 0) await sleep(rest);
    const queue = [...items.entries()];
    await Promise.all(Array.from({ length: concurrency }, () => work(queue, concurrency === 1)));
    await work(lostInCompany, true);
  } finally {
    (await current).dispose();
  }
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface ItemEnd extends BatchResult {
  /** The sandbox is gone. */
  readonly lost: boolean;
}

async function runItem(sandbox: ProgramSandbox, item: BatchItem, index: number): Promise<ItemEnd> {
  // A name that is safe in a path, and unique where ids repeat.
  const folder = /^[\w.-]+$/.test(item.id) && !/^\.+$/.test(item.id) ? item.id : `item-${index}`;
  const output = { 1: new OutputText(), 2: new OutputText() };
  const started = performance.now();
  const ended = (end: CommandEnd, lost: string | null): ItemEnd => ({
    id: item.id,
    exitCode: end.exitCode,
    stdout: output[1].end(),
    stderr: output[2].end() + (lost === null ? '' : `${lost}\n`),
    ms: end.milliseconds,
    timedOut: end.timedOut,
    lost: lost !== null,
  });
  const work = async (): Promise<ItemEnd> => {
    const entries = item.pack === null ? [] : await fetchPack(item.pack);
    const files = Object.entries(item.files).map(
      ([path, text]): TreeEntry => ({ path, type: 'file', bytes: new TextEncoder().encode(text) }),
    );
    await sandbox.mountTree(folder, [...entries, ...files]);
    const cwd = item.cwd?.startsWith('/') ? item.cwd : item.cwd ? `${folder}/${item.cwd}` : folder;
    const end = await runCommand(sandbox, { ...item, cwd, streams: 'split' }, (fd, base64) =>
      output[fd].append(base64),
    );
    await sandbox.remove(folder);
    return ended(end, null);
  };
  try {
    return await sandbox.whileAlive(work());
  } catch (error) {
    if (!(error instanceof SandboxLostError)) throw error;
    const milliseconds = performance.now() - started;
    return ended({ exitCode: KILLED, timedOut: false, milliseconds }, error.message);
  }
}

async function mountAll(sandbox: ProgramSandbox, mounts: readonly Mount[]): Promise<void> {
  for (const mount of mounts) await sandbox.mountTree(mount.path ?? '.', await fetchPack(mount.url));
}

interface CommandSpec {
  readonly command: readonly string[];
  readonly cwd: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly streams: OutputStreams;
}

async function runCommand(sandbox: ProgramSandbox, spec: CommandSpec, onChunk: OnChunk): Promise<CommandEnd> {
  const started = performance.now();
  const process = await sandbox.spawn(spec.command, {
    ...(spec.cwd === null ? {} : { cwd: spec.cwd }),
    env: spec.env,
    streams: spec.streams,
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    process.kill();
  }, spec.timeoutSeconds * 1000);
  try {
    const reading = process.output.pipeTo(new WritableStream({ write: ({ fd, data }) => onChunk(fd, data) }));
    const exitCode = await process.exit;
    const milliseconds = performance.now() - started;
    await reading;
    // What the command left running would be in the way of the next one.
    process.kill();
    return { exitCode: timedOut ? TIMED_OUT : exitCode, timedOut, milliseconds };
  } finally {
    clearTimeout(timer);
  }
}

/** Joins chunks that may end within a character. */
class OutputText {
  #decoder = new TextDecoder();
  #text = '';

  append(base64: string): void {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    this.#text += this.#decoder.decode(bytes, { stream: true });
  }

  end(): string {
    return this.#text + this.#decoder.decode();
  }
}

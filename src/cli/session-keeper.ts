/** Keeps what a run has logged until now in its session file: a run that is killed, or whose browser dies, leaves what it had. */
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { SessionEvent } from '../session/events.ts';
import { createLog } from '../session/log.ts';
import { endInterruptedRun, type Interruption } from '../session/storage/interrupted.ts';
import type { Outcome } from '../session/values.ts';

/** A run that nothing more is heard of. */
export interface CutOff {
  /** The session file's text. */
  readonly session: string;
  readonly outcome: Outcome;
}

export interface SessionKeeper {
  /** `session` is its id. */
  add(session: string, event: SessionEvent): void;
  /** Ends a run that is cut off. Null when none has begun. */
  cutOff(interruption: Interruption): CutOff | null;
  /** Writes the session as it ended, and no more. Returns the file that it is in; throws when it is in none. */
  keep(session: string): string;
  /** No more is written. */
  close(): void;
}

const KILLED: Interruption = { kind: 'stopped', what: 'The program that ran this was killed, or died,' };
const SHORTEST_PAUSE = 1000;
/** Writing takes no larger part of the time than one in so many. */
const SHARE = 20;

/** Rejects, before anything runs, when the file cannot be written. What is in it stays there until a run has begun. */
export async function createSessionKeeper(out: string): Promise<SessionKeeper> {
  const file = await openOut(resolve(out));
  const events: SessionEvent[] = [];
  let id = '';
  let timer: ReturnType<typeof setTimeout> | null = null;
  let pause = 0;

  const cutOff: SessionKeeper['cutOff'] = (interruption) => {
    const log = createLog({ now: Date.now, events });
    const end = endInterruptedRun(log, interruption) ?? events.at(-1);
    return end?.type === 'run-finished' ? { session: sessionText(id, log.events), outcome: end.outcome } : null;
  };
  const writeSoFar = () => {
    const startedAt = Date.now();
    const ended = cutOff(KILLED);
    // What cannot be written now is tried again with the next event; the end says so when that cannot be written either.
    if (ended) tryWrite(file, ended.session);
    timer = null;
    pause = ended ? Math.max(SHORTEST_PAUSE, SHARE * (Date.now() - startedAt)) : 0;
  };
  const close = () => {
    process.off('exit', writeSoFar);
    if (timer) clearTimeout(timer);
  };
  // A pipe gets the session once, at its end.
  if (file.isPlain) process.on('exit', writeSoFar);
  return {
    add: (session, event) => {
      id = session;
      events.push(event);
      if (file.isPlain) timer ??= setTimeout(writeSoFar, pause).unref();
    },
    cutOff,
    keep: (session) => {
      close();
      try {
        write(file, session);
        return file.path;
      } catch (error) {
        const spare = { path: join(tmpdir(), `${basename(file.path, '.json')}-${process.pid}.json`), isPlain: true };
        if (!tryWrite(spare, session)) throw error;
        return spare.path;
      }
    },
    close,
  };
}

const sessionText = (id: string, events: readonly SessionEvent[]) =>
  `${JSON.stringify({ format: 'fixpoint-session/1', id, events }, null, 1)}\n`;

interface Out {
  readonly path: string;
  /** One that can be replaced: no pipe, no device. */
  readonly isPlain: boolean;
}

async function openOut(path: string): Promise<Out> {
  await mkdir(dirname(path), { recursive: true });
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw new Error(`${path} is a folder: name a file for the session`);
  if (found && !found.isFile()) return { path, isPlain: false };
  writeFileSync(partOf(path), ' ');
  rmSync(partOf(path));
  return { path, isPlain: true };
}

const partOf = (path: string) => `${path}.part`;

/** Whoever reads a plain file meanwhile sees the old or the new one. */
function write({ path, isPlain }: Out, text: string): void {
  writeFileSync(isPlain ? partOf(path) : path, text);
  if (isPlain) renameSync(partOf(path), path);
}

function tryWrite(file: Out, text: string): boolean {
  try {
    write(file, text);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    rmSync(partOf(file.path), { force: true });
    return false;
  }
}

/** Who is in the foreground of a terminal that a shell uses: what Ctrl-C reaches. */
import type { SpawnRequest } from '../../kernel/syscalls.ts';
import type { Sys } from '../../process/system-calls/sys.ts';
import { signalNumbers } from '../jobs/signals.ts';

/** The caller's own group, for `setForeground`. */
const OWN_GROUP = 0;
/** What a shell on a terminal does not end of. */
const HELD_OFF = ['INT', 'QUIT', 'TERM', 'TSTP'] as const;

/** The shells on the terminal within this Worker, the innermost last. */
const shells = new WeakMap<Sys, Foreground[]>();

export class Foreground {
  readonly #sys: Sys;
  readonly #terminal: number;
  /** Of the programs of the command that runs. */
  #group: number | null = null;
  #abort = new AbortController();

  /** `terminal` is its descriptor. */
  constructor(sys: Sys, terminal: number) {
    this.#sys = sys;
    this.#terminal = terminal;
  }

  /** The shell takes over the terminal. */
  enter(): void {
    shells.set(this.#sys, [...(shells.get(this.#sys) ?? []), this]);
    for (const name of HELD_OFF) this.#sys.call('handleSignal', signalNumbers[name] ?? 0, true);
    this.#sys.call('setForeground', this.#terminal, OWN_GROUP);
  }

  leave(): void {
    const left = (shells.get(this.#sys) ?? []).filter((other) => other !== this);
    shells.set(this.#sys, left);
    if (left.length > 0) return;
    for (const name of HELD_OFF) this.#sys.call('handleSignal', signalNumbers[name] ?? 0, false);
  }

  /** A command begins; what it aborts with. */
  begin(): AbortController {
    this.#abort = new AbortController();
    return this.#abort;
  }

  /** The programs of one command are one group, which the first of them leads. */
  placeOfNext(): Partial<SpawnRequest> {
    return this.#group === null ? { detached: true } : { group: this.#group };
  }

  started(pid: number): void {
    if (this.#group !== null) return;
    this.#group = pid;
    this.#sys.call('setForeground', this.#terminal, pid);
  }

  /** The command has ended: the shell is in the foreground again. */
  reset(): void {
    if (this.#group === null) return;
    this.#group = null;
    this.#sys.call('setForeground', this.#terminal, OWN_GROUP);
  }

  /** Ends what the shell itself runs for the command. */
  interrupt(): void {
    this.#abort.abort();
  }
}

/** Tells the shell on the terminal of a signal. False when there is none. */
export function holdOff(sys: Sys, signal: number): boolean {
  const innermost = shells.get(sys)?.at(-1);
  if (!innermost || !HELD_OFF.some((name) => signalNumbers[name] === signal)) return false;
  if (signal === signalNumbers.INT) innermost.interrupt();
  return true;
}

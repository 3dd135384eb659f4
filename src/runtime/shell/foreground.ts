/** Who is in the foreground of a terminal that a shell uses: what Ctrl-C reaches. */
import type { SpawnRequest } from '../kernel/syscalls.ts';
import type { Sys } from '../process/sys.ts';

export class Foreground {
  readonly #sys: Sys;
  readonly #terminal: number;
  readonly #ownGroup: number;
  /** Of the programs of the command that runs. */
  #group: number | null = null;
  /** Ends what the shell itself runs for the command. */
  abort = new AbortController();

  /** `terminal` is a descriptor, `ownGroup` the shell's process group. */
  constructor(sys: Sys, terminal: number, ownGroup: number) {
    this.#sys = sys;
    this.#terminal = terminal;
    this.#ownGroup = ownGroup;
  }

  /** The programs of one pipeline are one group; where the first is still to start, it makes it. */
  placeOfNext(): Partial<SpawnRequest> {
    return this.#group === null ? { detached: true } : { group: this.#group };
  }

  started(pid: number): void {
    if (this.#group !== null) return;
    this.#group = pid;
    this.#sys.call('setForeground', this.#terminal, pid);
  }

  /** The next program begins a group of its own; meanwhile the shell is in the foreground. */
  reset(): void {
    if (this.#group === null) return;
    this.#group = null;
    this.#sys.call('setForeground', this.#terminal, this.#ownGroup);
  }

  interrupt(): void {
    this.abort.abort();
  }
}

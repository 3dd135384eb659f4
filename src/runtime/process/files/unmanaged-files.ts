import type { ProcessContext } from '../context.ts';

/** The descriptors that a thread has from `fs.open`: they are closed at its end, so it is told when it loses count. */
export class UnmanagedFiles {
  readonly #context: ProcessContext;
  readonly #open = new Set<number>();

  constructor(context: ProcessContext) {
    this.#context = context;
  }

  add(fd: number): number {
    if (!this.#isCounted) return fd;
    if (this.#open.has(fd)) this.#warn(`File descriptor ${fd} opened in unmanaged mode twice`);
    this.#open.add(fd);
    return fd;
  }

  remove(fd: number): void {
    if (!this.#isCounted || this.#open.delete(fd)) return;
    this.#warn(`File descriptor ${fd} closed but not opened in unmanaged mode`);
  }

  /** Only of threads, and of those not without `trackUnmanagedFds`. */
  get #isCounted(): boolean {
    return this.#context.launch.thread?.closesFiles === true;
  }

  #warn(text: string): void {
    const emitWarning = this.#context.process['emitWarning'] as (text: string) => void;
    emitWarning.call(this.#context.process, text);
  }
}

/** The events that the client can listen to. */
import type { Announcement } from '../kernel/syscalls.ts';

type Listener = (...args: unknown[]) => unknown;

/** So long a listener may take to say that it has heard. */
const HEARING_MS = 1000;

export class ClientEvents {
  readonly #listeners = new Map<string, Set<Listener>>();
  #end: object | null = null;

  /** Returns what ends the listening. */
  on(event: string, listener: Listener): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set.add(listener));
    if (event === 'error' && this.#end) listener(this.#end);
    return () => void set.delete(listener);
  }

  emit(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...args);
  }

  /** The sandbox is lost: an `error` that those hear, too, who listen only later. Resolves when all have heard it. */
  async emitLoss(message: string): Promise<void> {
    this.#end = { message, lost: true };
    const heard = [...(this.#listeners.get('error') ?? [])].map((listener) => listener(this.#end));
    await Promise.race([Promise.allSettled(heard), new Promise((resolve) => setTimeout(resolve, HEARING_MS))]);
  }

  /** `xdg-open` and `code`, as programs of the sandbox announce them. */
  announce(topic: Announcement, words: readonly string[]): void {
    if (topic === 'xdg-open') this.emit('xdg-open', words[0] ?? '');
    else this.emit('code', words[0] === 'diff' ? 'diff' : 'open', { files: words.slice(1).map(fileAt) });
  }
}

interface EditorFile {
  filepath: string;
  line?: number;
  column?: number;
}

/** "FILE:LINE:COLUMN" */
function fileAt(word: string): EditorFile {
  const [, filepath = word, line, column] = /^(.*?)(?::(\d+))?(?::(\d+))?$/.exec(word) ?? [];
  return {
    filepath,
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
  };
}

/** The events that the client can listen to. */
import type { Announcement } from '../kernel/syscalls.ts';

type Listener = (...args: unknown[]) => unknown;

export class ClientEvents {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** Returns what ends the listening. */
  on(event: string, listener: Listener): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set.add(listener));
    return () => void set.delete(listener);
  }

  /** Resolves when all listeners, which may be on another page, have had it. */
  async emit(event: string, ...args: unknown[]): Promise<void> {
    await Promise.allSettled([...(this.#listeners.get(event) ?? [])].map((listener) => listener(...args)));
  }

  /** `xdg-open` and `code`, as programs of the sandbox announce them. */
  announce(topic: Announcement, words: readonly string[]): Promise<void> {
    if (topic === 'xdg-open') return this.emit('xdg-open', words[0] ?? '');
    return this.emit('code', words[0] === 'diff' ? 'diff' : 'open', { files: words.slice(1).map(fileAt) });
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

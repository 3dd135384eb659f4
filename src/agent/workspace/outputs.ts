/** Outputs that were shown in part, kept so that the rest can be asked for by number. */
export interface Outputs {
  /** The output's number. */
  keep(text: string): number;
  get(id: number): string | undefined;
  /** Of those still kept, the newest last. */
  readonly ids: readonly number[];
}

/** Characters of all outputs together; the oldest are dropped beyond it. */
const KEPT = 16 * 1024 * 1024;

export function createOutputs(): Outputs {
  const kept = new Map<number, string>();
  let size = 0;
  let last = 0;
  return {
    keep: (text) => {
      last += 1;
      kept.set(last, text);
      size += text.length;
      for (const [id, old] of kept) {
        if (size <= KEPT || id === last) break;
        kept.delete(id);
        size -= old.length;
      }
      return last;
    },
    get: (id) => kept.get(id),
    get ids() {
      return [...kept.keys()];
    },
  };
}

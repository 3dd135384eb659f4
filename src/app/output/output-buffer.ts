/** Live output as lines, outside React: appended as it arrives, announced at most once a frame. */
const TAIL = 2000;
/** Lines beyond this are dropped from the front, and counted. */
const MAXIMUM_LINES = 200_000;

export interface OutputBuffer {
  readonly lines: readonly string[];
  /** How many lines are no longer kept. */
  readonly dropped: number;
  /** Grows with each announced change. */
  readonly version: number;
  append(text: string): void;
  clear(): void;
  subscribe(listener: () => void): () => void;
}

/** A line so long that laying it out would freeze the page is folded into several. */
export function foldLine(line: string): string[] {
  if (line.length <= TAIL) return [line];
  return Array.from({ length: Math.ceil(line.length / TAIL) }, (_, index) =>
    line.slice(index * TAIL, (index + 1) * TAIL),
  );
}

/** `schedule` runs its callback soon, once: an animation frame in a page. */
export function createOutputBuffer(schedule: (callback: () => void) => void): OutputBuffer {
  let lines: string[] = [];
  let open = '';
  let dropped = 0;
  let version = 0;
  let scheduled = false;
  const listeners = new Set<() => void>();
  const announce = () => {
    if (scheduled) return;
    scheduled = true;
    schedule(() => {
      scheduled = false;
      version += 1;
      for (const listener of [...listeners]) listener();
    });
  };
  return {
    get lines() {
      return open === '' ? lines : [...lines, open];
    },
    get dropped() {
      return dropped;
    },
    get version() {
      return version;
    },
    append(text) {
      const parts = (open + text).split('\n');
      open = parts.pop() ?? '';
      for (const part of parts) for (const line of foldLine(part.replace(/\r$/, ''))) lines.push(line);
      while (open.length > TAIL) {
        lines.push(open.slice(0, TAIL));
        open = open.slice(TAIL);
      }
      if (lines.length > MAXIMUM_LINES) {
        dropped += lines.length - MAXIMUM_LINES;
        lines = lines.slice(-MAXIMUM_LINES);
      }
      announce();
    },
    clear() {
      lines = [];
      open = '';
      dropped = 0;
      announce();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

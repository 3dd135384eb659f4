/** Keeps the head and the tail of an endless output. */
export interface OutputKeeper {
  add(text: string): void;
  /** What was kept; where something is missing a line tells how much. */
  text(): string;
}

/** `half` characters of the head and as many of the tail. */
export function createOutputKeeper(half = 512 * 1024): OutputKeeper {
  let head = '';
  let tail = '';
  let total = 0;
  return {
    add(text) {
      total += text.length;
      const room = half - head.length;
      if (room > 0) head += text.slice(0, room);
      const rest = room > 0 ? text.slice(room) : text;
      tail += rest;
      // Trimmed seldom: cutting at each chunk would copy the tail every time.
      if (tail.length > 2 * half) tail = tail.slice(-half);
    },
    text() {
      const end = tail.slice(-half);
      const missing = total - head.length - end.length;
      return missing > 0 ? `${head}\n… ${missing} characters left out …\n${end}` : head + end;
    },
  };
}

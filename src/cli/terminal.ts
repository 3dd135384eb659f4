import { createInterface, type Interface } from 'node:readline';

/** Asks at the terminal, one question after the other; null when nobody can answer any more. Lines typed ahead are kept. */
export function createTerminal(): (text: string) => Promise<string | null> {
  const lines: string[] = [];
  let isClosed = false;
  let waiting: (() => void) | null = null;
  let terminal: Interface | null = null;
  const open = () => {
    terminal = createInterface({ input: process.stdin });
    // The terminal alone keeps no command from ending.
    process.stdin.unref?.();
    terminal.on('line', (line) => {
      lines.push(line);
      waiting?.();
    });
    terminal.on('close', () => {
      isClosed = true;
      waiting?.();
    });
  };
  return async (text) => {
    if (!terminal) open();
    process.stderr.write(`${text}> `);
    while (lines.length === 0 && !isClosed)
      await new Promise<void>((resolve) => {
        waiting = resolve;
      });
    return lines.shift() ?? null;
  };
}

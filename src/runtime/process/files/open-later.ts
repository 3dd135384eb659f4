/** Opening without blocking the thread: the other end of a FIFO may be opened much later, and by this very program. */
import { O_NO_WAIT } from '../../kernel/file-modes.ts';
import type { Sys } from '../system-calls/sys.ts';
import type { Operation } from './operation.ts';
import { pathFrom } from './values.ts';

/** `opened` makes the answer of the number of the descriptor. */
export function withoutBlocking(sys: Sys, opened: (fd: number) => unknown): Pick<Operation, 'begin' | 'finish'> {
  return {
    begin: (args) => {
      const flags = Number(args[1]) | O_NO_WAIT;
      const fd = sys.call('open', pathFrom(args[0]), flags, Number(args[2] ?? 0o666));
      // Below zero it is not open as yet.
      return fd < 0 ? fd : opened(fd);
    },
    finish: (begun, done) => {
      if (typeof begun !== 'number' || begun >= 0) return false;
      sys.callWith('awaitOpen', [~begun], (error) => (error ? done(error) : done(null, opened(~begun))));
      return true;
    },
  };
}

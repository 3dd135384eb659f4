import type { Syscalls } from '../../kernel/syscalls.ts';
import type { EventLoop } from '../context.ts';
import type { Sys } from './sys.ts';

/** Answers of asynchronous calls, and the kernel's events, enter the process as pending callbacks of its loop. */
export function throughLoop(sys: Sys, loop: EventLoop): Sys {
  const through: Sys = {
    // Not one function around the other: programs make some calls only a few times, before anything is compiled.
    call: sys.call.bind(sys) as Sys['call'],
    readInto: sys.readInto.bind(sys),
    attempt: sys.attempt.bind(sys) as Sys['attempt'],
    exists: sys.exists.bind(sys),
    viewFile: sys.viewFile.bind(sys),
    writeBehind: (fd, data) => sys.writeBehind(fd, data),
    push: (fd, data) => sys.push(fd, data),
    send: (name, ...args) => sys.send(name, ...args),
    get writes() {
      return sys.writes;
    },
    get breaks() {
      return sys.breaks;
    },
    get pipeBreaks() {
      return sys.pipeBreaks;
    },
    callWith(name, args, done) {
      sys.callWith(name, args, (error, value) => {
        loop.enqueue(() => (error === null ? done(null, value) : done(error)));
      });
    },
    callQuietly(seen, args, done) {
      sys.callQuietly(seen, args, (error, value) => {
        loop.enqueue(() => (error === null ? done(null, value) : done(error)));
      });
    },
    callAsync: (name, ...args) =>
      new Promise((resolve, reject) => {
        through.callWith(name, args, (error, value) => {
          if (error) reject(error);
          else resolve(value as ReturnType<Syscalls[typeof name]>);
        });
      }),
    afterAnswers(done) {
      let isNow = true;
      sys.afterAnswers(() => (isNow ? done() : loop.enqueue(done)));
      isNow = false;
    },
    onEvent(listener) {
      sys.onEvent((event) => loop.enqueue(() => listener(event)));
    },
  };
  return through;
}

import type { Syscalls } from '../../kernel/syscalls.ts';
import type { EventLoop } from '../context.ts';
import type { Sys } from './sys.ts';

/** Answers of asynchronous calls, and the kernel's events, enter the process as pending callbacks of its loop. */
export function throughLoop(sys: Sys, loop: EventLoop): Sys {
  const through: Sys = {
    call: (name, ...args) => sys.call(name, ...args),
    readInto: (fd, target, position) => sys.readInto(fd, target, position),
    exists: (path) => sys.exists(path),
    viewFile: (path, most) => sys.viewFile(path, most),
    writeBehind: (fd, data) => sys.writeBehind(fd, data),
    push: (fd, data) => sys.push(fd, data),
    send: (name, ...args) => sys.send(name, ...args),
    get writes() {
      return sys.writes;
    },
    get breaks() {
      return sys.breaks;
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

import { expect, it } from 'vitest';
import { type HostGlobals, QUIET } from './context.ts';
import { type LoopClient, ProcessLoop } from './event-loop.ts';
import { captureHost } from './host.ts';

/** Runs a loop to its end; the client's calls are written to the log. */
function run(body: (loop: ProcessLoop, log: string[]) => void, host: HostGlobals = captureHost()): Promise<string[]> {
  const log: string[] = [];
  const loop = new ProcessLoop(host);
  return new Promise((resolve, reject) => {
    const client: LoopClient = {
      receiver: {},
      runMain: () => body(loop, log),
      inRootScope: (callback) => callback(),
      resetContext: () => undefined,
      takesErrors: () => false,
      callReported: (callback) => callback(),
      emitBeforeExit: () => log.push('beforeExit') > 0,
      finish() {
        log.push('exit');
        loop.stop();
        resolve(log);
      },
      crash: reject,
    };
    loop.start(client);
  });
}

it('drains microtasks after each callback, and ends when nothing is left', async () => {
  const log = await run((loop, entries) => {
    entries.push('main');
    void Promise.resolve().then(() => entries.push('microtask of main'));
    loop.enqueue(() => {
      entries.push('first');
      void Promise.resolve().then(() => entries.push('microtask of first'));
    });
    loop.enqueue(() => entries.push('second'));
  });
  expect(log).toEqual(['main', 'microtask of main', 'first', 'microtask of first', 'second', 'beforeExit', 'exit']);
});

it('gives the browser no turn after a callback that ran nothing of the guest', async () => {
  const log = await run((loop, entries) => {
    loop.enqueue(() => {
      void Promise.resolve().then(() => entries.push('microtask'));
      return QUIET;
    });
    loop.enqueue(() => entries.push('second'));
  });
  expect(log).toEqual(['second', 'microtask', 'beforeExit', 'exit']);
});

it('waits while something is referenced, and wakes when it answers', async () => {
  const log = await run((loop, entries) => {
    loop.ref();
    setTimeout(() => {
      loop.enqueue(() => {
        entries.push('answer');
        loop.unref();
      });
    }, 5);
  });
  expect(log).toEqual(['answer', 'beforeExit', 'exit']);
});

it('runs the timer phase when the timer is due, before immediates', async () => {
  const log = await run((loop, entries) => {
    loop.timeoutInfo[0] = 1;
    loop.immediateInfo[0] = 1;
    loop.immediateInfo[1] = 1;
    loop.processTimers = function* () {
      yield;
      loop.timeoutInfo[0] = 0;
      entries.push('timer');
      return 0;
    };
    loop.processImmediate = function* () {
      yield;
      loop.immediateInfo.fill(0);
      entries.push('immediate');
    };
    loop.scheduleTimer(1);
    const until = performance.now() + 3;
    while (performance.now() < until);
  });
  expect(log).toEqual(['timer', 'immediate', 'beforeExit', 'exit']);
});

it('asks the browser for no wait that it would take for none', async () => {
  const host = captureHost();
  const waits: number[] = [];
  const setTimeoutOfHost = host.setTimeout;
  await run(
    (loop) => {
      loop.timeoutInfo[0] = 1;
      loop.scheduleTimer(2 ** 31 + 1000);
      setTimeout(() => {
        loop.timeoutInfo[0] = 0;
        loop.enqueue(() => undefined);
      }, 5);
    },
    {
      ...host,
      setTimeout(callback, ms) {
        waits.push(ms);
        return setTimeoutOfHost(callback, ms);
      },
    },
  );
  expect(waits).toEqual([2 ** 31 - 1]);
});

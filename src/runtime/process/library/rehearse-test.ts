/**
 * A test that runs in a Worker that waits, from `test()` to the end of its report. The modules that remember something are made a second
 * time for it, around a process of their own: the program gets its own ones, whose functions are compiled by then.
 */
import type { ProcessCore } from '../core.ts';
import { compileAhead } from './compile.ts';

/** They hold the tree of tests, its options, and the colours of the standard streams, or are not loaded yet. */
const OWN = new Set([
  'test',
  'internal/test_runner/harness',
  'internal/test_runner/utils',
  'internal/test_runner/reporter/rerun',
  'internal/test_runner/reporter/spec',
  'internal/test_runner/reporter/utils',
  'internal/util/colors',
]);
/** More than the microtasks that one test takes. */
const PATIENCE = 5000;

const { defineProperties, getOwnPropertyDescriptor: getDescriptor } = Object;

type Exports = Record<string, unknown>;
type Listener = () => unknown;

interface Options {
  getOptionValue(name: string): unknown;
}
interface Streams {
  Writable: new (options: object) => { once(event: 'finish', listener: Listener): void };
}
interface Serializers {
  DefaultSerializer: new () => { writeHeader(): void; releaseBuffer(): void };
}

/** It has ended before the next task of the Worker. */
export async function rehearseTest(core: ProcessCore): Promise<void> {
  const { asyncState } = core;
  const { lastId } = asyncState;
  const restore = hideStandardStreams(core.process);
  try {
    await runTest(core);
  } finally {
    restore();
    asyncState.lastId = lastId;
  }
}

/** A stream asks whether it is piped to one of them, which would make it. */
function hideStandardStreams(process: object): () => void {
  const shown = { stdout: getDescriptor(process, 'stdout'), stderr: getDescriptor(process, 'stderr') };
  const hidden = { configurable: true, enumerable: true, value: null };
  defineProperties(process, { stdout: hidden, stderr: hidden });
  return () => defineProperties(process, shown as PropertyDescriptorMap);
}

async function runTest(core: ProcessCore): Promise<void> {
  const { Writable } = core.require('stream') as unknown as Streams;
  const output = new Writable({ write: (_chunk: unknown, _encoding: string, done: () => void) => done() });
  let hasFinished = false;
  output.once('finish', () => {
    hasFinished = true;
  });
  const listeners = new Map<string, Listener>();
  const require = requireAround(core, processAround(core, output, listeners));
  const test = require('test') as unknown as (name: string, run: () => void) => Promise<unknown>;
  let hasRun = false;
  const run = test('rehearsal', () => undefined).finally(() => {
    hasRun = true;
  });
  await untilSettled(core, () => hasRun);
  await run;
  listeners.get('beforeExit')?.();
  await untilSettled(core, () => hasFinished);
  // What the runner of other processes does when it is loaded.
  const { DefaultSerializer } = core.require('v8') as unknown as Serializers;
  const serializer = new DefaultSerializer();
  serializer.writeHeader();
  serializer.releaseBuffer();
}

/** Their `require`: what remembers nothing is everybody's. */
function requireAround(core: ProcessCore, process: object): (id: string) => Exports {
  const made = new Map<string, { exports: Exports }>();
  const { getOptionValue } = core.require('internal/options') as unknown as Options;
  const instead: Record<string, Exports> = {
    // They add to the values.
    'internal/options': { getOptionValue: (name: string) => copyOf(getOptionValue(name)) },
    // A hook that was enabled is never quite forgotten.
    async_hooks: { __proto__: core.require('async_hooks'), createHook: () => ({ enable: nothing, disable: nothing }) },
  };
  const require = (id: string): Exports => {
    const known = made.get(id)?.exports ?? instead[id];
    if (known) return known;
    if (!OWN.has(id)) return core.require(id);
    const module = { exports: {} };
    made.set(id, module);
    compileAhead(core, id);
    const run = core.compiledAhead.get(id);
    run?.(module.exports, require, module, process, core.guestInternalBinding, core.primordials);
    return module.exports;
  };
  return require;
}

function processAround(core: ProcessCore, output: object, listeners: Map<string, Listener>): object {
  return {
    env: {},
    argv: ['node', '/proc/rehearsal.js'],
    cwd: () => '/proc',
    hrtime: core.process.hrtime,
    stdout: output,
    stderr: output,
    on: (event: string, listener: Listener) => listeners.set(event, listener),
    removeListener: nothing,
  };
}

/** Goes on with microtasks and ticks, as the loop does; throws where that leads nowhere. */
async function untilSettled({ loop, process }: ProcessCore, isDone: () => boolean): Promise<void> {
  for (let turn = 0; !isDone() || loop.hasTicks; turn++) {
    if (turn === PATIENCE) throw new Error('The test does not end');
    await undefined;
    if (!loop.hasTicks) continue;
    for (const ticks = loop.tickCallback?.call(process); ticks?.next().done === false; ) await undefined;
  }
}

const copyOf = (value: unknown): unknown => (Array.isArray(value) ? [...(value as unknown[])] : value);

const nothing = (): void => undefined;

import { batchItem, nativeFiles, sandboxMilliseconds } from './compare.ts';
import { type Bench, type Measurement, median, RUNS } from './measurement.ts';

const PROGRAMS: readonly { name: string; files: Record<string, string>; command: string[] }[] = [
  { name: 'hello', files: { 'a.js': "console.log('hello')" }, command: ['node', 'a.js'] },
  {
    name: 'ES module',
    files: { 'a.mjs': "import { sep } from 'node:path'; console.log(sep)" },
    command: ['node', 'a.mjs'],
  },
  { name: 'node:test', files: { 'a.test.js': "require('node:test')('t', () => {})" }, command: ['node', 'a.test.js'] },
  {
    name: 'http',
    files: { 'a.js': "require('http').createServer().listen(0, function () { this.close() })" },
    command: ['node', 'a.js'],
  },
];

/** Time enough for a Worker to boot and to load what a program may need. */
const PAUSE_MS = 1000;
/** Time enough for as many Workers as wait at most, as when somebody has opened the page and reads. */
const REST_MS = 4000;
/** More than can wait, so that each start needs a Worker that boots meanwhile. */
const ENDLESS = 60;

/**
 * Start to exit of small programs in a sandbox that is up: one right after the other, in a row of some ten as a command may start
 * them and in one without end, and each where a booted Worker waits.
 */
export async function starts({ root }: Bench): Promise<Measurement[]> {
  const rows: Measurement[] = [];
  const endless: Measurement[] = [];
  const rested: Measurement[] = [];
  for (const { name, files, command } of PROGRAMS) {
    const item = (index: number) => batchItem({ id: `${index}`, files, command });
    const items = Array.from({ length: RUNS + 1 }, (_, index) => item(index));
    const first = await nativeFiles(files, command.slice(1));
    const ours = await sandboxMilliseconds(root, items, { rest: REST_MS });
    const waited = await sandboxMilliseconds(root, items, { pause: PAUSE_MS });
    const many = await sandboxMilliseconds(
      root,
      Array.from({ length: ENDLESS }, (_, index) => item(index)),
    );
    // Before and after, as a machine that others use changes its pace.
    const reference = (first + (await nativeFiles(files, command.slice(1)))) / 2;
    rows.push({ name: `process: ${name}`, ours: median(ours.slice(1)), reference, unit: 'ms' });
    endless.push({
      name: `process, ${ENDLESS} in a row: ${name}`,
      ours: mean(many.slice(ENDLESS / 2)),
      reference,
      unit: 'ms',
    });
    rested.push({ name: `process, prewarmed: ${name}`, ours: median(waited.slice(1)), reference, unit: 'ms' });
  }
  return [...rows, ...endless, ...rested];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

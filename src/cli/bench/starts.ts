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

/** Start to exit of small programs, one after the other in a sandbox that is up. */
export async function starts({ root }: Bench): Promise<Measurement[]> {
  const results: Measurement[] = [];
  for (const { name, files, command } of PROGRAMS) {
    const items = Array.from({ length: RUNS + 1 }, (_, index) => batchItem({ id: `${index}`, files, command }));
    const ours = await sandboxMilliseconds(root, items);
    const native = await nativeFiles(files, command.slice(1));
    results.push({ name: `process: ${name}`, ours: median(ours.slice(1)), reference: native, unit: 'ms' });
  }
  return results;
}

import { withCommandPage } from '../browser/command-page.ts';
import type { PageMessage } from '../page-api.ts';
import { pagesMemory } from './browser-memory.ts';
import { batchItem } from './compare.ts';
import type { Bench, Measurement } from './measurement.ts';

/** As many commands as take well under a minute; 5,000 of them are a day's work. */
const COMMANDS = 300;
/** The first fill caches, and the browser's own reserves. */
const WARM_UP = 100;
/** Of so many samples in a row the least counts: what the garbage collector has not come to yet is no growth. */
const SAMPLES = 5;
const SAMPLE_EACH = 10;

const KILLED_SERVER = `
const server = require('child_process').fork('./server.js');
server.on('message', () => server.kill('SIGKILL'));
server.on('exit', (code, signal) => process.exit(signal === 'SIGKILL' ? 0 : 1));
`;
const REQUEST = `
const http = require('http');
const server = http.createServer((_, response) => response.end('hello')).listen(0, () =>
  http.get({ port: server.address().port }, (response) => response.resume().on('end', () => server.close())));
`;
const FILES = {
  'spawn.js': "process.exit(require('child_process').spawnSync(process.execPath, ['-e', '0']).status)",
  'thread.js': "new (require('worker_threads').Worker)('0', { eval: true })",
  'server.js': "require('http').createServer().listen(0, () => process.send('listening'))",
  'kill.js': KILLED_SERVER,
  'request.js': REQUEST,
};
const PROGRAMS = [
  ['node', '-e', '0'],
  ['sh', '-c', 'true | cat'],
  ['node', 'spawn.js'],
  ['node', 'thread.js'],
  ['node', 'kill.js'],
  ['node', 'request.js'],
  ['sh', '-c', 'node -p 6*7 | sort | wc -l; (true; true) & wait'],
];

/** What the sandbox keeps of processes that have ended: all of them in one page, two commands at a time. */
export async function startsMemory({ root }: Bench): Promise<Measurement[]> {
  const samples: Promise<number | null>[] = [];
  let pid = 0;
  let ended = 0;
  const onMessage = (message: PageMessage) => {
    if (message.type !== 'result') return;
    const { exitCode, stderr } = message.result;
    if (exitCode !== 0) throw new Error(`bench: exit code ${exitCode} of command ${message.result.id}: ${stderr}`);
    // With the last command the sandbox is taken down.
    if (++ended % SAMPLE_EACH === 0 && ended < COMMANDS) samples.push(pagesMemory(pid));
  };
  await withCommandPage(root, onMessage, async ({ call, browserPid }) => {
    pid = browserPid;
    const items = Array.from({ length: COMMANDS }, (_, index) =>
      batchItem({ id: `${index}`, files: FILES, command: PROGRAMS[index % PROGRAMS.length] ?? [] }),
    );
    await call('batch', { mounts: [], items, concurrency: 2 });
    // Before the browser is closed.
    await Promise.all(samples);
  });
  const sizes = (await Promise.all(samples)).filter((size) => size !== null);
  return [WARM_UP, COMMANDS].flatMap((count) => {
    const at = count / SAMPLE_EACH;
    const around = sizes.slice(at - SAMPLES, at);
    const name = `memory of the pages after ${count} commands`;
    return around.length === 0 ? [] : [{ name, ours: Math.min(...around) / 1024 ** 2, reference: null, unit: 'MB' }];
  });
}

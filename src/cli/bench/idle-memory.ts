import { withCommandPage } from '../browser/command-page.ts';
import type { PageMessage } from '../page-api.ts';
import { pagesMemory } from './browser-memory.ts';
import type { Bench, Measurement } from './measurement.ts';

const STEPS = [10, 20] as const;
/** Before a sample: the Workers that wait load what they may need, and the garbage of their boot goes. */
const SETTLE_MS = 5000;

/** Says how many children are up, and starts more once the sample was taken. */
const SCRIPT = `
const children = [];
let target = ${STEPS[0]};
const start = () => {
  const child = require('child_process').spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e9)']);
  child.stdout.once('data', () => {
    children.push(child);
    if (children.length < target) start();
    else setTimeout(next, ${SETTLE_MS});
  });
};
const next = () => {
  console.log(target);
  if (target === ${STEPS[1]}) setTimeout(() => process.exit(), ${SETTLE_MS});
  else setTimeout(start, ${SETTLE_MS}, (target = ${STEPS[1]}));
};
start();
`;

/** What a process that waits costs, measured on ten that come to ten. */
export async function idleMemory({ root }: Bench): Promise<Measurement[]> {
  const samples: Promise<number | null>[] = [];
  let pid = 0;
  const onMessage = (message: PageMessage) => {
    if (message.type === 'output') samples.push(pagesMemory(pid));
  };
  await withCommandPage(root, onMessage, async ({ call, browserPid }) => {
    pid = browserPid;
    const command = ['node', '-e', SCRIPT];
    await call('sandbox', { mounts: [], command, cwd: null, env: {}, timeoutSeconds: 120, split: true });
    // Before the browser is closed.
    await Promise.all(samples);
  });
  const [few, many] = await Promise.all(samples);
  if (few == null || many == null) return [];
  const each = (many - few) / (STEPS[1] - STEPS[0]) / 1024 ** 2;
  return [{ name: 'memory of a further idle process', ours: each, reference: null, unit: 'MB' }];
}

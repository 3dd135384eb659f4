/**
 * A small process that starts others for the tests: to start one, the system copies the page tables of the process that asks, which
 * takes tens of milliseconds where that holds a gigabyte. See `launcher.test-support.ts`.
 */
import { spawn } from 'node:child_process';

process.on('message', ({ id, file, args, options, input }) => {
  const tell = (message) => {
    if (process.connected) process.send({ id, ...message });
  };
  const child = spawn(file, args, { ...options, stdio: 'pipe' });
  tell({ type: 'started', pid: child.pid });
  for (const name of ['stdout', 'stderr']) child[name].on('data', (data) => tell({ type: name, data }));
  child.on('error', ({ code, message }) => tell({ type: 'failed', code, message }));
  child.on('close', (code, signal) => tell({ type: 'closed', code, signal }));
  // Who does not read it may end before it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
});

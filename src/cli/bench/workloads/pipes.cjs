// 5 MB from a child through a pipe: written at once, and line by line.
const { performance } = require('node:perf_hooks');
const { spawn } = require('node:child_process');

const ready = "process.stderr.write('.');";
const once = `${ready} process.stdout.write(Buffer.alloc(5e6, 'x'))`;
const lines = `${ready} const line = 'x'.repeat(99); for (let i = 0; i < 5e4; i++) console.log(line)`;

/** From the child's first instruction to the last byte. */
function measure(script) {
  return new Promise((resolve) => {
    let started = 0;
    const child = spawn(process.execPath, ['-e', script]);
    child.stderr.once('data', () => {
      started = performance.now();
    });
    child.stdout.resume();
    child.on('close', () => resolve(performance.now() - started));
  });
}

(async () => {
  const times = { '5 MB written at once': await measure(once), '5 MB of console.log': await measure(lines) };
  console.log(JSON.stringify(times));
})();

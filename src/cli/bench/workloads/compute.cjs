// Pure computation: what the browser's engine and Node's own share.
const { performance } = require('node:perf_hooks');
const times = {};
function measure(name, run) {
  const started = performance.now();
  run();
  times[name] = performance.now() - started;
}
const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
measure('fib(32)', () => fib(32));
measure('Map of 300,000', () => {
  const map = new Map();
  for (let i = 0; i < 300_000; i++) map.set(`key${i}`, i);
});
measure('Buffer from 2,000 strings', () => {
  for (let i = 0; i < 2_000; i++) Buffer.from('x'.repeat(1_000)).toString('base64');
});
console.log(JSON.stringify(times));

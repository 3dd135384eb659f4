// node:test with 500 asynchronous subtests, its report included.
const { performance } = require('node:perf_hooks');
const test = require('node:test');
const started = performance.now();
test('all', async (t) => {
  for (let i = 0; i < 500; i++) {
    await t.test(`subtest ${i}`, async () => {
      await Promise.resolve();
    });
  }
});
process.on('exit', () => {
  console.log(JSON.stringify({ '500 subtests': performance.now() - started }));
});

// Turns of the event loop.
const { performance } = require('node:perf_hooks');

const TURNS = 20_000;

function chain() {
  return new Promise((resolve) => {
    const started = performance.now();
    let count = 0;
    setImmediate(function next() {
      if (++count < TURNS) setImmediate(next);
      else resolve(performance.now() - started);
    });
  });
}

function batch() {
  return new Promise((resolve) => {
    const started = performance.now();
    let count = 0;
    for (let i = 0; i < TURNS; i++) {
      setImmediate(() => {
        if (++count === TURNS) resolve(performance.now() - started);
      });
    }
  });
}

(async () => {
  const times = {
    '20,000 setImmediate, one after the other': await chain(),
    '20,000 setImmediate at once': await batch(),
  };
  console.log(JSON.stringify(times));
})();

// Messages through ports: one after the other within a thread and between two, and many at once.
const { performance } = require('node:perf_hooks');
const { Worker, MessageChannel, isMainThread, parentPort } = require('node:worker_threads');

const ROUNDS = 200;
const AT_ONCE = 2000;

function roundTrips(port) {
  return new Promise((resolve) => {
    let count = 0;
    const started = performance.now();
    const onMessage = () => {
      if (++count < ROUNDS) return port.postMessage({ count, text: 'hello' });
      port.off('message', onMessage);
      return resolve(performance.now() - started);
    };
    port.on('message', onMessage);
    port.postMessage({ count, text: 'hello' });
  });
}

function flood(port) {
  return new Promise((resolve) => {
    let count = 0;
    const started = performance.now();
    const onMessage = () => {
      if (++count < AT_ONCE) return;
      port.off('message', onMessage);
      resolve(performance.now() - started);
    };
    port.on('message', onMessage);
    for (let index = 0; index < AT_ONCE; index++) port.postMessage({ index, text: 'hello' });
  });
}

async function main() {
  const { port1, port2 } = new MessageChannel();
  port2.on('message', (message) => port2.postMessage(message));
  const worker = new Worker(__filename);
  await roundTrips(worker);
  await roundTrips(port1);
  const times = {
    [`${ROUNDS} messages there and back, one thread`]: await roundTrips(port1),
    [`${ROUNDS} messages there and back, two threads`]: await roundTrips(worker),
    [`${AT_ONCE} messages at once, there and back`]: await flood(worker),
  };
  port1.close();
  await worker.terminate();
  console.log(JSON.stringify(times));
}

if (isMainThread) main();
else parentPort.on('message', (message) => parentPort.postMessage(message));

// HTTP requests over one kept connection, and 5 MB through a socket.
const { performance } = require('node:perf_hooks');
const http = require('node:http');
const net = require('node:net');

const REQUESTS = 300;
const BYTES = 5_000_000;

function requests() {
  return new Promise((resolve) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const server = http.createServer((_, response) => response.end('hello'));
    server.listen(0, async () => {
      const get = () =>
        new Promise((done) => {
          http.get({ port: server.address().port, agent }, (response) => response.resume().on('end', done));
        });
      for (let i = 0; i < 20; i++) await get();
      const started = performance.now();
      for (let i = 0; i < REQUESTS; i++) await get();
      const milliseconds = performance.now() - started;
      agent.destroy();
      server.close(() => resolve(milliseconds));
    });
  });
}

function bytes() {
  return new Promise((resolve) => {
    let started = 0;
    const server = net.createServer((socket) => {
      socket.resume().on('end', () => {
        const milliseconds = performance.now() - started;
        server.close(() => resolve(milliseconds));
      });
    });
    server.listen(0, () => {
      const client = net.connect(server.address().port, () => {
        started = performance.now();
        client.end(Buffer.alloc(BYTES));
      });
    });
  });
}

(async () => {
  const times = { [`${REQUESTS} requests`]: await requests(), '5 MB through a socket': await bytes() };
  console.log(JSON.stringify(times));
})();

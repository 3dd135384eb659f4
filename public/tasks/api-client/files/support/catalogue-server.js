import { createServer } from 'node:http';

const BOOKS = ['Dune', 'Emma', 'Ulysses', 'Persuasion', 'Beloved'].map((title, id) => ({ id: String(id), title }));
const PAGE = 2;

/** A catalogue on a free port of this machine; `busy` requests are answered with 503 first. */
export async function startCatalogue({ busy = 0 } = {}) {
  const log = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    log.push(`${request.method} ${request.url}`);
    const answer = (status, body, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (busy > 0) {
      busy -= 1;
      return answer(503, { error: 'busy' }, { 'retry-after': '0' });
    }
    const [, id, action] = /^\/books\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    if (id !== undefined) {
      const book = BOOKS.find((candidate) => candidate.id === decodeURIComponent(id));
      if (!book) return answer(404, { error: `no book ${decodeURIComponent(id)}` });
      if (request.method !== 'POST') return answer(200, book);
      let text = '';
      for await (const chunk of request) text += chunk;
      return answer(201, { ...book, action, ...JSON.parse(text) });
    }
    const found = BOOKS.filter((book) => book.title.includes(url.searchParams.get('q') ?? ''));
    const start = Number(url.searchParams.get('start') ?? 0);
    url.searchParams.set('start', start + PAGE);
    answer(200, { books: found.slice(start, start + PAGE), next: start + PAGE < found.length ? url.pathname + url.search : null });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  return { base, log, stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) };
}

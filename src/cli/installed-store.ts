/** Keeps the installed code that sessions were recorded with, by its hash, in the user's cache folder: a re-run finds it there. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Route } from './browser/serve.ts';
import { cacheFolder } from './cache-folder.ts';

/** Bytes that are kept; beyond it what was used longest ago goes. */
const MOST_KEPT = 2e9;

/** `/__installed/HASH`: HEAD and GET what is kept, PUT to keep it. */
export const installedRoute: Route = (request, response) => {
  answer(request, response).catch((error: Error) => {
    response.statusCode = 500;
    response.end(error.message);
  });
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hash = request.url?.split('/').at(-1) ?? '';
  if (!/^[0-9a-f]{64}$/.test(hash)) return void response.writeHead(400).end('not a hash');
  const path = join(storeFolder(), hash);
  if (request.method === 'PUT') {
    await keep(path, hash, request);
    response.writeHead(204).end();
    return;
  }
  const now = new Date();
  const found = await utimes(path, now, now).then(
    () => true,
    () => false,
  );
  if (!found || request.method === 'HEAD') return void response.writeHead(found ? 200 : 404).end();
  await pipeline(createReadStream(path), response);
}

async function keep(path: string, hash: string, body: IncomingMessage): Promise<void> {
  await mkdir(storeFolder(), { recursive: true });
  // Written aside: nobody finds half a pack.
  const aside = `${path}.${randomUUID()}`;
  const digest = createHash('sha256');
  const digesting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(body, digesting, createWriteStream(aside));
    if (digest.digest('hex') !== hash) throw new Error('The installed code does not have the hash it came with');
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
  await dropOldest();
}

async function dropOldest(): Promise<void> {
  const folder = storeFolder();
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => ({ path: join(folder, name), stats: await stat(join(folder, name)) })),
  );
  let size = 0;
  for (const { path, stats } of found.sort((one, other) => other.stats.mtimeMs - one.stats.mtimeMs)) {
    size += stats.size;
    if (size > MOST_KEPT && size > stats.size) await rm(path, { force: true });
  }
}

const storeFolder = () => cacheFolder('installed');

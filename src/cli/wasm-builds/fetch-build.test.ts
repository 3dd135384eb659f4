import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchBuild } from './fetch-build.ts';

let folder: string;
let registry: Server;
let asked: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-fetch-'));
  asked = [];
  registry = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"Not found"}');
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('XDG_CACHE_HOME', folder);
  vi.stubEnv('npm_config_registry', `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`);
  // As under `npm run --silent`.
  vi.stubEnv('npm_config_loglevel', 'silent');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  registry.close();
  await rm(folder, { recursive: true, force: true });
});

it("says in npm's words that there is no such build, and does not ask again at once", async () => {
  const build = { name: 'some-addon-wasm32-wasi', version: '1.2.3' };
  await expect(fetchBuild(build)).rejects.toThrow('404 Not Found');
  expect(asked).toEqual(['/some-addon-wasm32-wasi']);
  await expect(fetchBuild(build)).rejects.toThrow('404 Not Found');
  expect(asked).toHaveLength(1);
});

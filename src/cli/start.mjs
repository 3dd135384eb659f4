// The launcher of every command: plain JavaScript, so that any supported Node runs it; bundles the typed rest and hands over.
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const parent = process.ppid;
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { build } = createRequire(import.meta.url)('esbuild');
const cache = join(root, 'node_modules/.cache/fixpoint');
// One file a process: several commands may start at the same time.
const outfile = join(cache, `cli-${process.pid}.mjs`);
await mkdir(cache, { recursive: true });
await build({
  entryPoints: [join(root, 'src/cli/main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'error',
  sourcemap: 'inline',
});
const { main } = await import(pathToFileURL(outfile).href);
const { rm } = await import('node:fs/promises');
await rm(outfile, { force: true });
await main(root, process.argv.slice(2), parent);

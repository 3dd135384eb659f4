/** The production build, made once and reused while nothing it depends on has changed. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build as viteBuild } from 'vite';

const INPUTS = [
  'src',
  'public',
  'index.html',
  'command.html',
  'vite.config.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];
const COMPRESSIBLE = /\.(js|css|html|json|svg|txt|map|ttf)$/;
/** A lock older than this was left by a process that died. */
const STALE_LOCK_MS = 10 * 60_000;

/** Returns the folder of the build; builds first when the inputs changed. Prints only to stderr, and only when it builds. */
export async function ensureBuild(root: string): Promise<string> {
  const dist = join(root, 'dist');
  const stampFile = join(dist, '.stamp');
  const stamp = await hashInputs(root);
  const isFresh = async () => existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp;
  if (await isFresh()) return dist;
  const unlock = await lock(join(root, 'node_modules/.cache/fixpoint/build.lock'));
  try {
    if (await isFresh()) return dist;
    await rm(stampFile, { force: true });
    await viteBuild({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
    await compressAll(dist);
    await writeFile(stampFile, stamp);
    return dist;
  } finally {
    await unlock();
  }
}

async function hashInputs(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    const path = join(root, input);
    const files = /\.\w+$/.test(input) ? [path] : await listFiles(path);
    for (const file of files) {
      if (/\.test\.tsx?$/.test(file)) continue;
      hash
        .update(file.slice(root.length))
        .update('\0')
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Waits while another process builds. */
async function lock(file: string): Promise<() => Promise<void>> {
  await mkdir(join(file, '..'), { recursive: true });
  const started = Date.now();
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(await readFile(file, 'utf8').catch(() => '0'));
      if (!isAlive(owner) || Date.now() - started > STALE_LOCK_MS) await rm(file, { force: true });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Static hosts and our own server send the compressed neighbour of a file. */
async function compressAll(dist: string): Promise<void> {
  for (const file of await listFiles(dist)) {
    if (!COMPRESSIBLE.test(file)) continue;
    const content = await readFile(file);
    if (content.length < 1024) continue;
    const brotli = await promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
    await writeFile(`${file}.br`, brotli);
    await writeFile(`${file}.gz`, await promisify(gzip)(content));
  }
}

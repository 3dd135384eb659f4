/** WebAssembly builds of packages, fetched by npm and kept in the user's cache folder. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../cache-folder.ts';
import type { WasmBuild } from './native-parts.ts';

const MOST_SECONDS = 120;

/** A folder with the build and what it needs, in `node_modules`. Rejects, in npm's words, when npm cannot fetch it. */
export async function fetchBuild({ name, version }: Pick<WasmBuild, 'name' | 'version'>): Promise<string> {
  const kept = cacheFolder('wasm', `${name.replace('/', '+')}@${version}`);
  if (await exists(join(kept, 'node_modules', name))) return kept;
  await mkdir(cacheFolder('wasm'), { recursive: true });
  // Fetched aside: nobody finds half a build.
  const aside = await mkdtemp(cacheFolder('wasm', 'fetching-'));
  try {
    await install(`${name}@${rangeUpTo(version)}`, aside);
    await rename(aside, kept).catch(async (error) => {
      if (!(await exists(kept))) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return kept;
}

/** The version itself, or the nearest before it that may stand in for it: builds are not published for each version. */
export function rangeUpTo(version: string): string {
  const [major = '0', minor = '0'] = version.split('.');
  const floor = major === '0' ? `0.${minor}.0` : `${major}.0.0`;
  return `>=${floor}-0 <=${version}`;
}

async function install(spec: string, folder: string): Promise<void> {
  // The builds say that they are for the processor wasm32: npm takes them by force only.
  const flags = ['--prefix', folder, '--force', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
  const npm = process.env['npm_execpath'];
  const [program, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  await promisify(execFile)(program, [...before, 'install', ...flags, spec], {
    cwd: folder,
    timeout: MOST_SECONDS * 1000,
  }).catch((error: Error & { stderr?: string }) => {
    const said = error.stderr?.split('\n').find((line) => /^npm error (?!code|\d)/.test(line));
    throw new Error(said?.replace('npm error ', '') ?? error.message.split('\n')[0], { cause: error });
  });
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

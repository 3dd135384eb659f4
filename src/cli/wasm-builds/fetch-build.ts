/** WebAssembly builds of packages, fetched by npm and kept in the user's cache folder. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../cache-folder.ts';
import type { WasmBuild } from './native-parts.ts';

const MOST_SECONDS = 120;
/** For so long it is taken for granted that nobody published what was not there. */
const MISSING_SECONDS = 24 * 60 * 60;
/** How npm says that there is no such package, or no such version. */
const MISSING = /^npm error code (?:E404|ETARGET|ENOVERSIONS)$/m;

/** A folder with the build and what it needs, in `node_modules`. Rejects, in npm's words, when npm cannot fetch it. */
export async function fetchBuild({ name, version }: Pick<WasmBuild, 'name' | 'version'>): Promise<string> {
  const kept = cacheFolder('wasm', `${name.replace('/', '+')}@${version}`);
  if (await exists(join(kept, 'node_modules', name))) return kept;
  const missing = `${kept}.missing`;
  if (await isYoung(missing)) throw new Error(await readFile(missing, 'utf8'));
  await mkdir(cacheFolder('wasm'), { recursive: true });
  // Fetched aside: nobody finds half a build.
  const aside = await mkdtemp(cacheFolder('wasm', 'fetching-'));
  try {
    await install(`${name}@${rangeUpTo(version)}`, aside);
    await rename(aside, kept).catch(async (error) => {
      if (!(await exists(kept))) throw error;
    });
  } catch (error) {
    if (error instanceof MissingBuildError) await writeFile(missing, error.message);
    throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return kept;
}

/** The registry answered, and has no such build. */
class MissingBuildError extends Error {}

/** The version itself, or the nearest before it that may stand in for it: builds are not published for each version. */
export function rangeUpTo(version: string): string {
  const [major = '0', minor = '0'] = version.split('.');
  const floor = major === '0' ? `0.${minor}.0` : `${major}.0.0`;
  return `>=${floor}-0 <=${version}`;
}

async function install(spec: string, folder: string): Promise<void> {
  // The builds say that they are for the processor wasm32: npm takes them by force only. Under `npm run --silent` it would not say why not.
  const flags = [
    '--prefix',
    folder,
    '--force',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-save',
    '--loglevel=error',
  ];
  const npm = process.env['npm_execpath'];
  const [program, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  await promisify(execFile)(program, [...before, 'install', ...flags, spec], {
    cwd: folder,
    timeout: MOST_SECONDS * 1000,
  }).catch((error: Error & { stderr?: string }) => {
    const stderr = error.stderr ?? '';
    const said = stderr.split('\n').find((line) => /^npm error (?!code)/.test(line));
    const message = said?.replace('npm error ', '') ?? error.message.split('\n')[0];
    throw new (MISSING.test(stderr) ? MissingBuildError : Error)(message, { cause: error });
  });
}

const exists = async (path: string) => (await timeOf(path)) !== null;
const isYoung = async (path: string) => Date.now() - ((await timeOf(path)) ?? 0) < MISSING_SECONDS * 1000;

/** When it was last written, in milliseconds; null where there is nothing. */
const timeOf = (path: string) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );

/** Finds and starts a Chromium. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Only what a test or a command needs: nothing that calls out. */
export const BROWSER_ARGUMENTS = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/** Path of the browser, or null when there is none. `CHROMIUM_PATH` wins. */
export function findBrowser(): string | null {
  const named = process.env.CHROMIUM_PATH;
  if (named) return named;
  const found = CANDIDATES.find((path) => existsSync(path));
  if (found) return found;
  const own = chromium.executablePath();
  return own && existsSync(own) ? own : null;
}

function requireBrowser(): string {
  const path = findBrowser();
  if (path) return path;
  throw new Error(
    'No Chromium was found: install one (Debian: apt-get install chromium), or set CHROMIUM_PATH to its program.',
  );
}

/** Chromium refuses its own sandbox to root. */
export const ROOT_ARGUMENTS: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Starts it without a window, to be driven by Playwright. Throws one sentence that says what to do when there is none. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: requireBrowser(), args: [...BROWSER_ARGUMENTS, ...ROOT_ARGUMENTS] });
}

export interface BrowserProcess {
  readonly pid: number;
  /** Rejects when the browser ends by itself. */
  readonly ended: Promise<never>;
  close(): Promise<void>;
}

/** A page in the background must work as fast as one in front. */
const UNATTENDED = [
  '--headless=new',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-dev-shm-usage',
  '--no-default-browser-check',
];

/**
 * Starts it without a window on one address, driven by nobody: the debugging protocol would take the death of the sandbox's renderer
 * for the death of the page. Throws as {@link launchBrowser}.
 */
export async function openPage(url: string): Promise<BrowserProcess> {
  const program = requireBrowser();
  const profile = await mkdtemp(join(tmpdir(), 'fixpoint-browser-'));
  // An app's window has no toolbar, which would be a renderer of its own.
  const args = [...BROWSER_ARGUMENTS, ...ROOT_ARGUMENTS, ...UNATTENDED, `--user-data-dir=${profile}`, `--app=${url}`];
  const child = spawn(program, args, { stdio: 'ignore', detached: process.platform !== 'win32' });
  const exit = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(`it ended with ${signal ?? `exit code ${code}`}`));
  });
  const stop = () => killTree(child);
  const leave = () => {
    stop();
    // The browser may still be writing there: what is left then is the temporary folder's.
    tryRemove(profile);
  };
  process.on('exit', leave);
  return {
    // Without one `ended` rejects.
    pid: child.pid ?? 0,
    ended: exit.then((reason) => {
      throw new Error(`The browser ${program} cannot be used: ${reason}.`);
    }),
    async close() {
      process.off('exit', leave);
      stop();
      await exit;
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function tryRemove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

/** The browser and the processes it started. */
function killTree({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

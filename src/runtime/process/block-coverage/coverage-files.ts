/** Writes the files of `NODE_V8_COVERAGE`. */
import { SystemError } from '../../kernel/syscalls.ts';
import type { ProcessCore } from '../core.ts';
import { writeToStderr } from '../failures/fatal.ts';
import type { CoverageOutput } from './coverage.ts';

/** O_WRONLY | O_CREAT | O_TRUNC */
const REPLACE = 0o1101;
const FOLDER_MODE = 0o777;
const FILE_MODE = 0o600;
const NOT_STARTED = '"error":{"code":-32000,"message":"Precise coverage has not been started."}';

export class CoverageFiles implements CoverageOutput {
  readonly #core: () => ProcessCore;
  #state: 'off' | 'on' | 'stopped' | 'ended' = 'off';
  folder = '';
  sourceMaps: (() => unknown) | null = null;
  /** As the inspector numbers its messages: two were sent to start. */
  #messages = 2;
  // The guest may replace it.
  readonly #stringify = JSON.stringify;

  constructor(core: () => ProcessCore) {
    this.#core = core;
  }

  startIfWanted(): void {
    const { coverage, environment, commandLine } = this.#core();
    const isWanted =
      Boolean(environment.variables.NODE_V8_COVERAGE) || commandLine?.values['--experimental-test-coverage'] === true;
    if (!isWanted) return;
    this.#state = 'on';
    coverage.start({ detailed: true, callCount: true });
  }

  take(): void {
    if (this.#state === 'on' || this.#state === 'stopped') this.#write();
  }

  stop(): void {
    if (this.#state !== 'on') return;
    this.#messages++;
    this.#state = 'stopped';
    this.#core().coverage.stop();
  }

  end(): void {
    if (this.#state === 'off' || this.#state === 'ended') return;
    this.#write();
    this.#state = 'ended';
  }

  #write(): void {
    const core = this.#core();
    const id = ++this.#messages;
    if (this.#state === 'stopped') {
      const answer = `{"id":${id},${NOT_STARTED}}`;
      writeToStderr(core, `Failed to get 'result' from coverage profile response:\n${answer}\n`);
      return;
    }
    if (!this.sourceMaps || this.folder === '') return;
    const profile: Record<string, unknown> = { result: core.coverage.take(), timestamp: core.host.now() / 1000 };
    const sourceMaps = this.sourceMaps();
    if (sourceMaps !== undefined) profile['source-map-cache'] = sourceMaps;
    if (!this.#attempt(`Failed to create coverage profile directory ${this.folder}`, () => this.#makeFolder())) return;
    const now = Math.floor(core.host.timeOrigin + core.host.now());
    const path = `${this.folder}/coverage-${core.launch.pid}-${now}-${core.launch.thread?.id ?? 0}.json`;
    const bytes = new core.host.TextEncoder().encode(this.#stringify(profile));
    this.#attempt(`Failed to write file ${path}`, () => core.sys.call('writeFile', path, bytes, REPLACE, FILE_MODE));
  }

  #makeFolder(): void {
    try {
      this.#core().sys.call('mkdir', this.folder, FOLDER_MODE, true);
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== 'EEXIST') throw error;
    }
  }

  #attempt(failure: string, action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      writeToStderr(this.#core(), `${error.code}: ${failure}\n`);
      return false;
    }
  }
}

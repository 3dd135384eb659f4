/** Where curl's output goes: stdout or files, made when there is something to write. */

import { openPath } from '../open.ts';
import { baseName, directoryName, joinPath } from '../paths.ts';
import { Writer } from '../streams.ts';
import type { UtilityContext } from '../utility.ts';
import type { CurlSettings } from './curl-settings.ts';
import { HttpError } from './http-error.ts';
import { fillName } from './url-glob.ts';

const WRITE_NEW = 0o1 | 0o100 | 0o1000;
const WRITE_MORE = 0o1 | 0o100 | 0o2000;

export class Output {
  /** undefined: stdout. */
  readonly file: string | undefined;
  readonly #context: UtilityContext;
  readonly #createFolders: boolean;
  #writer: Writer | undefined;
  #flags = WRITE_NEW;

  constructor(context: UtilityContext, file: string | undefined, createFolders = false) {
    this.#context = context;
    this.file = file === '-' ? undefined : file;
    this.#createFolders = createFolders;
  }

  /** What is written goes behind what the file has. */
  append(): void {
    this.#flags = WRITE_MORE;
  }

  /** Writes at once, as what streams in must be seen. */
  async write(data: string | Uint8Array): Promise<void> {
    const writer = await this.#open();
    await writer.write(data);
    await writer.flush();
  }

  async #open(): Promise<Writer> {
    if (this.file === undefined) return this.#context.stdout;
    if (this.#writer) return this.#writer;
    const { sys } = this.#context;
    const path = this.#context.resolve(this.file);
    try {
      if (this.#createFolders) sys.call('mkdir', directoryName(path), 0o750, true);
      this.#writer = new Writer(await openPath(sys, path, this.#flags, this.#context));
    } catch {
      throw new HttpError(23, 'Failed writing body');
    }
    return this.#writer;
  }

  /** An empty file where nothing came. */
  async finish(): Promise<void> {
    await this.#open();
  }

  close(): void {
    this.#writer?.descriptor?.release();
    this.#writer = undefined;
  }
}

/** The output of a URL, counted from 0. Throws {@link HttpError}. */
export function outputOf(
  context: UtilityContext,
  settings: CurlSettings,
  { url, index, parts }: { url: URL; index: number; parts: readonly string[] },
) {
  const choice = settings.all('output', 'remote-name')[index];
  if (!choice) return new Output(context, undefined);
  const name =
    choice.name === 'output' ? fillName(choice.value, parts) : decodeURI(baseName(url.pathname).replace(/^\/$/, ''));
  if (name === '') throw new HttpError(23, 'Remote file name has no length!');
  const folder = settings.last('output-dir');
  const file = folder === undefined || name === '-' ? name : joinPath(folder, name);
  return new Output(context, file, settings.has('create-dirs'));
}

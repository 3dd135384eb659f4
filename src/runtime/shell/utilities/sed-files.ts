/** The files that a sed script writes: empty when it starts, written to until it ends. */
import type { Descriptor } from '../descriptor.ts';
import { openPath } from '../open.ts';
import { Writer } from '../streams.ts';
import type { UtilityContext } from '../utility.ts';
import type { SedCommand } from './sed-script.ts';

export class SedFiles {
  readonly #writers = new Map<string, Writer>();
  readonly #opened: Descriptor[] = [];

  private constructor(context: UtilityContext) {
    this.#writers.set('/dev/stderr', context.stderr);
  }

  /** Rejects with a SystemError when one cannot be made. */
  static async open(context: UtilityContext, commands: readonly SedCommand[]): Promise<SedFiles> {
    const files = new SedFiles(context);
    try {
      await files.#open(context, commands);
      return files;
    } catch (error) {
      files.close();
      throw error;
    }
  }

  async #open(context: UtilityContext, commands: readonly SedCommand[]): Promise<void> {
    for (const { name, text, substitution } of commands) {
      const file = substitution?.file ?? ('wW'.includes(name) ? text : undefined);
      if (file === undefined || file === '/dev/stdout' || this.#writers.has(file)) continue;
      const descriptor = await openPath(context.sys, context.resolve(file), 0o1101, context);
      this.#opened.push(descriptor);
      this.#writers.set(file, new Writer(descriptor));
    }
  }

  /** At once, so that a command that reads the file meanwhile sees it. */
  async write(file: string, text: string): Promise<void> {
    await this.#writers.get(file)?.print(text);
  }

  close(): void {
    for (const descriptor of this.#opened) descriptor.release();
  }
}

/** patch: unified diffs (and those of git) applied to files, with offsets and fuzz. */
import { describeError, errorCode } from '../errors.ts';
import { applyHunks, type HunkOutcome, reverseHunk } from '../line-diff/apply-patch.ts';
import { splitLines } from '../line-diff/hunks.ts';
import { type FilePatch, type Hunk, parsePatch } from '../line-diff/parse-patch.ts';
import { directoryName } from '../paths.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { readWhole } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

export const patch: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'p:i:RNfsubd:o:F:r:tEl',
    long: {
      'strip=': 'p',
      'input=': 'i',
      reverse: 'R',
      forward: 'N',
      force: 'f',
      batch: 't',
      silent: 's',
      quiet: 's',
      'dry-run': 'dry',
      backup: 'b',
      'directory=': 'd',
      'output=': 'o',
      'fuzz=': 'F',
      'no-backup-if-mismatch': 'nobackup',
      'remove-empty-files': 'E',
      'ignore-whitespace': 'l',
      verbose: 'verbose',
      unified: 'u',
      'reject-file=': 'r',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem, 2);
  const folder = lastValue(options, 'd');
  const place = (path: string) =>
    context.resolve(folder === undefined || path.startsWith('/') ? path : `${folder}/${path}`);
  const input = lastValue(options, 'i') ?? options.operands[1];
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text: string;
  try {
    text =
      input === undefined || input === '-'
        ? await context.stdin.text()
        : decoder.decode(await readWhole(context, input));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await context.stderr.print(`patch: **** Can't open patch file ${input ?? '-'} : ${describeError(error)}\n`);
    return 2;
  }
  const files = parsePatch(text);
  if (files.length === 0) {
    if (text.trim() === '') return 0;
    await context.stderr.print('patch: **** Only garbage was found in the patch input.\n');
    return 2;
  }
  const run = new PatchRun(context, options, place);
  for (const file of files) await run.apply(file);
  return run.status;
};

class PatchRun {
  readonly #context: UtilityContext;
  readonly #options: Options;
  readonly #place: (path: string) => string;
  /** Texts that `--dry-run` would have written. */
  readonly #pretended = new Map<string, string>();
  status = 0;

  constructor(context: UtilityContext, options: Options, place: (path: string) => string) {
    this.#context = context;
    this.#options = options;
    this.#place = place;
  }

  #has(flag: string): boolean {
    return this.#options.flags.has(flag);
  }

  async apply(file: FilePatch): Promise<void> {
    const { stdout } = this.#context;
    const reverse = this.#has('R');
    const target = this.#options.operands[0] ?? this.#chooseName(file, reverse);
    if (target === undefined) {
      await stdout.write(`can't find file to patch at input line ${file.line}\n`);
      await stdout.write(
        this.#options.values.has('p')
          ? 'Perhaps you used the wrong -p or --strip option?\n'
          : 'Perhaps you should have used the -p or --strip option?\n',
      );
      await this.#quoteHeader(file);
      await stdout.write(
        `File to patch: \nSkip this patch? [y] \nSkipping patch.\n${ignored(file.hunks.length, file.hunks.length)}\n`,
      );
      this.status = 1;
      return;
    }
    const text = this.#read(target);
    const lines = splitLines(text ?? '');
    const hunks = reverse ? file.hunks.map(reverseHunk) : file.hunks;
    const gone = (reverse ? file.created : file.deleted) === true;
    const made = (reverse ? file.deleted : file.created) === true;
    if (made && text !== undefined && text !== '') {
      if (!(await this.#unexpected(`create the file ${target},\nwhich already exists!`, hunks))) return;
    } else if (gone && text === undefined) {
      if (!(await this.#unexpected(`delete the file ${target},\nwhich does not exist!`, hunks))) return;
    }
    const output = lastValue(this.#options, 'o');
    const shown = output === undefined ? target : `${output} (read from ${target})`;
    if (!this.#has('s')) await stdout.line(`${this.#has('dry') ? 'checking' : 'patching'} file ${shown}`);
    if (this.#looksApplied(lines, hunks, text)) {
      await this.#skipApplied(target, file, hunks);
      return;
    }
    const fuzz = Number(lastValue(this.#options, 'F') ?? '2');
    const result =
      made && lines.length > 0
        ? { lines, outcomes: hunks.map((): HunkOutcome => ({ kind: 'failed', line: 1 })) }
        : applyHunks(lines, hunks, { fuzz, ignoreSpace: this.#has('l') });
    await this.#report(result.outcomes);
    await this.#write(target, { file, gone, before: text, after: result.lines.join('') }, result.outcomes);
  }

  /** A patch that makes what is there, or removes what is not. False: it is passed over. */
  async #unexpected(what: string, hunks: readonly Hunk[]): Promise<boolean> {
    const { stdout } = this.#context;
    const message = `The next patch${this.#has('R') ? ', when reversed,' : ''} would ${what}`;
    if (this.#has('f')) {
      await stdout.line(`${message}  Applying it anyway.`);
      return true;
    }
    this.status = 1;
    const answer = this.#has('N')
      ? 'Skipping patch.'
      : `${this.#has('R') ? 'Ignore' : 'Assume'} -R? [n] \nApply anyway? [n] \nSkipping patch.`;
    await stdout.line(`${message}  ${answer}\n${ignored(hunks.length, hunks.length)}`);
    return false;
  }

  /** The patch's own header, as patch shows it when it asks for a name. */
  async #quoteHeader(file: FilePatch): Promise<void> {
    const rule = '--------------------------';
    await this.#context.stdout.write(
      `The text leading up to this was:\n${rule}\n${file.header.map((line) => `|${line}\n`).join('')}${rule}\n`,
    );
  }

  #read(path: string): string | undefined {
    const pretended = this.#pretended.get(path);
    if (pretended !== undefined) return pretended;
    const place = this.#place(path);
    if (!this.#context.sys.call('statOrNull', place, true)) return undefined;
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#context.sys.call('readFile', place));
  }

  /** Of the names in the header the first whose file exists; for a new file, its new name. */
  #chooseName(file: FilePatch, reverse: boolean): string | undefined {
    const strip = lastValue(this.#options, 'p');
    const names = [file.oldName, file.newName].map((name) =>
      name === undefined || name === '/dev/null' ? undefined : stripName(name, strip),
    );
    const exists = (name: string | undefined) =>
      name !== undefined && this.#context.sys.call('statOrNull', this.#place(name), true) !== null;
    const [oldName, newName] = names;
    const creates =
      (reverse ? file.newName : file.oldName) === '/dev/null' ||
      file.hunks.every((hunk) => (reverse ? hunk.newCount : hunk.oldCount) === 0);
    const found = [oldName, newName].filter((name): name is string => exists(name));
    const best = found.sort((a, b) => a.split('/').length - b.split('/').length || a.length - b.length)[0];
    const removes = (reverse ? file.created : file.deleted) === true;
    if (removes) return best ?? (reverse ? newName : oldName) ?? undefined;
    return best ?? (creates ? (reverse ? (oldName ?? newName) : (newName ?? oldName)) : undefined);
  }

  #looksApplied(lines: readonly string[], hunks: readonly Hunk[], text: string | undefined): boolean {
    const [first] = hunks;
    if (!first || this.#has('f')) return false;
    if (first.oldCount === 0 && text !== undefined && text !== '' && first.oldStart === 0) {
      return applyHunks(lines, [reverseHunk(first)], { fuzz: 0 }).outcomes[0]?.kind === 'applied';
    }
    if (applyHunks(lines, [first], { fuzz: 2 }).outcomes[0]?.kind === 'applied') return false;
    return applyHunks(lines, [reverseHunk(first)], { fuzz: 0 }).outcomes[0]?.kind === 'applied';
  }

  async #skipApplied(target: string, file: FilePatch, hunks: readonly Hunk[]): Promise<void> {
    const reverse = this.#has('R');
    const { stdout } = this.#context;
    this.status = 1;
    const what = reverse ? 'Unreversed patch detected!' : 'Reversed (or previously applied) patch detected!';
    if (this.#has('N')) await stdout.write(`${what}  Skipping patch.\n`);
    else await stdout.write(`${what}  Assume -R? [n] \nApply anyway? [n] \nSkipping patch.\n`);
    const saved = this.#has('dry') ? '' : ` -- saving rejects to file ${this.#rejects(target)}`;
    await stdout.line(ignored(hunks.length, hunks.length) + saved);
    this.#saveRejects(target, file, hunks);
  }

  #rejects(target: string): string {
    return lastValue(this.#options, 'r') ?? `${lastValue(this.#options, 'o') ?? target}.rej`;
  }

  #saveRejects(target: string, file: FilePatch, hunks: readonly Hunk[]): void {
    if (this.#has('dry') || hunks.length === 0) return;
    const body = hunks
      .map(
        (hunk) =>
          `${hunk.heading}\n${hunk.lines.map((line) => `${line.mark}${line.text.endsWith('\n') ? line.text : `${line.text}\n`}`).join('')}`,
      )
      .join('');
    const strip = lastValue(this.#options, 'p');
    const names = file.header
      .filter((line) => /^(---|\+\+\+) /.test(line))
      .map((line) =>
        line.replace(
          /^(....)([^\t]*)/,
          (_, mark: string, name: string) => mark + (name === '/dev/null' ? name : (stripName(name, strip) ?? name)),
        ),
      );
    this.#save(this.#rejects(target), names.map((line) => `${line}\n`).join('') + body);
  }

  async #report(outcomes: readonly HunkOutcome[]): Promise<void> {
    for (const [index, outcome] of outcomes.entries()) {
      const at = `Hunk #${index + 1}`;
      const { stdout } = this.#context;
      if (outcome.kind === 'failed') await stdout.line(`${at} FAILED at ${outcome.line}.`);
      else if ((outcome.offset !== 0 || outcome.fuzz > 0) && !this.#has('s')) {
        const fuzz = outcome.fuzz > 0 ? ` with fuzz ${outcome.fuzz}` : '';
        const offset =
          outcome.offset === 0 ? '' : ` (offset ${outcome.offset} line${Math.abs(outcome.offset) === 1 ? '' : 's'})`;
        await stdout.line(`${at} succeeded at ${outcome.line}${fuzz}${offset}.`);
      }
    }
  }

  async #write(target: string, change: Written, outcomes: readonly HunkOutcome[]): Promise<void> {
    const { context } = { context: this.#context };
    const { file, gone, before, after } = change;
    const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
    if (failed.length > 0) {
      this.status = 1;
      const saved = this.#has('dry') ? '' : ` -- saving rejects to file ${this.#rejects(target)}`;
      await context.stdout.line(
        `${failed.length} out of ${outcomes.length} hunk${outcomes.length === 1 ? '' : 's'} FAILED${saved}`,
      );
      this.#saveRejects(
        target,
        file,
        file.hunks.filter((_, index) => outcomes[index]?.kind === 'failed'),
      );
    }
    if (this.#has('dry')) {
      this.#pretended.set(target, after);
      return;
    }
    const output = lastValue(this.#options, 'o');
    const inexact = outcomes.some((outcome) => outcome.kind === 'failed' || outcome.fuzz > 0 || outcome.offset !== 0);
    const known = before !== undefined || failed.length > 0;
    if (known && output === undefined && (this.#has('b') || (inexact && !this.#has('nobackup')))) {
      this.#save(`${target}.orig`, before ?? '');
    }
    if (failed.length === outcomes.length && outcomes.length > 0 && output === undefined) return;
    const removed = gone || this.#has('E');
    if (output === '-') await context.stdout.write(after);
    else if (after === '' && removed && output === undefined) context.sys.call('unlink', this.#place(target));
    else this.#save(output ?? target, after);
  }

  #save(path: string, text: string): void {
    const { sys } = this.#context;
    const place = this.#place(path);
    sys.call('mkdir', directoryName(place), 0o777, true);
    const fd = sys.call('open', place, 0o1101, 0o666);
    try {
      for (let rest: Uint8Array = new TextEncoder().encode(text); rest.length > 0; )
        rest = rest.subarray(sys.call('write', fd, rest, null));
    } finally {
      sys.call('close', fd);
    }
  }
}

interface Written {
  file: FilePatch;
  /** The patch removes the file. */
  gone: boolean;
  before: string | undefined;
  after: string;
}

function ignored(count: number, total: number): string {
  return `${count} out of ${total} hunk${total === 1 ? '' : 's'} ignored`;
}

/** Without `-p` only the last part of a name counts. */
function stripName(name: string, strip: string | undefined): string | undefined {
  const parts = name.split('/');
  if (strip === undefined) return parts.at(-1);
  const count = Number(strip);
  return parts.length > count ? parts.slice(count).join('/') : undefined;
}

/** diff. */
import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import { describeError, errorCode } from '../errors.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { type Change, diffLines, groupChanges, marked, splitLines, unifiedHunks } from '../line-diff/hunks.ts';
import { inLineFormats, type LineFormats } from '../line-diff/line-formats.ts';
import { edScript, rcsScript } from '../line-diff/scripts.ts';
import { sideBySide } from '../line-diff/side-by-side.ts';
import { baseName, joinPath } from '../paths.ts';
import { concatenate } from '../streams.ts';
import { giveTurn } from '../turns.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { isDirectory } from './files.ts';
import { openInput } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { posixToRegExp } from './posix-regexp.ts';
import { strftime, zoneOf } from './strftime.ts';

interface Comparison {
  context: UtilityContext;
  options: Options;
  /** The options, as `diff -ru` prints them in front of each pair. */
  command: string;
}

async function wrongUse(context: UtilityContext, problem: string): Promise<number> {
  await context.complain(problem);
  await context.complain("Try 'diff --help' for more information.");
  return 2;
}

export const diff: Utility = async (context) => {
  // `-3` and `-U3` say the same.
  const args = context.args.map((arg) => arg.replace(/^-(\d+)$/, '-U$1').replace(/^-u(\d+)$/, '-U$1'));
  const options = parseOptions(args, {
    short: 'uU:cC:rqsNPwbBiaEZdHtpx:L:yW:enTF:I:',
    long: {
      unified: 'u',
      'unified=': 'U',
      context: 'c',
      recursive: 'r',
      brief: 'q',
      'report-identical-files': 's',
      'new-file': 'N',
      'ignore-all-space': 'w',
      'ignore-space-change': 'b',
      'ignore-trailing-space': 'Z',
      'ignore-blank-lines': 'B',
      'ignore-case': 'i',
      'strip-trailing-cr': 'strip',
      'exclude=': 'x',
      'label=': 'L',
      color: 'color',
      'color=': 'color',
      minimal: 'd',
      text: 'a',
      'side-by-side': 'y',
      'width=': 'W',
      'suppress-common-lines': 'suppress',
      ed: 'e',
      rcs: 'n',
      'context=': 'C',
      'show-c-function': 'p',
      'ignore-tab-expansion': 'E',
      'expand-tabs': 't',
      normal: 'normal',
      'ignore-matching-lines=': 'I',
      'speed-large-files': 'H',
      'no-dereference': 'nd',
      'show-function-line=': 'F',
      'horizon-lines=': 'horizon',
      'old-line-format=': 'oldLine',
      'new-line-format=': 'newLine',
      'unchanged-line-format=': 'sameLine',
      'line-format=': 'everyLine',
      'changed-group-format=': 'changedGroup',
      'unchanged-group-format=': 'sameGroup',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const [first, second] = options.operands;
  if (first === undefined) return await wrongUse(context, "missing operand after 'diff'");
  if (second === undefined) return await wrongUse(context, `missing operand after '${args.at(-1)}'`);
  const words = context.args.filter((arg) => !options.operands.includes(arg));
  return await comparePaths({ context, options, command: ['diff', ...words].join(' ') }, [first, second], false);
};

async function comparePaths(comparison: Comparison, pair: readonly [string, string], nested: boolean): Promise<number> {
  const { context } = comparison;
  const [left, right] = pair;
  const folders = pair.map((path) => path !== '-' && isDirectory(context, path));
  if (folders[0] && folders[1]) return await compareFolders(comparison, [left, right]);
  if (nested && (folders[0] || folders[1])) {
    const kind = (index: number) => (folders[index] ? 'directory' : 'regular file');
    await context.stdout.line(`File ${left} is a ${kind(0)} while file ${right} is a ${kind(1)}`);
    return 1;
  }
  const names: [string, string] = [
    folders[0] ? joinPath(left, baseName(right)) : left,
    folders[1] ? joinPath(right, baseName(left)) : right,
  ];
  const contents: Uint8Array[] = [];
  // The same FIFO twice would wait for ever.
  if (!comparison.options.flags.has('y') && context.resolve(names[0]) === context.resolve(names[1]))
    return await compareFiles(comparison, { names, contents: [EMPTY, EMPTY], nested });
  for (const name of names) {
    const bytes = await readSide(comparison, name, nested);
    if (!bytes) return 2;
    contents.push(bytes);
  }
  return await compareFiles(comparison, { names, contents: [contents[0] ?? EMPTY, contents[1] ?? EMPTY], nested });
}

const EMPTY = new Uint8Array(0);

async function readSide(
  { context, options }: Comparison,
  name: string,
  nested: boolean,
): Promise<Uint8Array | undefined> {
  try {
    const input = await openInput(context, name);
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of input.reader.chunks()) chunks.push(chunk);
      return concatenate(chunks);
    } finally {
      input.close();
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT' && (nested || options.flags.has('N'))) return EMPTY;
    await context.complain(`${name}: ${describeError(error)}`);
    return undefined;
  }
}

async function compareFolders(comparison: Comparison, [left, right]: readonly [string, string]): Promise<number> {
  const { context, options } = comparison;
  // Also because all folders around it would be on the stack, which has no room for the deepest.
  await giveTurn();
  const excluded = (options.values.get('x') ?? []).map((pattern) => patternToRegExp(pattern));
  const list = (folder: string) => {
    const { names } = context.sys.call('readdir', context.resolve(folder));
    return new Set(names.filter((name) => !excluded.some((pattern) => pattern.test(name))));
  };
  const [mine, theirs] = [list(left), list(right)];
  let status = 0;
  for (const name of [...new Set([...mine, ...theirs])].sort()) {
    const pair: [string, string] = [joinPath(left, name), joinPath(right, name)];
    const isFolder = pair.map((path) => isDirectory(context, path));
    const both = mine.has(name) && theirs.has(name);
    let result = 1;
    if (!both && (!options.flags.has('N') || (isFolder.includes(true) && !options.flags.has('r'))))
      await context.stdout.line(`Only in ${mine.has(name) ? left : right}: ${name}`);
    else if (!both && isFolder.includes(true)) result = await compareMissingFolder(comparison, pair, mine.has(name));
    else if (isFolder[0] && isFolder[1] && !options.flags.has('r')) {
      await context.stdout.line(`Common subdirectories: ${pair[0]} and ${pair[1]}`);
      result = 0;
    } else result = await comparePaths(comparison, pair, true);
    status = Math.max(status, result);
  }
  return status;
}

/** `-N`: all files of a folder that the other side lacks. */
async function compareMissingFolder(
  comparison: Comparison,
  pair: readonly [string, string],
  onLeft: boolean,
): Promise<number> {
  const { context } = comparison;
  await giveTurn();
  for (const name of context.sys.call('readdir', context.resolve(pair[onLeft ? 0 : 1])).names) {
    const children: [string, string] = [joinPath(pair[0], name), joinPath(pair[1], name)];
    if (isDirectory(context, children[onLeft ? 0 : 1])) await compareMissingFolder(comparison, children, onLeft);
    else await comparePaths(comparison, children, true);
  }
  return 1;
}

interface Files {
  names: readonly [string, string];
  contents: readonly [Uint8Array, Uint8Array];
  nested: boolean;
}

async function compareFiles(
  { context, options, command }: Comparison,
  { names, contents, nested }: Files,
): Promise<number> {
  const { flags } = options;
  const [a, b] = contents;
  const identical = a.length === b.length && a.every((byte, index) => byte === b[index]);
  const differ = async () => {
    await context.stdout.line(`Files ${names[0]} and ${names[1]} differ`);
    return 1;
  };
  const same = async () => {
    if (flags.has('s')) await context.stdout.line(`Files ${names[0]} and ${names[1]} are identical`);
    return 0;
  };
  // Beside each other files are shown that are the same, too.
  const beside = flags.has('y') && !flags.has('q') && !nested;
  if (identical && !beside) return await same();
  if ((isBinary(a) || isBinary(b)) && !flags.has('a')) {
    if (flags.has('q')) return await differ();
    await context.stdout.line(`Binary files ${names[0]} and ${names[1]} differ`);
    return 1;
  }
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const [left, right] = [splitLines(decoder.decode(a)), splitLines(decoder.decode(b))];
  const normalize = normalizer(flags);
  let changes = diffLines(left, right, normalize ? { normalize } : {});
  const unified = flags.has('u') || flags.has('U');
  const inContext = unified || flags.has('c') || flags.has('C');
  const contextSize = Number(lastValue(options, 'U') ?? lastValue(options, 'C') ?? '3');
  const ignorable = ignoredLines(options);
  if (ignorable) {
    const counts = ({ left: from, leftEnd, right: start, rightEnd }: Change) =>
      ![...left.slice(from, leftEnd), ...right.slice(start, rightEnd)].every((line) =>
        ignorable(line.replace(/\n$/, '')),
      );
    // What does not count is shown where it is near to what does.
    changes = inContext
      ? groupChanges(changes, contextSize)
          .filter((group) => group.some(counts))
          .flat()
      : changes.filter(counts);
  }
  if (changes.length === 0 && !beside) return await same();
  if (flags.has('q')) return await differ();
  if (nested) await context.stdout.line(`${command} ${names[0]} ${names[1]}`);
  const output = async (text: string) => {
    await context.stdout.write(lastValue(options, 'color') === 'always' ? coloured(text) : text);
    return 1;
  };
  if (flags.has('y')) {
    const width = Number(lastValue(options, 'W') ?? '130');
    const status = await output(sideBySide({ left, right, changes, width, differencesOnly: flags.has('suppress') }));
    return changes.length === 0 ? await same() : status;
  }
  if (flags.has('e')) return await output(edScript(changes, right));
  if (flags.has('n')) return await output(rcsScript(changes, right));
  const formats = lineFormats(options);
  if (formats) return await output(inLineFormats({ left, right, changes }, formats));
  if (inContext) {
    const labels = options.values.get('L') ?? [];
    const marks = unified ? ['---', '+++'] : ['***', '---'];
    for (const [index, name] of names.entries()) {
      await output(`${marks[index]} ${labels[index] ?? `${name}\t${timeOf(context, name)}`}\n`);
    }
    const heading = headingOf(options, left);
    const input = { left, right, changes, context: contextSize, ...(heading ? { heading } : {}) };
    await output(unified ? unifiedHunks(input) : contextHunks(input));
  } else for (const change of changes) await output(normalHunk(change, left, right));
  return 1;
}

/** Line by line, as `--color=always`. */
function coloured(text: string): string {
  const paint = (line: string) => {
    const code = /^(---|\+\+\+) /.test(line)
      ? '1'
      : /^(@@|\d)/.test(line)
        ? '36'
        : /^[-<]/.test(line)
          ? '31'
          : /^[+>]/.test(line)
            ? '32'
            : '';
    return code === '' || line === '---' ? line : `\x1b[${code}m${line}\x1b[0m`;
  };
  return text.split('\n').map(paint).join('\n');
}

function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8192).includes(0);
}

const TAB_STOP = 8;

function withoutTabs(line: string): string {
  let text = '';
  for (const char of line) text += char === '\t' ? ' '.repeat(TAB_STOP - (text.length % TAB_STOP)) : char;
  return text;
}

function normalizer(flags: ReadonlySet<string>): ((line: string) => string) | undefined {
  const steps: ((line: string) => string)[] = [];
  if (flags.has('E')) steps.push(withoutTabs);
  if (flags.has('strip')) steps.push((line) => line.replace(/\r(?=\n?$)/, ''));
  if (flags.has('w')) steps.push((line) => line.replace(/\s+/g, ''));
  else if (flags.has('b')) steps.push((line) => line.replace(/[ \t\r\v\f]+/g, ' ').replace(/\s+$/, ''));
  else if (flags.has('Z')) steps.push((line) => line.replace(/\s+$/, ''));
  if (flags.has('i')) steps.push((line) => line.toLowerCase());
  return steps.length === 0 ? undefined : (line) => steps.reduce((text, step) => step(text), line);
}

/** Whether a line does not count, under `-B` and `-I`. */
function ignoredLines({ flags, values }: Options): ((line: string) => boolean) | undefined {
  const patterns = (values.get('I') ?? []).map((text) => new RegExp(posixToRegExp(text, false), 'u'));
  if (!flags.has('B') && patterns.length === 0) return undefined;
  return (line) => (flags.has('B') && line === '') || patterns.some((pattern) => pattern.test(line));
}

const LONGEST_HEADING = 40;

/** `-p` and `-F`: the last line before a hunk that begins a function. */
function headingOf(options: Options, lines: readonly string[]): ((start: number) => string) | undefined {
  const given = lastValue(options, 'F');
  if (given === undefined && !options.flags.has('p')) return undefined;
  const begins = given === undefined ? /^[A-Za-z$_]/ : new RegExp(posixToRegExp(given, false), 'u');
  return (start) => {
    let at = start - 1;
    while (at >= 0 && !begins.test(lines[at] ?? '')) at -= 1;
    return (lines[at] ?? '').trim().slice(0, LONGEST_HEADING).trimEnd();
  };
}

/** Undefined where none is given. */
function lineFormats(options: Options): LineFormats | undefined {
  const every = lastValue(options, 'everyLine');
  const formats = {
    old: lastValue(options, 'oldLine') ?? every,
    fresh: lastValue(options, 'newLine') ?? every,
    unchanged: lastValue(options, 'sameLine') ?? every,
    changedGroup: lastValue(options, 'changedGroup'),
    unchangedGroup: lastValue(options, 'sameGroup'),
  };
  return Object.values(formats).some((format) => format !== undefined) ? formats : undefined;
}

function timeOf(context: UtilityContext, name: string): string {
  const stat = name === '-' ? null : context.sys.call('statOrNull', context.resolve(name), true);
  const ms = stat && (stat.mode & S_IFMT) !== S_IFDIR ? stat.mtimeMs : name === '-' ? Date.now() : 0;
  return strftime('%Y-%m-%d %H:%M:%S.%N %z', ms, zoneOf(context.env.get('TZ')));
}

function normalHunk({ left, leftEnd, right, rightEnd }: Change, a: readonly string[], b: readonly string[]): string {
  const range = (start: number, end: number) => (end - start <= 1 ? String(end) : `${start + 1},${end}`);
  const kind = left === leftEnd ? 'a' : right === rightEnd ? 'd' : 'c';
  const old = marked('< ', a.slice(left, leftEnd));
  const separator = kind === 'c' ? '---\n' : '';
  return `${range(left, leftEnd)}${kind}${range(right, rightEnd)}\n${old}${separator}${marked('> ', b.slice(right, rightEnd))}`;
}

interface ContextInput {
  left: readonly string[];
  right: readonly string[];
  changes: readonly Change[];
  context: number;
  heading?: (start: number) => string;
}

function contextHunks({ left, right, changes, context, heading }: ContextInput): string {
  let text = '';
  for (const group of groupChanges(changes, context)) {
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) continue;
    const before = Math.min(context, first.left, first.right);
    const after = Math.min(context, left.length - last.leftEnd, right.length - last.rightEnd);
    const side = (lines: readonly string[], key: 'left' | 'right') => {
      const [start, end] = [first[key] - before, last[`${key}End`] + after];
      const range = end - start <= 1 ? String(end) : `${start + 1},${end}`;
      if (group.every((change) => change[key] === change[`${key}End`])) return { range, body: '' };
      let body = '';
      let at = start;
      for (const change of group) {
        const both = change.left !== change.leftEnd && change.right !== change.rightEnd;
        body += marked('  ', lines.slice(at, change[key]));
        body += marked(both ? '! ' : key === 'left' ? '- ' : '+ ', lines.slice(change[key], change[`${key}End`]));
        at = change[`${key}End`];
      }
      return { range, body: body + marked('  ', lines.slice(at, end)) };
    };
    const [old, fresh] = [side(left, 'left'), side(right, 'right')];
    const title = heading?.(first.left - before) ?? '';
    text += `***************${title === '' ? '' : ` ${title}`}\n*** ${old.range} ****\n${old.body}--- ${fresh.range} ----\n${fresh.body}`;
  }
  return text;
}

/** Which files a command names to read, to write and to remove. */
import type { CommandStep } from './command-steps.ts';
import { type Argument, knownValue, literal } from './words.ts';

export interface Touched {
  readonly how: 'reads' | 'writes' | 'removes' | 'links';
  readonly target: Argument;
}

type CommandOnly = Extract<CommandStep, { kind: 'command' }>;

/** They say names, or look at what there is: no content comes out. */
const HARMLESS = new Set(
  'echo printf : true test [ [[ ls ll stat find du tree basename dirname realpath readlink which type wc-l exit git-check-ignore mkdir cd pushd'.split(
    ' ',
  ),
);
const REMOVES = new Set(['rm', 'rmdir', 'unlink', 'shred']);
const WRITES_ALL = new Set(['tee', 'truncate', 'touch', 'mkdir', 'chmod', 'chown', 'chgrp', 'mkfifo', 'mknod']);
const WRITES_LAST = new Set(['cp', 'mv', 'install', 'ln', 'link', 'rsync']);

export function touchedBy({ words, redirects, input }: CommandOnly): readonly Touched[] {
  const [first, ...args] = words;
  const name = knownValue(first) ?? '';
  const touched: Touched[] = redirects.flatMap(({ operator, target }) => [
    { how: operator.includes('>') ? ('writes' as const) : ('reads' as const), target },
    ...(operator === '<>' ? [{ how: 'reads' as const, target }] : []),
  ]);
  const plain = operands(args);
  touched.push(...patched(name, words, input ?? null));
  if (REMOVES.has(name)) touched.push(...plain.map((target) => ({ how: 'removes' as const, target })));
  else if (WRITES_ALL.has(name))
    touched.push(...(/^ch/.test(name) ? plain.slice(1) : plain).map((target) => ({ how: 'writes' as const, target })));
  else if (WRITES_LAST.has(name)) touched.push(...copied(name, args, plain));
  else touched.push(...written(name, args, plain));
  if (!HARMLESS.has(name) && !REMOVES.has(name)) touched.push(...withoutPattern(name, args, plain).flatMap(readIn));
  return touched;
}

/** `patch` and `git apply` write the files that the diff on their input names. */
function patched(name: string, words: readonly Argument[], input: CommandOnly['input']): readonly Touched[] {
  const isPatch = name === 'patch' || (name === 'git' && words.some(({ text }) => text === 'apply' || text === 'am'));
  if (!isPatch || !input || input === 'unknown') return [];
  const at = words.findIndex(({ text }) => /^-p/.test(text));
  const level = at < 0 ? null : Number(words[at]?.text.slice(2) || words[at + 1]?.text);
  const paths = [...input.text.matchAll(/^(?:---|\+\+\+) ([^\t\n]+)/gm)].map(([, path = '']) => path.trim());
  const strip = (path: string) =>
    path
      .split('/')
      .slice(level ?? (name === 'git' ? 1 : 0))
      .join('/');
  return paths
    .filter((path) => path !== '/dev/null')
    .flatMap((path) => [strip(path), ...(level === null ? [path.replace(/^[ab]\//, '')] : [])])
    .map((path): Touched => ({ how: 'writes', target: literal(path) }));
}

const SEARCHES = /^(?:[efz]?grep|rg|ag|ack|sed|g?awk|mawk|jq)$/;

/** What they look for, or do, is no file, though it may read like one. */
function withoutPattern(name: string, args: readonly Argument[], plain: readonly Argument[]): readonly Argument[] {
  if (!SEARCHES.test(name)) return args;
  const given = (arg: Argument | undefined) => /^(?:-[a-zA-Z]*e|--regexp|--expression)$/.test(arg?.text ?? '');
  const isGiven = args.some((arg) => given(arg) || /^(?:-[a-zA-Z]*[ef]|--regexp|--expression|--file)\b/.test(arg.text));
  return args.filter((arg, index) => !given(args[index - 1]) && (isGiven || arg !== plain[0]));
}

/** What is no option; "--" ends them. */
function operands(args: readonly Argument[]): readonly Argument[] {
  const end = args.findIndex(({ text }) => text === '--');
  const before = (end < 0 ? args : args.slice(0, end)).filter(({ text }) => !/^-./.test(text));
  return end < 0 ? before : [...before, ...args.slice(end + 1)];
}

function copied(name: string, args: readonly Argument[], plain: readonly Argument[]): readonly Touched[] {
  const at = args.findIndex(({ text }) => text === '-t' || text.startsWith('--target-directory'));
  const target = at < 0 ? plain.at(-1) : args[at]?.text === '-t' ? args[at + 1] : option(args[at]);
  const sources = at < 0 ? plain.slice(0, -1) : plain.filter((each) => each !== target);
  const touched: Touched[] = target ? [{ how: 'writes', target }] : [];
  // Into a folder, each keeps its name.
  const into = knownValue(target);
  if (into !== null && target)
    touched.push(...sources.map((source): Touched => ({ how: 'writes', target: inFolder(into, source) })));
  // A link leads to what it names: from its own folder, where it is relative.
  if (name === 'ln' && into !== null)
    touched.push(...sources.map((source): Touched => ({ how: 'links', target: fromFolder(into, source) })));
  if (name === 'mv') touched.push(...sources.map((source): Touched => ({ how: 'removes', target: source })));
  return touched;
}

function fromFolder(link: string, source: Argument): Argument {
  const folder = link.includes('/') ? link.slice(0, link.lastIndexOf('/')) : '.';
  const resolved = source.values?.map((path) => (/^[/~]/.test(path) ? path : `${folder}/${path}`)) ?? null;
  return { ...source, values: resolved };
}

function inFolder(folder: string, source: Argument): Argument {
  const base = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) ?? path;
  return {
    source: source.source,
    text: source.text,
    values: source.values?.map((path) => `${folder}/${base(path)}`) ?? null,
    glob: source.glob,
  };
}

/** Programs that write files only with some option. */
function written(name: string, args: readonly Argument[], plain: readonly Argument[]): readonly Touched[] {
  const writes = (targets: readonly (Argument | undefined)[]) =>
    targets.flatMap((target): Touched[] => (target ? [{ how: 'writes', target }] : []));
  const after = (pattern: RegExp) => args.flatMap((arg, index) => (pattern.test(arg.text) ? [args[index + 1]] : []));
  switch (name) {
    case 'sed': {
      const isScripted = args.some(({ text }) => /^(?:-[nErsuz]*[ef]|--expression|--file)/.test(text));
      const given = after(/^-[nErsuz]*[ef]$/);
      const files = (isScripted ? plain : plain.slice(1)).filter((each) => !given.includes(each));
      const isInPlace = args.some(({ text }) => /^-[nErsuz]*i|^--in-place/.test(text));
      return [...(isInPlace ? writes(files) : []), ...filesOfSed(isScripted ? args : plain.slice(0, 1))];
    }
    case 'dd':
      return args.flatMap((arg) => (arg.text.startsWith('of=') ? writes([option(arg)]) : []));
    case 'sort':
    case 'curl':
    case 'wget':
    case 'tsc':
      return writes(after(/^-[oO]$|^--output(?:-document)?$/));
    case 'tar':
    case 'unzip':
      return writes(after(/^(?:-C|-d|--directory)$/));
    case 'gzip':
    case 'gunzip':
    case 'bzip2':
    case 'xz':
      // The file gives way to its packed self.
      return args.some(({ text }) => /^-[a-z]*[clt]|^--(?:stdout|to-stdout|list|test)/.test(text))
        ? []
        : plain.map((target): Touched => ({ how: 'writes', target }));
    case 'awk':
    case 'gawk':
    case 'mawk':
      return writes(printedTo(plain[0]));
    case 'patch':
      return writes(plain.slice(0, 1));
    case 'git':
      return gitTouches(plain, args);
    case 'find':
      return [
        ...writes(after(/^-f(?:print0?|printf|ls)$/)),
        ...(args.some(({ text }) => text === '-delete')
          ? plain.slice(0, 1).map((target) => ({ how: 'removes' as const, target }))
          : []),
      ];
    default:
      return [];
  }
}

/** The address that a command of sed may have before it. */
const SED_ADDRESS = String.raw`(?:(?:\d+|\$|\/(?:\\.|[^\/\\\n])*\/I?)\s*(?:[,~]\s*[+~]?\s*(?:\d+|\$|\/(?:\\.|[^\/\\\n])*\/I?))?\s*)?!?\s*`;
const SED_FILE = new RegExp(String.raw`(?:^|[;{}\n])\s*${SED_ADDRESS}([rRwW])[ \t]*([^\s;}][^\n]*)`, 'g');
const SED_REPLACE_FILE = /s([^\w\s\\])(?:\\.|(?!\1)[^\\\n])*\1(?:\\.|(?!\1)[^\\\n])*\1[gIpmMe\d]*w[ \t]*([^\n]+)/g;

/** The files that a program of sed reads (`r`, `R`) and writes (`w`, `W`, `s///w`): a name goes to the end of the line. */
function filesOfSed(programs: readonly Argument[]): readonly Touched[] {
  return programs.flatMap((program) => {
    const text = knownValue(program) ?? '';
    const commands = [...text.matchAll(SED_FILE)].map(([, command = '', path = '']) => ({ command, path }));
    const replaced = [...text.matchAll(SED_REPLACE_FILE)].map(([, , path = '']) => ({ command: 'w', path }));
    return [...commands, ...replaced].map(
      ({ command, path }): Touched => ({ how: /r/i.test(command) ? 'reads' : 'writes', target: literal(path.trim()) }),
    );
  });
}

/** `print > "file"`, as far as the program says so. */
function printedTo(program: Argument | undefined): readonly Argument[] {
  const text = knownValue(program) ?? '';
  return [...text.matchAll(/\bprintf?\b[^;}\n]*?>{1,2}\s*"([^"]+)"/g)].map(([, path = '']) => literal(path));
}

function gitTouches(plain: readonly Argument[], args: readonly Argument[]): readonly Touched[] {
  const [sub, ...rest] = plain;
  const name = knownValue(sub);
  if (name === 'rm') return rest.map((target) => ({ how: 'removes', target }));
  if (name === 'checkout' || name === 'restore') {
    const end = args.findIndex(({ text }) => text === '--');
    // A branch is no file.
    const isPath = ({ text }: Argument) => name === 'restore' || /[./]/.test(text);
    const paths = end < 0 ? rest.filter(isPath) : args.slice(end + 1);
    return paths.filter(({ text }) => text !== '.').map((target): Touched => ({ how: 'writes', target }));
  }
  if (name === 'mv')
    return [
      ...rest.slice(0, -1).map((target): Touched => ({ how: 'removes', target })),
      ...rest.slice(-1).map((target): Touched => ({ how: 'writes', target })),
    ];
  return [];
}

/** A path may stand alone, after "=", "@" or ":": `--file=x`, `@x`, `HEAD:x`. */
function readIn(arg: Argument): readonly Touched[] {
  if (arg.text.startsWith('--env-file')) return [];
  // Its end may tell.
  if (arg.values === null) return arg.text.includes('/') ? [{ how: 'reads', target: arg }] : [];
  const values = arg.values.flatMap((value) => [value, ...(value.match(/(?<=[=@:])[^=@:]+$/) ?? [])]);
  return [{ how: 'reads', target: { ...arg, values } }];
}

const option = (arg: Argument | undefined): Argument | undefined => {
  const value = knownValue(arg);
  return arg && { ...arg, values: value === null ? null : [value.slice(value.indexOf('=') + 1)] };
};

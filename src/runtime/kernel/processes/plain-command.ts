/**
 * `sh -c 'NAME=value program "an argument"'`: a shell that has nothing to expand starts one program and waits for it. Where that is one of
 * Node the kernel does so itself, without the shell's Worker, in the environment that the shell would give it. All else is for the shell.
 */
import type { Place } from '../file-system/lookup.ts';
import { SystemError } from '../syscalls.ts';
import { type Program, pathIn, resolveProgram } from './programs.ts';
import type { StartRequest } from './start-request.ts';

/** A program, and the environment that a shell gives it. */
export interface PlainCommand {
  readonly program: Program;
  readonly env: string[];
}

/** Text that means itself, or what is between words. */
const PIECE = /([\w@%+:,./=-]+)|'([^'\n]*)'|"([^"$`\\!\n]*)"|[ \t]+/y;
const ASSIGNMENT = /^([A-Za-z_]\w*)=/;
const NAME = /^[A-Za-z_]\w*$/;
/** A shell looks at these, or has them for itself. */
const OF_THE_SHELL = /^(?:PATH|PWD|IFS|OPTIND|PPID|PS[124])$/;
/** Of these, the ones that it does not pass on where it has been given them. */
const KEPT = /^(?:IFS|OPTIND|PPID|PS[124])$/;

/** Names by which a shell means no program. */
export const SHELL_WORDS: ReadonlySet<string> = new Set(
  (
    '. : alias bg bind break builtin caller case cd command compgen complete compopt continue coproc declare dirs disown do done echo ' +
    'elif else enable esac eval exec exit export false fc fg fi for function getopts hash help history if in jobs kill let local ' +
    'logout mapfile popd printf pushd pwd read readarray readonly return select set shift shopt source suspend test then time times ' +
    'trap true type typeset ulimit umask unalias unset until wait while'
  ).split(' '),
);

const SHELL = /(?:^|\/)sh$/;

/** The text that a program would run as a shell, where it would do no more than that. */
export function textOfShell({ image, argv }: Program): string | null {
  const [shell = '', option, text, ...others] = argv;
  return image === 'shell' && SHELL.test(shell) && option === '-c' && others.length === 0 ? (text ?? null) : null;
}

/** What a shell only waits for that runs this text, in this environment; null where it has more to do. */
export function resolvePlain(
  place: Place,
  text: string,
  { env, cwdPath }: Pick<StartRequest, 'env' | 'cwdPath'>,
): PlainCommand | null {
  const command = readCommand(text);
  const inherited = command && environmentOfShell(env, cwdPath);
  if (!inherited) return null;
  const { words, assignments } = command;
  const given = Array.from(new Map([...inherited, ...assignments]), ([name, value]) => `${name}=${value}`);
  try {
    const program = resolveProgram(place, words[0] ?? '', words, pathIn(given));
    return program.image === 'node' ? { program, env: given } : null;
  } catch (error) {
    // The shell says what is wrong.
    if (error instanceof SystemError) return null;
    throw error;
  }
}

interface ReadCommand {
  assignments: [name: string, value: string][];
  words: string[];
}

/** Null when the text is more than assignments, the name of a program, and arguments. */
function readCommand(text: string): ReadCommand | null {
  const read = readWords(text);
  const count = read?.findIndex(({ variable }) => variable === '') ?? -1;
  if (read === null || count < 0) return null;
  const words = read.slice(count).map((word) => word.text);
  const assigned = read.slice(0, count);
  if (SHELL_WORDS.has(words[0] ?? '') || assigned.some(({ variable }) => OF_THE_SHELL.test(variable))) return null;
  return { assignments: assigned.map((word) => [word.variable, word.text.slice(word.variable.length + 1)]), words };
}

interface Word {
  text: string;
  /** The one that is assigned to, if the word stands in front of the command; else empty. */
  readonly variable: string;
}

/** Null when a word would have to be expanded, or there is more than words. */
function readWords(text: string): Word[] | null {
  const words: Word[] = [];
  let word: Word | null = null;
  for (PIECE.lastIndex = 0; PIECE.lastIndex < text.length; ) {
    const piece = PIECE.exec(text);
    if (piece === null) return null;
    const [, plain, single, double] = piece;
    const content = plain ?? single ?? double;
    if (content === undefined) {
      word = null;
    } else if (word === null) {
      word = { text: content, variable: ASSIGNMENT.exec(plain ?? '')?.[1] ?? '' };
      words.push(word);
    } else {
      word.text += content;
    }
  }
  return words;
}

/** What a shell exports of what it was given; null when it knows better. */
function environmentOfShell(env: readonly string[], cwdPath: string): Map<string, string> | null {
  const variables = new Map<string, string>();
  for (const entry of env) {
    const equals = entry.indexOf('=');
    const name = entry.slice(0, equals);
    if (KEPT.test(name)) return null;
    if (NAME.test(name)) variables.set(name, entry.slice(equals + 1));
  }
  return variables.set('PWD', cwdPath);
}

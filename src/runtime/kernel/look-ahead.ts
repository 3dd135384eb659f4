/**
 * What a program of the image `node` asks before its first line, answered with its launch: where its main script is, of which package
 * it is, and what it holds. The process keeps these answers as it keeps those that it asked for.
 */
import { indexOf, NEVER_KEPT, type Stamps } from './channel/stamps.ts';
import { S_IFLNK, S_IFMT, S_IFREG } from './file-modes.ts';
import { MAX_PATH } from './file-system/lookup.ts';
import type { Foreknowledge, ForeseenAnswer } from './launch.ts';
import { type Stat, type Syscalls, SystemError } from './syscalls.ts';

type Question = 'stat' | 'readFile' | 'descriptorKind' | 'getcwd';

/** Makes a call as the process would; `visited` takes the inodes that the answer depends on. */
export type AskAs = <Name extends Question>(
  name: Name,
  args: Parameters<Syscalls[Name]>,
  visited: number[],
) => ReturnType<Syscalls[Name]>;

const MAX_CONTENT = 64 * 1024;
const STANDARD_STREAMS = [0, 1, 2];

/** `stamps` are those of the process. */
export function lookAhead(ask: AskAs, stamps: Stamps, argv: readonly string[]): Foreknowledge {
  const answers = new Map<string, ForeseenAnswer>();
  const outcomeOf = <T>(action: (visited: number[]) => T, keep: (answer: ForeseenAnswer, value: T | null) => void) => {
    const visited: number[] = [];
    let value: T | null = null;
    let code: string | null = null;
    try {
      value = action(visited);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      code = error.code;
    }
    if (visited.includes(NEVER_KEPT)) return null;
    const answer: ForeseenAnswer = { kind: 'stat', path: '', value: null, code, indices: visited.map(indexOf), sum: 0 };
    answer.sum = stamps.sum(visited);
    keep(answer, value);
    answers.set(`${answer.kind} ${answer.path}`, answer);
    return value;
  };
  const stat = (path: string, follow: boolean): Stat | null =>
    outcomeOf(
      (visited) => ask('stat', [path, follow], visited),
      (answer, value) => Object.assign(answer, { kind: follow ? 'stat' : 'linkStat', path, value }),
    );
  const read = (path: string, { mode, size }: Stat): void => {
    if ((mode & S_IFMT) !== S_IFREG || size > MAX_CONTENT) return;
    outcomeOf(
      (visited) => ask('readFile', [path], visited),
      (answer, value) => Object.assign(answer, { kind: 'content', path, value: value && new Uint8Array(value) }),
    );
    // The time of its last access has moved.
    stat(path, true);
    stat(path, false);
  };

  const cwd = attempt(() => ask('getcwd', [], []));
  const script = argv[1];
  if (cwd !== null && script !== undefined && script !== '' && script.length < MAX_PATH && !script.startsWith('-')) {
    const folders = foldersOf(`${script.startsWith('/') ? '' : cwd}/${script}`);
    const path = folders.at(-1) ?? '/';
    const file = stat(path, true);
    if (file !== null) {
      const links = folders.map((folder) => stat(folder, false));
      // Behind a link the script has another path.
      if (links.every((link) => link !== null && (link.mode & S_IFMT) !== S_IFLNK)) {
        read(path, file);
        readPackage(folders.slice(0, -1), (candidate) => {
          const found = stat(candidate, true);
          if (found) read(candidate, found);
          return found !== null;
        });
      }
    }
  }
  return {
    cwd,
    answers: [...answers.values()],
    kinds: STANDARD_STREAMS.map((fd) => attempt(() => ask('descriptorKind', [fd], []))),
  };
}

/** "/a/../b/c" -> "/b", "/b/c". */
function foldersOf(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
}

/** Looks for the package.json of the innermost folder, or of one above it, as Node does. */
function readPackage(folders: readonly string[], isThere: (path: string) => boolean): void {
  for (const folder of [...folders].reverse().concat('')) {
    if (folder.endsWith('/node_modules') || isThere(`${folder}/package.json`)) return;
  }
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return null;
  }
}

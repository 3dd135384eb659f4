/**
 * Relative paths. What a process knows of names and files it knows by absolute paths, from the root on: while it is certain that these lead
 * to the working directory, its calls are made with them.
 */
import { type SyscallName, SystemError } from '../../kernel/syscalls.ts';
import type { Knowledge, RelativePaths } from './knowledge.ts';
import { Kind } from './known-names.ts';
import { learnName } from './name-calls.ts';

/** Where each call has its paths. */
const PATHS: Partial<Record<SyscallName, readonly number[]>> = {
  access: [0],
  chmod: [0],
  chown: [0],
  link: [0, 1],
  mkdir: [0],
  open: [0],
  readFile: [0],
  readdir: [0],
  readlink: [0],
  rename: [0, 1],
  rmdir: [0],
  stat: [0],
  statOrNull: [0],
  symlink: [1],
  unlink: [0],
  utimes: [0],
  writeFile: [0],
};
const SLASH = 47;
/** Longer ones are left to the kernel, which has limits for them. */
const MAX_PATH = 1024;
/** To find out where the folder is takes so many questions, */
const QUESTIONS = 3;
/** so that many relative paths are waited for, more where others change it often, */
const FIRST_PATIENCE = 2;
const MOST_PATIENCE = 256;
/** and more where the process only reads: most of those have done with a few. */
const READER_PATIENCE = 4;

/** The working directory, when it was asked for. */
interface Home {
  readonly path: string;
  readonly number: number;
}

export class HomeFolder implements RelativePaths {
  readonly #knowledge: Knowledge;
  #known: Home | null = null;
  #asked = 0;
  #patience = FIRST_PATIENCE;
  /** Paths that were answered since it is known. */
  #served = 0;

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  atRoot<Args extends readonly unknown[]>(name: SyscallName, args: Args): Args {
    const places = PATHS[name];
    // Making folders on the way answers a part of the path that was given.
    if (places === undefined || (name === 'mkdir' && args[2] === true)) return args;
    let changed: unknown[] | null = null;
    for (const at of places) {
      const path = args[at] as string;
      const whole = this.absolute(path);
      if (whole === path) continue;
      changed ??= [...args];
      changed[at] = whole;
    }
    return changed === null ? args : (changed as unknown as Args);
  }

  absolute(path: string): string {
    if (!isRelative(path) || !this.#isCertain()) return path;
    const whole = `${this.#known?.path}/${path}`;
    return whole.length > MAX_PATH ? path : whole;
  }

  forget(): void {
    if (this.#known === null) return;
    this.#known = null;
    this.#asked = 0;
    this.#patience = this.#served > QUESTIONS ? FIRST_PATIENCE : Math.min(MOST_PATIENCE, this.#patience * 2);
    this.#served = 0;
  }

  #isCertain(): boolean {
    const { names } = this.#knowledge;
    if (this.#known && names.at(this.#known.path)?.number === this.#known.number) {
      this.#served++;
      return true;
    }
    this.forget();
    if (++this.#asked < this.#patience * (names.isWanted ? 1 : READER_PATIENCE)) return false;
    this.#asked = 0;
    this.#known = this.#find();
    if (this.#known === null) this.#patience = Math.min(MOST_PATIENCE, this.#patience * 2);
    return this.#known !== null;
  }

  /** Null where it was removed, and for the root, which has no name. */
  #find(): Home | null {
    const { ask, files } = this.#knowledge;
    files.settle();
    try {
      const path = ask('getcwd', []);
      const { ino } = ask('stat', ['.', true]);
      if (path === '/' || ask('stat', [path, true]).ino !== ino) return null;
      learnName(this.#knowledge, path, { number: ino, kind: Kind.folder }, 0);
      return { path, number: ino };
    } catch (error) {
      if (error instanceof SystemError) return null;
      throw error;
    }
  }
}

/** One that goes from folder to folder by their names. */
const isRelative = (path: string): boolean =>
  path !== '' && path.charCodeAt(0) !== SLASH && !/(?:^|\/)\.\.?(?:\/|$)|\0/.test(path);

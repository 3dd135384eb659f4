/** A regular expression as a program of few kinds of instructions. */
import type { Pattern } from './parse-pattern.ts';

/** Goes on with the next one, where nothing else is said. */
export type Instruction =
  | { readonly kind: 'character'; readonly takes: (code: number) => boolean }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'match' }
  | { readonly kind: 'fork'; first: number; second: number }
  /** What is looked for stands between, and ends with a `match`. */
  | { readonly kind: 'look'; readonly wanted: boolean; readonly first: number; next: number };

const MOST_INSTRUCTIONS = 20_000;

/** SyntaxError for what is too large. */
export function programOf(pattern: Pattern): Instruction[] {
  const program: Instruction[] = [];
  emit(program, pattern);
  program.push({ kind: 'match' });
  return program;
}

function character(source: string): Instruction {
  if (source.length === 1 && source !== '.') {
    const wanted = source.charCodeAt(0);
    return { kind: 'character', takes: (code) => code === wanted };
  }
  const pattern = new RegExp(`^${source}$`);
  const known = new Map<number, boolean>();
  const takes = (code: number) => {
    const before = known.get(code);
    if (before !== undefined) return before;
    const isTaken = pattern.test(String.fromCharCode(code));
    known.set(code, isTaken);
    return isTaken;
  };
  return { kind: 'character', takes };
}

function emit(program: Instruction[], pattern: Pattern): void {
  if (program.length > MOST_INSTRUCTIONS) throw new SyntaxError('is too large');
  if (pattern.type === 'sequence') for (const part of pattern.parts) emit(program, part);
  else if (pattern.type === 'choice') emitChoice(program, pattern.parts);
  else if (pattern.type === 'repeat') emitRepeat(program, pattern);
  else if (pattern.type === 'look') emitLook(program, pattern);
  else program.push(pattern.type === 'character' ? character(pattern.source) : { kind: pattern.type });
}

function emitLook(program: Instruction[], { part, wanted }: Extract<Pattern, { type: 'look' }>): void {
  const look = { kind: 'look' as const, wanted, first: program.length + 1, next: 0 };
  program.push(look);
  emit(program, part);
  program.push({ kind: 'match' });
  look.next = program.length;
}

function forkHere(program: Instruction[]): { first: number; second: number } {
  const fork = { kind: 'fork' as const, first: program.length + 1, second: 0 };
  program.push(fork);
  return fork;
}

function emitChoice(program: Instruction[], [part, ...others]: readonly Pattern[]): void {
  if (part === undefined) return;
  if (others.length === 0) {
    emit(program, part);
    return;
  }
  const fork = forkHere(program);
  emit(program, part);
  const leave = forkHere(program);
  fork.second = program.length;
  emitChoice(program, others);
  leave.first = program.length;
  leave.second = program.length;
}

function emitRepeat(program: Instruction[], { part, least, most }: Extract<Pattern, { type: 'repeat' }>): void {
  for (let count = 0; count < least; count++) emit(program, part);
  if (most === Number.POSITIVE_INFINITY) {
    const start = program.length;
    const fork = forkHere(program);
    emit(program, part);
    const again = forkHere(program);
    again.first = start;
    again.second = start;
    fork.second = program.length;
    return;
  }
  const forks = [];
  for (let count = least; count < most; count++) {
    forks.push(forkHere(program));
    emit(program, part);
  }
  for (const fork of forks) fork.second = program.length;
}

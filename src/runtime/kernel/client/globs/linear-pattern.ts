/**
 * Regular expressions that are matched in a time that grows with the text, not with the ways to match it: a page writes the globs of an
 * export, programs write the names, and a name that the browser's own engine would try for hours stopped the kernel.
 *
 * Of what a browser has, the part without back references and looking behind: with them there is no such time.
 */
import { parsePattern } from './parse-pattern.ts';
import { type Instruction, programOf } from './pattern-program.ts';
import { waysOf } from './ways.ts';

/** So many ways the browser's engine, which is faster, may try. */
const FEW = 5000;

/** SyntaxError for what is no such expression. */
export function linearPattern(source: string): (text: string) => boolean {
  const pattern = parsePattern(source);
  const program = programOf(pattern);
  const native = new RegExp(source);
  const { factor, stars } = waysOf(pattern);
  return (text) => {
    if (factor * (text.length + 1) ** stars <= FEW) return native.test(text);
    return new Run(program, text).reaches(0, 0);
  };
}

type Test = Exclude<Instruction, { kind: 'match' } | { kind: 'fork' }>;

/** One text. What was reached once is not tried again: each instruction at each place at most once. */
class Run {
  readonly #program: readonly Instruction[];
  readonly #text: string;
  readonly #width: number;
  readonly #seen: Uint8Array;
  /** Where to go on: of what is looked for, behind what goes on when it was found. */
  readonly #left: number[] = [];

  constructor(program: readonly Instruction[], text: string) {
    this.#program = program;
    this.#text = text;
    this.#width = text.length + 1;
    this.#seen = new Uint8Array(program.length * this.#width);
  }

  /** Whether the expression that begins at an instruction matches from a place on. */
  reaches(start: number, place: number): boolean {
    const width = this.#width;
    const left = this.#left;
    const before = left.length;
    left.push(start * width + place);
    while (left.length > before) {
      const state = left.pop() as number;
      if (this.#seen[state]) continue;
      this.#seen[state] = 1;
      const at = state % width;
      const index = (state - at) / width;
      const instruction = this.#program[index] as Instruction;
      if (instruction.kind === 'match') {
        left.length = before;
        return true;
      }
      if (instruction.kind === 'fork') left.push(instruction.second * width + at, instruction.first * width + at);
      else if (this.#passes(instruction, at)) {
        const next = instruction.kind === 'look' ? instruction.next : index + 1;
        left.push(next * width + at + (instruction.kind === 'character' ? 1 : 0));
      }
    }
    return false;
  }

  #passes(instruction: Test, at: number): boolean {
    switch (instruction.kind) {
      case 'character':
        return at < this.#text.length && instruction.takes(this.#text.charCodeAt(at));
      case 'start':
        return at === 0;
      case 'end':
        return at === this.#text.length;
      case 'look':
        return this.#looks(instruction, at) === instruction.wanted;
    }
  }

  /** What failed once fails from every place that leads to it; what was seen on the way to a success says nothing. */
  #looks({ first, next }: Extract<Instruction, { kind: 'look' }>, at: number): boolean {
    const found = this.reaches(first, at);
    if (found) this.#seen.fill(0, first * this.#width, next * this.#width);
    return found;
  }
}

/** Where V8 counts: what is counted of a source, and the edits that put counters there. Lines stay as they are. */
import { type Edit, insertion } from '../modules/transform/edits.ts';
import { OPEN } from './block-ranges.ts';

/** In place of a counter: control never gets there. */
export const NEVER = -1;

export interface CountedPlace {
  start: number;
  /** {@link OPEN} where control goes on. */
  end: number;
  counter: number;
}

export interface CountedFunction extends CountedPlace {
  name: string;
  /** It is compiled with the function around it: its blocks are known though nobody called it. */
  eager: boolean;
  blocks: CountedPlace[];
}

/** How the text is written that counts. */
export interface CounterText {
  /** An expression that counts. */
  count(counter: number): string;
  /** In front of `value,count)`: gives the value. */
  valueOpening: string;
  /** In front of `value)`: counts when the value is not nullish, and gives it. */
  linkOpening(counter: number): string;
}

/** A function that is being read. */
export interface Frame {
  counted: CountedFunction;
  /** Where control goes on behind something: of those that end at one place, the outermost counts. */
  continuations: Set<number>;
  targets: JumpTarget[];
  /** Its statements have a value that may be looked at. */
  hasValue: boolean;
}

/** What `break` and `continue` may mean. */
export interface JumpTarget {
  labels: readonly string[];
  kind: 'block' | 'loop' | 'switch';
  /** What counts a `break`. */
  counter?: number | undefined;
  isBroken: boolean;
  isContinued: boolean;
}

export class CountedSource {
  readonly source: string;
  readonly functions: CountedFunction[] = [];
  readonly edits: Edit[] = [];
  counters = 0;
  readonly text: CounterText;

  constructor(source: string, text: CounterText) {
    this.source = source;
    this.text = text;
  }

  insert(at: number, text: string): void {
    this.edits.push(insertion(at, text));
  }

  enter(place: { name: string; start: number; end: number; eager: boolean; hasValue?: boolean }): Frame {
    const { hasValue = false, ...told } = place;
    const counted: CountedFunction = { ...told, counter: this.counters++, blocks: [] };
    this.functions.push(counted);
    return { counted, continuations: new Set(), targets: [], hasValue };
  }

  block({ counted }: Frame, start: number, end: number): number {
    const counter = this.counters++;
    counted.blocks.push({ start, end, counter });
    return counter;
  }

  /** Control never goes on there. */
  unreached(frame: Frame, at: number, isLast: boolean): void {
    if (this.#takes(frame, at, isLast)) frame.counted.blocks.push({ start: at, end: OPEN, counter: NEVER });
  }

  /** The counter of what follows, if that counts for itself. `isLast`: nothing follows in the list of statements. */
  continuation(frame: Frame, at: number, isLast: boolean): number | undefined {
    return this.#takes(frame, at, isLast) ? this.block(frame, at, OPEN) : undefined;
  }

  #takes({ continuations }: Frame, at: number, isLast: boolean): boolean {
    if (continuations.has(at)) return false;
    continuations.add(at);
    return !isLast;
  }

  /** A statement that counts, behind any other. */
  statement({ hasValue }: Frame, counter: number): string {
    const count = this.text.count(counter);
    // A declaration has no value of its own.
    return hasValue ? `;{let $=${count}}` : `;${count};`;
  }
}

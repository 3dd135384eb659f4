/**
 * `timeout` of vm scripts. The thread that would interrupt a loop is the one that runs it, so the loops of a script with a
 * limit look at the clock themselves. What runs outside of the script's own text (a function that it was given) is not stopped.
 */
import type * as acorn from 'acorn';
import { type Edit, insertion } from '../modules/transform/edits.ts';
import { type AnyNode, forEachChild } from '../modules/transform/syntax-tree.ts';
import { VM_GUARD, VM_TICK } from './names.ts';

/** The clock is asked once in so many turns. */
const TURNS = 64;

/** Thrown through the script, which cannot catch it. */
export class ScriptTimedOut extends Error {}

/** The edits that let every loop be interrupted, and no `catch` keep that from happening. */
export function guardEdits(program: acorn.Program): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: AnyNode): void => {
    switch (node.type) {
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        if (node.body.type === 'BlockStatement') edits.push(insertion(node.body.start + 1, `${VM_TICK}();`));
        else edits.push(insertion(node.body.start, `{${VM_TICK}();`), insertion(node.body.end, '}'));
        break;
      case 'CatchClause': {
        const { param, body } = node;
        if (param === null || param === undefined) edits.push(insertion(body.start, '(__vmError)'));
        const name = param?.type === 'Identifier' ? param.name : '__vmError';
        if (!param || param.type === 'Identifier') edits.push(insertion(body.start + 1, `${VM_GUARD}(${name});`));
        break;
      }
    }
    forEachChild(node, visit);
  };
  visit(program);
  return edits;
}

/** The limits of the scripts that run now, one inside the other. */
export class ScriptTimers {
  readonly #now: () => number;
  #deadline = Number.POSITIVE_INFINITY;
  #turns = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly tick = (): void => {
    if (++this.#turns % TURNS === 0 && this.#now() > this.#deadline) throw new ScriptTimedOut();
  };

  readonly guard = (error: unknown): void => {
    if (error instanceof ScriptTimedOut && this.#now() > this.#deadline) throw error;
  };

  /** Runs the callback, and throws `timedOut()` when its time is over; where that of a script around it ends before, {@link ScriptTimedOut}. */
  limit<T>(milliseconds: number, callback: () => T, timedOut: () => Error): T {
    const outer = this.#deadline;
    const own = this.#now() + milliseconds;
    this.#deadline = Math.min(outer, own);
    try {
      return callback();
    } catch (error) {
      throw error instanceof ScriptTimedOut && own <= outer ? timedOut() : error;
    } finally {
      this.#deadline = outer;
    }
  }
}

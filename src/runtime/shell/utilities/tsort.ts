import type { Utility } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { wrongUse } from './wrong-use.ts';

/** Words so that in each pair the first comes before the second. */
export const tsort: Utility = async (context) => {
  const [name = '-', extra] = context.args;
  if (extra !== undefined) return await wrongUse(context, `extra operand '${extra}'`);
  let text = '';
  const complete = await eachInput(context, { names: [name] }, async (reader) => {
    text = await reader.text();
  });
  if (!complete) return 1;
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length % 2 === 1) {
    await context.complain(`${name}: input contains an odd number of tokens`);
    return 1;
  }
  const graph = new Graph(words);
  const left = new Set(graph.names);
  /** Those with nothing before them, in the order in which they came to be so. */
  const ready = graph.names.filter((word) => graph.before(word) === 0);
  let status = 0;
  while (left.size > 0) {
    const next = ready.shift();
    if (next !== undefined) {
      left.delete(next);
      await context.stdout.line(next);
      ready.push(...graph.release(next));
      continue;
    }
    status = 1;
    const loop = graph.loopAmong(left);
    await context.stdout.flush();
    await context.complain(`${name}: input contains a loop:`);
    for (const word of loop) await context.complain(word);
    const [first = '', second = first] = [loop.at(-1), loop[0]];
    if (graph.cut(first, second)) ready.push(second);
  }
  return status;
};

class Graph {
  readonly names: string[];
  readonly #after = new Map<string, string[]>();
  readonly #count = new Map<string, number>();

  constructor(words: readonly string[]) {
    this.names = [...new Set(words)].sort((a, b) => (a < b ? -1 : 1));
    for (let i = 0; i < words.length; i += 2) {
      const [first = '', second = ''] = [words[i], words[i + 1]];
      if (first === second) continue;
      this.#after.set(first, [...(this.#after.get(first) ?? []), second]);
      this.#count.set(second, this.before(second) + 1);
    }
  }

  /** How many pairs still have others before it. */
  before(word: string): number {
    return this.#count.get(word) ?? 0;
  }

  /** What has nothing before it any more, once a word was written. */
  release(word: string): string[] {
    const free: string[] = [];
    // What was told of last comes first, as GNU tsort links its list.
    for (const other of [...(this.#after.get(word) ?? [])].reverse()) {
      this.#count.set(other, this.before(other) - 1);
      if (this.before(other) === 0) free.push(other);
    }
    return free;
  }

  /** Words each of which comes before the next, and the last before the first. */
  loopAmong(left: ReadonlySet<string>): string[] {
    const trail: string[] = [];
    let at = this.names.find((word) => left.has(word)) ?? '';
    while (!trail.includes(at)) {
      trail.push(at);
      const from = at;
      at = this.names.find((word) => left.has(word) && (this.#after.get(word) ?? []).includes(from)) ?? '';
    }
    // Found backwards; the first of them stays the first.
    const [first = '', ...others] = trail.slice(trail.indexOf(at));
    return [first, ...others.reverse()];
  }

  /** Takes one pair out; whether the second has nothing before it now. */
  cut(first: string, second: string): boolean {
    const others = this.#after.get(first) ?? [];
    const at = others.indexOf(second);
    if (at === -1) return false;
    this.#after.set(first, others.toSpliced(at, 1));
    this.#count.set(second, this.before(second) - 1);
    return this.before(second) === 0;
  }
}

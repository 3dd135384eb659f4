import type { Declaration, FileDeclarations } from './declarations/declaration.ts';

/** A function this long is a file of its own: what it declares belongs to the outline. */
const LONG_FUNCTION = 60;
const MOST = 250;

/** The declarations of a file that a reader looks for first, indented by what they stand in: "12-30: function total(cart)". */
export function outlineOf({ declarations, problem }: FileDeclarations): string {
  const shown = declarations
    .filter(belongs)
    .sort((a, b) => a.from - b.from || b.to - a.to)
    .filter((each, index, all) => !isSameStatement(each, all[index - 1]));
  const around: Declaration[] = [];
  const lines = shown.slice(0, MOST).map((each) => {
    while (around.length > 0 && (around.at(-1)?.to ?? 0) < each.from) around.pop();
    const indent = '  '.repeat(around.length);
    if (each.to > each.from) around.push(each);
    return `${indent}${each.from === each.to ? each.from : `${each.from}-${each.to}`}: ${describe(each)}`;
  });
  const more = shown.length > MOST ? [`… and ${shown.length - MOST} more: read_file shows them.`] : [];
  const note = problem === null ? [] : [`It does not parse (${problem}); found by patterns:`];
  return [...note, ...(lines.length > 0 ? lines : ['It declares nothing.']), ...more].join('\n');
}

/** One pattern binds many names: its source is told once. */
const isSameStatement = (each: Declaration, before: Declaration | undefined): boolean =>
  before !== undefined &&
  each.kind === 'variable' &&
  each.from === before.from &&
  each.to === before.to &&
  each.signature === before.signature;

function belongs({ kind, depth, within }: Declaration): boolean {
  if (kind === 'import') return false;
  if (kind === 'suite' || kind === 'test') return true;
  if (depth === 0) return true;
  // Of a function's insides only what is a function itself, and only where the function is long.
  return within >= LONG_FUNCTION && depth <= 3 && (kind === 'function' || kind === 'class' || kind === 'method');
}

/** The source's own words; what they leave out is said in brackets. */
export function describe({ name, kind, signature, exported, source }: Declaration): string {
  if (kind === 're-export')
    return `export ${name}${source === undefined || source === name ? '' : ` (from ${source})`}`;
  const isMarked = /^(?:export|module|exports)\b/.test(signature) || !exported;
  const isNamed = signature.includes(name);
  return `${signature}${isNamed ? '' : ` (${name})`}${isMarked ? '' : ' (exported)'}`;
}

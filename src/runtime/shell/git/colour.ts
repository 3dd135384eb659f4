/** git's colours: when they are wanted, and what they make of its outputs. */
import type { GitCall } from './call.ts';
import { type GitOptions, lastOf } from './command-line.ts';
import { repositoryAround } from './repository-around.ts';

export const RESET = '\x1b[m';
export const RED = '\x1b[31m';
export const GREEN = '\x1b[32m';
export const YELLOW = '\x1b[33m';
export const BLUE = '\x1b[34m';
export const CYAN = '\x1b[36m';
const BOLD = '\x1b[1m';
const ERROR = '\x1b[41m';

export const painted = (colour: string, text: string, on = true): string => (on ? `${colour}${text}${RESET}` : text);

/** `--color`, `--color=WHEN`, else `color.SLOT` and `color.ui`: always, never, or on a terminal. */
export async function wantsColour(call: GitCall, slot: string, options?: GitOptions): Promise<boolean> {
  if (options?.flags.has('no-color')) return false;
  const asked = options?.flags.has('color') ? (lastOf(options, 'color') ?? 'always') : undefined;
  const repository = repositoryAround(call);
  const setting =
    asked ?? (await repository?.config(`color.${slot}`)) ?? (await repository?.config('color.ui')) ?? 'auto';
  if (setting === 'always') return true;
  if (!/^(auto|true|yes|on|1)$/.test(setting)) return false;
  const term = call.context.env.get('TERM');
  return call.context.stdout.descriptor?.kind === 'tty' && term !== undefined && term !== 'dumb';
}

/** Of a patch, `diff --cc` included. */
export function colourPatch(patch: string): string {
  let parents = 0;
  const lines = patch.split('\n');
  const last = lines.pop() ?? '';
  const coloured = lines.map((line) => {
    const hunk = /^(@@+ .*? @@+)( ?)(.*)$/s.exec(line);
    if (hunk && (parents > 0 || line.startsWith('@@'))) {
      parents = (/^@+/.exec(line)?.[0].length ?? 2) - 1;
      const heading = hunk[2] === '' ? '' : ` ${RESET}${hunk[3]}${RESET}`;
      return painted(CYAN, hunk[1] ?? '') + heading;
    }
    if (/^(diff --|index [\da-f])/.test(line)) parents = line.startsWith('diff --') ? 0 : parents;
    if (parents === 0) return /^Binary files /.test(line) ? line : painted(BOLD, line);
    const marks = line.slice(0, parents);
    if (marks.includes('+')) return parents === 1 ? addedLine(line) : painted(GREEN, line);
    if (marks.includes('-')) return painted(RED, line);
    return line + RESET;
  });
  return [...coloured, last].join('\n');
}

/** White space at its end, and spaces before a tab at its beginning, are marked as errors. */
function addedLine(line: string): string {
  const [, indent = '', body = '', tail = ''] = /^\+((?: *\t)*)(.*?)(\s*)$/s.exec(line) ?? [];
  const start = indent.replace(/ +(?=\t)/g, (spaces) => painted(ERROR, spaces));
  const end = tail === '' ? '' : painted(ERROR, tail);
  return painted(GREEN, '+') + start + (body === '' ? '' : painted(GREEN, body)) + end;
}

/** The plus and minus signs of `--stat`. */
export function colourGraph(graph: string): string {
  return graph.replace(/\++/, (signs) => painted(GREEN, signs)).replace(/-+$/, (signs) => painted(RED, signs));
}

/** ` (HEAD -> main, tag: v1, origin/main)`, behind a commit's id. */
export function colourDecoration(
  text: string,
  remotes: readonly string[],
  [open, close]: readonly [string, string] = [' (', ')'],
): string {
  const names = /^ \((.*)\)$/s.exec(text)?.[1]?.split(', ');
  if (!names) return text;
  const shown = names.map((name) => {
    if (name.startsWith('HEAD -> '))
      return `${painted('\x1b[1;36m', 'HEAD -> ')}${painted('\x1b[1;32m', name.slice('HEAD -> '.length))}`;
    if (name === 'HEAD') return painted('\x1b[1;36m', name);
    if (name.startsWith('tag: ')) return painted('\x1b[1;33m', name);
    if (name === 'refs/stash') return painted('\x1b[1;35m', name);
    return painted(remotes.some((remote) => name.startsWith(`${remote}/`)) ? '\x1b[1;31m' : '\x1b[1;32m', name);
  });
  return `${painted(YELLOW, open)}${shown.join(painted(YELLOW, ', '))}${painted(YELLOW, close)}`;
}

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const ATTRIBUTES: Readonly<Record<string, number>> = {
  bold: 1,
  dim: 2,
  italic: 3,
  ul: 4,
  blink: 5,
  reverse: 7,
  strike: 9,
};

/** What `%C(…)` and `color.…` name: words, the first colour for the text and the second for its ground. */
export function colourCode(words: string): string {
  const attributes: number[] = [];
  const parts: string[] = [];
  let ground = 30;
  for (const word of words.trim().split(/[\s,]+/)) {
    const negated = word.replace(/^no-?/, '');
    if (word === 'reset') return RESET;
    if (word in ATTRIBUTES) attributes.push(ATTRIBUTES[word] ?? 0);
    else if (negated !== word && negated in ATTRIBUTES) attributes.push(20 + (ATTRIBUTES[negated] ?? 0));
    else {
      const bright = word.replace(/^bright/, '');
      const index = NAMES.indexOf(bright);
      const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(word);
      if (index !== -1) parts.push(String(ground + index + (bright === word ? 0 : 60)));
      else if (/^\d+$/.test(word)) parts.push(`${ground + 8};5;${word}`);
      else if (hex)
        parts.push(
          `${ground + 8};2;${hex
            .slice(1)
            .map((digits) => Number.parseInt(digits, 16))
            .join(';')}`,
        );
      if (index !== -1 || /^(\d+|#.*|normal|default)$/.test(word)) ground = 40;
    }
  }
  const codes = [...attributes.sort((a, b) => a - b), ...parts];
  return codes.length === 0 ? '' : `\x1b[${codes.join(';')}m`;
}

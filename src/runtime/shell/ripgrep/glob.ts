/** Patterns of lists of ignored files and of `rg -g`: those of gitignore. */
import { bracketSource, escapeRegExp } from '../expansion/pattern.ts';

export interface GlobRule {
  /** With `!` in front: of a list, what is not ignored after all; of `-g`, what is left out. */
  negated: boolean;
  foldersOnly: boolean;
  /** Of a path below the folder that the pattern belongs to. */
  expression: RegExp;
}

export interface GlobOptions {
  ignoreCase?: boolean;
  /** `{a,b}` is a choice: on a command line, not in a list. */
  braces?: boolean;
}

/** Undefined for an empty line and a comment. */
export function readGlob(line: string, options: GlobOptions = {}): GlobRule | undefined {
  let text = line.replace(/\r$/, '').replace(/(^|[^\\])\s+$/, '$1');
  if (text === '' || text.startsWith('#')) return undefined;
  const negated = text.startsWith('!');
  if (negated) text = text.slice(1);
  const foldersOnly = text.endsWith('/');
  if (foldersOnly) text = text.slice(0, -1);
  // A slash that is not the last ties the pattern to its folder.
  const anchored = text.includes('/');
  const source = globSource(text.replace(/^\//, ''), options.braces ?? false);
  const expression = new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}$`, options.ignoreCase ? 'isu' : 'su');
  return { negated, foldersOnly, expression };
}

/** The last rule that speaks of the path decides; undefined where none does. */
export function lastRule(rules: readonly GlobRule[], path: string, isFolder: boolean): GlobRule | undefined {
  return rules.findLast(({ foldersOnly, expression }) => (isFolder || !foldersOnly) && expression.test(path));
}

function globSource(glob: string, braces: boolean): string {
  let source = '';
  let depth = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob[at] ?? '';
    const close = char === '[' ? glob.indexOf(']', at + (/^\[[!^]/.test(glob.slice(at)) ? 3 : 2)) : -1;
    if (char === '*' && glob[at + 1] === '*') {
      const end = /^\*+/.exec(glob.slice(at))?.[0].length ?? 2;
      const whole = (at === 0 || glob[at - 1] === '/') && (glob[at + end] === '/' || at + end === glob.length);
      if (!whole) source += '[^/]*';
      else if (at + end === glob.length) source += '.*';
      else source += '(?:.*/)?';
      at += end - 1 + (whole && at + end < glob.length ? 1 : 0);
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (close !== -1) {
      source += bracketSource(glob.slice(at + 1, close));
      at = close;
    } else if (char === '\\' && at + 1 < glob.length) {
      at += 1;
      source += escapeRegExp(glob[at] ?? '');
    } else if (braces && char === '{' && glob.includes('}', at)) {
      depth += 1;
      source += '(?:';
    } else if (braces && char === '}' && depth > 0) {
      depth -= 1;
      source += ')';
    } else if (char === ',' && depth > 0) source += '|';
    else source += escapeRegExp(char);
  }
  return source + ')'.repeat(depth);
}

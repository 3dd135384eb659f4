import { findComments } from './code-words.ts';
import type { Parse } from './syntax-tree.ts';

/** The last `//# name=value` comment of a text, as V8 reads it. */
function magicComment(source: string, name: string, parse: Parse): string | undefined {
  if (!source.includes(`${name}=`)) return undefined;
  const pattern = new RegExp(`//[#@][ \\t]${name}=[ \\t]*([^\\s'"]*)[ \\t]*$`, 'gm');
  const found = [...source.matchAll(pattern)];
  const last = found.at(-1);
  if (last === undefined) return undefined;
  // At the end of the text it cannot stand inside a template or another comment.
  const isAtEnd = source.slice(last.index + last[0].length).trim() === '' && !last[0].includes('`');
  const comment = isAtEnd ? last : lastComment(source, found, parse);
  return comment?.[1] || undefined;
}

/** The last of the matches that is a comment and not a part of a string. */
function lastComment(source: string, found: readonly RegExpExecArray[], parse: Parse): RegExpExecArray | undefined {
  const starts = findComments(source) ?? parseComments(source, parse);
  return starts ? found.findLast(({ index }) => starts.has(index)) : found.at(-1);
}

/** Null when the source does not parse. */
function parseComments(source: string, parse: Parse): Set<number> | null {
  const starts = new Set<number>();
  try {
    parse(source, {
      ecmaVersion: 'latest',
      sourceType: /^\s*(?:import|export)\b/m.test(source) ? 'module' : 'script',
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      allowHashBang: true,
      onComment: (_isBlock, _text, start) => starts.add(start),
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
  return starts;
}

export const sourceMapUrlOf = (source: string, parse: Parse): string | undefined =>
  magicComment(source, 'sourceMappingURL', parse);
export const sourceUrlOf = (source: string, parse: Parse): string | undefined =>
  magicComment(source, 'sourceURL', parse);

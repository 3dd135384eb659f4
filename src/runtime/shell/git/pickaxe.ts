/** `-S` and `-G` of log and diff. */
import { diffLines, splitLines } from '../line-diff/hunks.ts';
import { posixToRegExp } from '../utilities/posix-regexp.ts';
import { type GitOptions, lastOf } from './command-line.ts';

/** `-S`: how often a text occurs; `-G`: whether a changed line matches. */
export function searchOf(options: GitOptions): ((before: string, after: string) => boolean) | undefined {
  const counted = lastOf(options, 'S');
  if (counted !== undefined) {
    const count = options.flags.has('pickaxe-regex')
      ? (text: string) => text.match(new RegExp(posixToRegExp(counted, true), 'gmu'))?.length ?? 0
      : (text: string) => text.split(counted).length;
    return (before, after) => count(before) !== count(after);
  }
  const matched = lastOf(options, 'G');
  if (matched === undefined) return undefined;
  const pattern = new RegExp(posixToRegExp(matched, true), options.flags.has('i') ? 'iu' : 'u');
  return (before, after) => {
    const [left, right] = [splitLines(before), splitLines(after)];
    return diffLines(left, right).some((change) =>
      [...left.slice(change.left, change.leftEnd), ...right.slice(change.right, change.rightEnd)].some((line) =>
        pattern.test(line.replace(/\n$/, '')),
      ),
    );
  };
}

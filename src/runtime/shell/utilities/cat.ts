import type { Utility } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

export const cat: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'nbsAETvetu',
    long: {
      number: 'n',
      'number-nonblank': 'b',
      'squeeze-blank': 's',
      'show-all': 'A',
      'show-ends': 'E',
      'show-tabs': 'T',
      'show-nonprinting': 'v',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const has = (letter: string) => options.flags.has(letter);
  const ends = has('E') || has('A') || has('e');
  const tabs = has('T') || has('A') || has('t');
  const visible = has('v') || has('A') || has('e') || has('t');
  const plain = !visible && !has('n') && !has('b') && !has('s') && !ends && !tabs;
  let number = 0;
  let blank = false;
  const complete = await eachInput(context, { names: options.operands }, async (reader) => {
    if (plain) {
      for await (const chunk of reader.chunks()) await context.stdout.write(chunk);
      return;
    }
    for await (const line of reader.rawLines()) {
      const empty = line === '\n';
      if (has('s') && empty && blank) continue;
      blank = empty;
      const counted = has('b') ? !empty : has('n');
      if (counted) number += 1;
      const marked = visible ? showBytes(line) : ends ? line.replace(/\r\n$/, '^M\n') : line;
      const shown = tabs ? marked.replaceAll('\t', '^I') : marked;
      const text = ends ? shown.replace(/\n$/, '$\n') : shown;
      await context.stdout.write(counted ? `${String(number).padStart(6)}\t${text}` : text);
    }
  });
  return complete ? 0 : 1;
};

/** Control characters as ^X, what is beyond ASCII byte by byte as M-…; tabs and newlines stay. */
function showBytes(line: string): string {
  if (/^[\t\n\x20-\x7e]*$/.test(line)) return line;
  let text = '';
  for (const byte of new TextEncoder().encode(line)) {
    const low = byte & 127;
    const own = byte < 128 && (low === 9 || low === 10);
    const shown =
      own || (low >= 32 && low < 127)
        ? String.fromCharCode(low)
        : low === 127
          ? '^?'
          : `^${String.fromCharCode(low + 64)}`;
    text += byte > 127 ? `M-${shown}` : shown;
  }
  return text;
}

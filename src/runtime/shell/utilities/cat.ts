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
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const has = (letter: string) => options.flags.has(letter);
  const ends = has('E') || has('A') || has('e');
  const tabs = has('T') || has('A') || has('t');
  const plain = !has('n') && !has('b') && !has('s') && !ends && !tabs;
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
      const shown = tabs ? line.replaceAll('\t', '^I') : line;
      const text = ends ? shown.replace(/\n$/, '$\n') : shown;
      await context.stdout.write(counted ? `${String(number).padStart(6)}\t${text}` : text);
    }
  });
  return complete ? 0 : 1;
};

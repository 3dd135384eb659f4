/** bc: a calculator of any precision. */

import { describeError, errorCode } from '../errors.ts';
import { readWholeText } from '../utilities/inputs.ts';
import { parseOptions } from '../utilities/options.ts';
import { wrongUse } from '../utilities/wrong-use.ts';
import type { Utility } from '../utility.ts';
import { BcMachine } from './machine.ts';
import { BcError } from './number.ts';

export const bc: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'lqiswv',
    long: { mathlib: 'l', quiet: 'q', interactive: 'i', standard: 's', warn: 'w', version: 'v' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const lineLength = context.env.get('BC_LINE_LENGTH');
  const machine = new BcMachine({
    library: options.flags.has('l'),
    ...(lineLength === undefined ? {} : { lineLength: Number(lineLength) }),
  });
  const run = async (source: string, name: string, line: number): Promise<boolean> => {
    let goesOn = true;
    try {
      goesOn = machine.run(source);
    } catch (error) {
      if (!(error instanceof BcError)) throw error;
      await context.stdout.write(machine.output);
      machine.output = '';
      await context.stdout.flush();
      const runtime = error.message !== 'syntax error';
      await context.stderr.write(
        runtime ? `Runtime error (func=(main), adr=0): ${error.message}\n` : `(${name}) ${line}: syntax error\n`,
      );
    }
    await context.stdout.write(machine.output);
    machine.output = '';
    return goesOn;
  };
  for (const file of options.operands) {
    try {
      const text = await readWholeText(context, file);
      if (!(await run(text, file, 1))) return 0;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      await context.stderr.write(`File ${file} is unavailable: ${describeError(error)}\n`);
      return 1;
    }
  }
  // Line by line: an answer comes before the next question.
  let pending = '';
  let number = 0;
  for await (const line of context.stdin.lines()) {
    number += 1;
    pending += `${line}\n`;
    if (isOpen(pending)) continue;
    const source = pending;
    pending = '';
    if (!(await run(source, 'standard_in', number))) return 0;
  }
  if (pending !== '') await run(pending, 'standard_in', number);
  return 0;
};

/** Whether a brace, a string, a comment or a line goes on in the next. */
function isOpen(text: string): boolean {
  const plain = text.replace(/"[^"]*"|\/\*[\s\S]*?\*\/|#[^\n]*/g, '');
  if (/"|\/\*/.test(plain) || /\\\n$/.test(plain) || /\bdefine\b[^{]*$/.test(plain)) return true;
  return plain.split('{').length > plain.split('}').length;
}

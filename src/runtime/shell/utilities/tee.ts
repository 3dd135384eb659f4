/** tee. */
import type { Descriptor } from '../descriptor.ts';
import { describeError, errorCode } from '../errors.ts';
import { openPath } from '../open.ts';
import { Writer } from '../streams.ts';
import type { Utility } from '../utility.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

export const tee: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'aip', long: { append: 'a', 'ignore-interrupts': 'i' } });
  if (options.problem) return await wrongUse(context, options.problem);
  let status = 0;
  const outputs: Descriptor[] = [];
  for (const name of options.operands) {
    try {
      const flags = options.flags.has('a') ? 0o2101 : 0o1101;
      outputs.push(await openPath(context.sys, context.resolve(name), flags, context));
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      await context.complain(`${name}: ${describeError(error)}`);
      status = 1;
    }
  }
  const writers = [context.stdout, ...outputs.map((output) => new Writer(output))];
  try {
    for await (const chunk of context.stdin.chunks()) {
      for (const writer of writers) {
        await writer.write(chunk);
        await writer.flush();
      }
    }
  } finally {
    for (const output of outputs) output.release();
  }
  return status;
};

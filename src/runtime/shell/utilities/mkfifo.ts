import type { Utility } from '../utility.ts';
import { attempt, changeMode } from './files.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

const READ_AND_WRITE = 0o666;

export const mkfifo: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'm:Z', long: { 'mode=': 'm', context: 'Z' } });
  if (options.problem) return await wrongUse(context, options.problem);
  if (options.operands.length === 0) return await wrongUse(context, 'missing operand');
  const text = lastValue(options, 'm');
  const mode = text === undefined ? undefined : changeMode(READ_AND_WRITE, text, false);
  if (text !== undefined && mode === undefined) {
    await context.complain('invalid mode');
    return 1;
  }
  let status = 0;
  for (const name of options.operands) {
    const path = context.resolve(name);
    const made = await attempt(context, `cannot create fifo '${name}'`, () => {
      context.sys.call('mkfifo', path, READ_AND_WRITE);
      // A mode that is given does not mind the umask.
      if (mode !== undefined) context.sys.call('chmod', path, mode);
    });
    if (!made) status = 1;
  }
  return status;
};

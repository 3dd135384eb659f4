/** Programs that ask the page around the sandbox for something. */
import type { Utility } from '../utility.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** `xdg-open FILE|URL` */
export const xdgOpen: Utility = async (context) => {
  const [target, ...more] = context.args;
  if (target === undefined || more.length > 0) {
    await context.stderr.line('Usage: xdg-open { file | URL }');
    return 1;
  }
  context.sys.call('announce', 'xdg-open', [/^[a-z][a-z0-9+.-]*:/i.test(target) ? target : context.resolve(target)]);
  return 0;
};

/** `code FILE…`, `code --goto FILE:LINE:COLUMN`, `code --diff FILE FILE` */
export const code: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'gdrnw',
    long: { goto: 'g', diff: 'd', 'reuse-window': 'r', 'new-window': 'n', wait: 'w' },
  });
  if (options.problem) return await wrongUse(context, options.problem, 1);
  const { flags, operands } = options;
  if (flags.has('d') && operands.length !== 2) return await wrongUse(context, '--diff needs two files', 1);
  const files = operands.map((word) => {
    const [, path = word, position = ''] = (flags.has('g') && /^(.*?)((?::\d+){1,2})$/.exec(word)) || [];
    return context.resolve(path) + position;
  });
  context.sys.call('announce', 'code', [flags.has('d') ? 'diff' : 'open', ...files]);
  return 0;
};

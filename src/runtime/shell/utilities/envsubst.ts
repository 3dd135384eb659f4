/** envsubst: variables of the environment put into a text. */
import type { Utility } from '../utility.ts';
import { wrongUse } from './wrong-use.ts';

const REFERENCE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g;

const namesIn = (format: string): string[] =>
  [...format.matchAll(REFERENCE)].map(([, plain, braced]) => plain ?? braced ?? '');

export const envsubst: Utility = async (context) => {
  const listing = context.args.some((arg) => arg === '-v' || arg === '--variables');
  const unknown = context.args.find((arg) => /^-./.test(arg) && arg !== '-v' && arg !== '--variables');
  if (unknown !== undefined) return await wrongUse(context, `unrecognized option '${unknown}'`);
  const operands = context.args.filter((arg) => !/^-./.test(arg));
  const [format] = operands;
  if (operands.length > 1) {
    await context.complain('too many arguments');
    return 1;
  }
  if (listing) {
    if (format === undefined) {
      await context.complain('missing arguments');
      return 1;
    }
    for (const name of namesIn(format)) await context.stdout.line(name);
    return 0;
  }
  const chosen = format === undefined ? undefined : new Set(namesIn(format));
  for await (const line of context.stdin.rawLines()) {
    await context.stdout.write(
      line.replace(REFERENCE, (all, plain: string | undefined, braced: string | undefined) => {
        const name = plain ?? braced ?? '';
        return chosen && !chosen.has(name) ? all : (context.env.get(name) ?? '');
      }),
    );
  }
  return 0;
};

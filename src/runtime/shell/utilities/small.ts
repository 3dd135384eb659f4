/** printenv less more tty. */
import type { Utility } from '../utility.ts';
import { cat } from './cat.ts';

export const printenv: Utility = async ({ args, env, stdout }) => {
  let status = 0;
  if (args.length === 0) for (const [name, value] of env) await stdout.line(`${name}=${value}`);
  for (const name of args) {
    const value = env.get(name);
    if (value === undefined) status = 1;
    else await stdout.line(value);
  }
  return status;
};

/** Pagers show all at once: a screen is not theirs to hold. */
export const less: Utility = async (context) =>
  await cat({ ...context, args: context.args.filter((arg) => !/^[-+]./.test(arg)) });

export const tty: Utility = async ({ stdin, stdout, args }) => {
  const terminal = stdin.descriptor?.kind === 'tty';
  if (!args.includes('-s')) await stdout.line(terminal ? '/dev/tty' : 'not a tty');
  return terminal ? 0 : 1;
};

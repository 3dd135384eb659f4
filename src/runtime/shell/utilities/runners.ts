/** Programs that run another one in changed circumstances: nohup nice setsid stdbuf ionice. */
import type { Utility, UtilityContext } from '../utility.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** 127 and 126 are told as env tells them. */
async function runTold(context: UtilityContext, command: readonly string[]): Promise<number> {
  const told: Record<string, string> = {
    nohup: `failed to run command '${command[0]}'`,
    setsid: `failed to execute ${command[0]}`,
    stdbuf: `failed to run command ‘${command[0]}’`,
  };
  const what = told[context.name] ?? `‘${command[0]}’`;
  return await context.run(command, { complain: (reason) => `${context.name}: ${what}: ${reason}` });
}

function runner(short: string, long: Readonly<Record<string, string>> = {}): Utility {
  return async (context) => {
    const options = parseOptions(context.args, { short, long, stopEarly: true });
    if (options.problem) return await wrongUse(context, options.problem, 125);
    if (options.operands.length === 0) return await wrongUse(context, 'missing operand', 125);
    return await runTold(context, options.operands);
  };
}

/** Nothing here has priorities: the command runs as it is. */
export const nice: Utility = async (context) => {
  const args = context.args.filter((arg) => !/^-\d+$/.test(arg));
  if (args.length > 0) return await runner('n:', { 'adjustment=': 'n' })({ ...context, args });
  await context.stdout.line('0');
  return 0;
};
export const ionice = runner('c:n:t');
/** Outputs are passed on as they come. */
export const stdbuf = runner('i:o:e:', { 'input=': 'i', 'output=': 'o', 'error=': 'e' });
/** A process that is started leads a session of its own where it asks for it; what the shell runs itself needs none. */
export const setsid = runner('cfw', { ctty: 'c', fork: 'f', wait: 'w' });

export const nohup: Utility = async (context) =>
  context.args.length === 0 ? await wrongUse(context, 'missing operand', 125) : await runTold(context, context.args);

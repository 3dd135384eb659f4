/** Small programs about the system and the command itself. */
import { processorCount } from '../../process/processors.ts';
import { evaluateTest } from '../conditions/test-command.ts';
import { errorCode, ShellError } from '../errors.ts';
import { signalNumber } from '../jobs/signals.ts';
import { findProgram } from '../lookup.ts';
import { baseName, directoryName } from '../paths.ts';
import type { Utility } from '../utility.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

export const pwd: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'LP', long: { logical: 'L', physical: 'P' } });
  if (options.problem) return await wrongUse(context, options.problem, 1);
  await context.stdout.line(context.cwd);
  return 0;
};

/** `-S 'A=1 cmd arg'`: the words of the text are arguments. */
function splitString(args: readonly string[]): string[] {
  const at = args.findIndex((arg) => /^-[iv0]*S|^--split-string/.test(arg));
  if (at === -1 || args.slice(0, at).some((arg) => !arg.startsWith('-'))) return [...args];
  const inline = /^(?:-[iv0]*S|--split-string=?)([\s\S]*)$/.exec(args[at] ?? '')?.[1] ?? '';
  const text = inline === '' ? (args[at + 1] ?? '') : inline;
  const words = Array.from(text.matchAll(/(?:[^\s'"\\]|\\.|'[^']*'|"[^"]*")+/g), ([word]) =>
    word.replace(/\\(.)|'([^']*)'|"([^"]*)"/g, (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? ''),
  );
  return [...args.slice(0, at), ...words, ...args.slice(at + (inline === '' ? 2 : 1))];
}

export const env: Utility = async (context) => {
  const options = parseOptions(splitString(context.args), {
    short: 'iu:0C:v',
    long: { 'ignore-environment': 'i', 'unset=': 'u', 'chdir=': 'C', null: '0', debug: 'v' },
    stopEarly: true,
  });
  if (options.problem) return await wrongUse(context, options.problem, 125);
  const operands = [...options.operands];
  const result = new Map(options.flags.has('i') || operands[0] === '-' ? [] : context.env);
  if (operands[0] === '-') operands.shift();
  for (const name of options.values.get('u') ?? []) result.delete(name);
  for (let word = operands[0]; word?.includes('='); word = operands[0]) {
    result.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
    operands.shift();
  }
  if (operands.length === 0) {
    for (const [name, value] of result)
      await context.stdout.write(`${name}=${value}${options.flags.has('0') ? '\0' : '\n'}`);
    return 0;
  }
  const folder = options.values.get('C')?.at(-1);
  return await context.run(operands, {
    env: result,
    complain: (reason) => `env: ‘${operands[0]}’: ${reason}`,
    ...(folder === undefined ? {} : { cwd: context.resolve(folder) }),
  });
};

export const which: Utility = async (context) => {
  const all = context.args.includes('-a');
  const names = context.args.filter((arg) => arg !== '-a');
  let status = names.length === 0 ? 1 : 0;
  for (const name of names) {
    let found = false;
    const folders = name.includes('/') ? [''] : (context.env.get('PATH') ?? '').split(':');
    for (const folder of folders) {
      const host = { sys: context.sys, resolve: context.resolve, getVariable: () => folder };
      const program = findProgram(host, name);
      if (program.kind === 'missing') continue;
      await context.stdout.line(name.includes('/') ? name : program.path);
      found = true;
      if (!all) break;
    }
    if (!found) status = 1;
  }
  return status;
};

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 };

export const sleep: Utility = async (context) => {
  if (context.args.length === 0) return await wrongUse(context, 'missing operand');
  let seconds = 0;
  for (const arg of context.args) {
    const match = /^(\d*\.?\d+|\d+\.|infinity)([smhd]?)$/.exec(arg);
    if (!match) return await wrongUse(context, `invalid time interval ‘${arg}’`);
    seconds += (match[1] === 'infinity' ? Number.MAX_SAFE_INTEGER : Number(match[1])) * (UNITS[match[2] ?? ''] ?? 1);
  }
  await pause(seconds * 1000, context.signal);
  return 0;
};

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Waits, or until the command is ended. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const end = Date.now() + ms;
  for (let left = ms; left > 0; left = end - Date.now()) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.min(left, LONGEST_TIMER_MS));
    const stop = () => resolve();
    signal.addEventListener('abort', stop);
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
  }
}

export const yes: Utility = async ({ args, stdout, signal }) => {
  const line = `${args.length > 0 ? args.join(' ') : 'y'}\n`;
  const block = line.repeat(Math.max(1, Math.floor(8192 / line.length)));
  while (!signal.aborted) {
    await stdout.write(block);
    await stdout.flush();
  }
  return 143;
};

export const basename: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'as:z', long: { multiple: 'a', 'suffix=': 's' } });
  if (options.problem) return await wrongUse(context, options.problem);
  const [name, suffix, extra] = options.operands;
  if (name === undefined) return await wrongUse(context, 'missing operand');
  const many = options.flags.has('a') || options.flags.has('s');
  if (extra !== undefined && !many) return await wrongUse(context, `extra operand '${extra}'`);
  const cut = many ? (options.values.get('s')?.at(-1) ?? '') : (suffix ?? '');
  for (const operand of many ? options.operands : [name]) {
    const base = baseName(operand);
    await context.stdout.line(cut !== '' && base !== cut && base.endsWith(cut) ? base.slice(0, -cut.length) : base);
  }
  return 0;
};

export const dirname: Utility = async (context) => {
  if (context.args.length === 0) return await wrongUse(context, 'missing operand');
  for (const name of context.args) await context.stdout.line(directoryName(name));
  return 0;
};

export const test: Utility = async (context) => {
  try {
    return evaluateTest({ sys: context.sys, resolve: context.resolve }, context.name, context.args) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    await context.complain(error.message);
    return 2;
  }
};

export const uname: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'asnrvmopi',
    long: { all: 'a', machine: 'm', 'kernel-name': 's' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const facts: [string, string][] = [
    ['s', 'Linux'],
    ['n', 'fixpoint'],
    ['r', '6.1.0-fixpoint'],
    ['v', '#1'],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const wanted = options.flags.size === 0 ? 's' : [...options.flags].join('');
  await context.stdout.line(
    facts
      .filter(([letter]) => wanted.includes('a') || wanted.includes(letter))
      .map(([, text]) => text)
      .join(' '),
  );
  return 0;
};

export const hostname: Utility = async ({ stdout }) => {
  await stdout.line('fixpoint');
  return 0;
};

export const whoami: Utility = async ({ stdout, env: variables }) => {
  await stdout.line(variables.get('USER') ?? 'root');
  return 0;
};

export const nproc: Utility = async ({ stdout }) => {
  await stdout.line(String(processorCount()));
  return 0;
};

export const clear: Utility = async ({ stdout }) => {
  await stdout.write('\x1b[H\x1b[2J\x1b[3J');
  return 0;
};

export const kill: Utility = async (context) => {
  let args = [...context.args];
  let signal: number | undefined = 15;
  if (args[0] === '-s') {
    signal = signalNumber(args[1] ?? '');
    args = args.slice(2);
  } else if (args[0]?.startsWith('-') && args[0] !== '--') signal = signalNumber(args.shift()?.slice(1) ?? '');
  if (signal === undefined) return await wrongUse(context, 'unknown signal');
  let status = 0;
  for (const pid of args) {
    try {
      context.sys.call('kill', Number(pid), signal);
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      await context.complain(`(${pid}) - ${code === 'ESRCH' ? 'No such process' : 'Operation not permitted'}`);
      status = 1;
    }
  }
  return status;
};

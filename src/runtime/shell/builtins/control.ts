/** break continue return exit, : true false, eval . exec, wait trap kill, jobs. */
import { runArgv, runProgram } from '../command.ts';
import { ExitRequest, errorCode, LoopRequest, ReturnRequest, ShellError } from '../errors.ts';
import { runSource } from '../execute.ts';
import { findProgram } from '../lookup.ts';
import { signalNumber, signalNumbers } from '../signals.ts';
import type { Builtin, BuiltinCall } from './builtin.ts';
import { builtins, specialBuiltins } from './index.ts';

function number(call: BuiltinCall, fallback: number): number {
  const [text] = call.args;
  if (text === undefined) return fallback;
  if (!/^\d+$/.test(text)) throw new ShellError(`Illegal number: ${text}`, 2, true);
  return Number(text);
}

function leaveLoop(kind: 'break' | 'continue'): Builtin {
  return (call) => {
    const levels = number(call, 1);
    if (call.shell.loopDepth > 0) throw new LoopRequest(kind, Math.min(levels, call.shell.loopDepth));
    return 0;
  };
}

const exit: Builtin = (call) => {
  throw new ExitRequest(number(call, call.shell.status) & 255);
};

const returnFrom: Builtin = (call) => {
  throw new ReturnRequest(number(call, call.shell.status) & 255);
};

const evaluate: Builtin = async ({ shell, args }) => await runSource(shell, args.join(' '));

const source: Builtin = async ({ shell, args, name }) => {
  const [file, ...rest] = args;
  if (file === undefined) throw new ShellError('filename argument required', 2, true);
  const text = readScript(shell, file, name);
  const positional = shell.positional;
  if (rest.length > 0 && shell.bash) shell.positional = rest;
  shell.sourceDepth += 1;
  const outerName = { source: shell.source, position: shell.position };
  try {
    return await runSource(shell, text);
  } catch (error) {
    if (error instanceof ReturnRequest) return error.status;
    throw error;
  } finally {
    shell.sourceDepth -= 1;
    shell.positional = positional;
    Object.assign(shell, outerName);
  }
};

function readScript(shell: BuiltinCall['shell'], file: string, name: string): string {
  const candidates = file.includes('/')
    ? [file]
    : [
        ...(shell.getVariable('PATH') ?? '').split(':').map((folder) => `${folder || '.'}/${file}`),
        ...(shell.bash ? [file] : []),
      ];
  for (const candidate of candidates) {
    const path = shell.resolve(candidate);
    if (!shell.sys.call('statOrNull', path, true)) continue;
    return new TextDecoder().decode(shell.sys.call('readFile', path));
  }
  throw new ShellError(
    file.includes('/') ? `${name}: cannot open ${file}: No such file` : `${name}: ${file}: not found`,
  );
}

const execute: Builtin = async ({ shell, args }) => {
  if (args.length === 0) return 0;
  throw new ExitRequest(await runProgram(shell, args));
};

const wait: Builtin = async ({ shell, args }) => {
  if (args.length === 0) {
    await Promise.all([...shell.jobs.values()].map((job) => job.status));
    shell.jobs.clear();
    return 0;
  }
  let status = 0;
  for (const arg of args) {
    const pid = arg.startsWith('%') ? [...shell.jobs.keys()][Number(arg.slice(1)) - 1] : Number(arg);
    const job = pid === undefined ? undefined : shell.jobs.get(pid);
    status = job ? await job.status : 127;
  }
  return status;
};

const trap: Builtin = async ({ shell, args, stdout }) => {
  const names = args[0] === '--' ? args.slice(1) : args;
  const [action, ...conditions] = names;
  if (action === undefined) {
    for (const [name, text] of shell.traps) await stdout.line(`trap -- '${text.replaceAll("'", "'\\''")}' ${name}`);
    return 0;
  }
  const only = conditions.length === 0;
  let status = 0;
  for (const condition of only ? [action] : conditions) {
    const name = conditionName(condition);
    if (name === undefined) {
      await shell.complain(`trap: ${condition}: bad trap`);
      status = 1;
    } else setTrap(shell, name, only || action === '-' ? undefined : action);
  }
  return status;
};

function conditionName(condition: string): string | undefined {
  if (condition === '0' || condition.toUpperCase() === 'EXIT') return 'EXIT';
  const signal = signalNumber(condition);
  return Object.entries(signalNumbers).find(([, value]) => value === signal)?.[0];
}

function setTrap(shell: BuiltinCall['shell'], name: string, action: string | undefined): void {
  if (action === undefined) shell.traps.delete(name);
  else shell.traps.set(name, action);
  const signal = signalNumbers[name];
  if (signal !== undefined) shell.sys.call('handleSignal', signal, action !== undefined);
}

const kill: Builtin = async (call) => {
  const { shell, stdout } = call;
  let args = [...call.args];
  if (args[0] === '-l') {
    for (const name of Object.keys(signalNumbers)) await stdout.line(name);
    return 0;
  }
  let signal = 15;
  if (args[0] === '-s') {
    signal = signalOf(args[1] ?? '');
    args = args.slice(2);
  } else if (args[0]?.startsWith('-') && args[0] !== '--') {
    signal = signalOf(args[0].slice(1));
    args = args.slice(1);
  }
  if (args[0] === '--') args.shift();
  if (args.length === 0) {
    throw new ShellError(
      'Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]',
      2,
      true,
    );
  }
  let status = 0;
  for (const target of args) status = (await killOne(shell, target, signal)) ? status : 1;
  return status;
};

function signalOf(name: string): number {
  const signal = signalNumber(name);
  if (signal === undefined) throw new ShellError(`invalid signal number or name: ${name}`, 2, true);
  return signal;
}

async function killOne(shell: BuiltinCall['shell'], target: string, signal: number): Promise<boolean> {
  const pid = target.startsWith('%') ? [...shell.jobs.keys()][Number(target.slice(1)) - 1] : Number(target);
  if (pid === undefined || !Number.isInteger(pid)) throw new ShellError(`Illegal number: ${target}`, 2, true);
  const job = shell.jobs.get(pid);
  if (job && pid >= 1_000_000) {
    if (signal !== 0) job.abort.abort();
    return true;
  }
  try {
    shell.sys.call('kill', pid, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await shell.complain(`kill: ${errorCode(error) === 'ESRCH' ? 'No such process' : 'Operation not permitted'}`);
    return false;
  }
}

const jobs: Builtin = async ({ shell, stdout }) => {
  let index = 0;
  for (const job of shell.jobs.values()) {
    index += 1;
    await stdout.line(`[${index}] ${job.done ? 'Done' : 'Running'} ${job.pid}`);
  }
  return 0;
};

const KEYWORDS = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'for',
  'in',
  'do',
  'done',
  'while',
  'until',
  'case',
  'esac',
  '{',
  '}',
  '!',
]);

const command: Builtin = async ({ shell, args, stdout }) => {
  if (args[0] !== '-v' && args[0] !== '-V') {
    const words = args[0] === '-p' || args[0] === '--' ? args.slice(1) : args;
    return words.length === 0 ? 0 : await runArgv(shell, words, true);
  }
  const name = args[1] ?? '';
  if (args[0] === '-V') return await type({ shell, name: 'type', args: [name], stdout });
  const found = findProgram(shell, name);
  if (KEYWORDS.has(name) || shell.functions.has(name) || builtins.has(name)) await stdout.line(name);
  else if (found.kind !== 'missing') await stdout.line(name.includes('/') ? name : found.path);
  else return 127;
  return 0;
};

const type: Builtin = async ({ shell, args, stdout }) => {
  let status = 0;
  for (const name of args) {
    const found = findProgram(shell, name);
    if (KEYWORDS.has(name)) await stdout.line(`${name} is a shell keyword`);
    else if (shell.functions.has(name)) await stdout.line(`${name} is a ${shell.bash ? '' : 'shell '}function`);
    else if (specialBuiltins.has(name)) await stdout.line(`${name} is a ${shell.bash ? '' : 'special '}shell builtin`);
    else if (builtins.has(name)) await stdout.line(`${name} is a shell builtin`);
    else if (found.kind !== 'missing') await stdout.line(`${name} is ${found.path}`);
    else {
      await stdout.line(`${name}: not found`);
      status = 127;
    }
  }
  return status;
};

export const controlBuiltins: readonly [string, Builtin][] = [
  [':', () => 0],
  ['true', () => 0],
  ['false', () => 1],
  ['break', leaveLoop('break')],
  ['continue', leaveLoop('continue')],
  ['exit', exit],
  ['return', returnFrom],
  ['eval', evaluate],
  ['.', source],
  ['source', source],
  ['exec', execute],
  ['wait', wait],
  ['trap', trap],
  ['kill', kill],
  ['jobs', jobs],
  ['command', command],
  ['type', type],
];

/** break continue return exit, : true false, eval . exec, trap, command type. */
import { runArgv } from '../command.ts';
import { ExitRequest, LoopRequest, ReturnRequest, ShellError, SyntaxFailureError } from '../errors.ts';
import { runSource } from '../execute.ts';
import { signalNumber, signalNumbers } from '../jobs/signals.ts';
import { findProgram } from '../lookup.ts';
import { runProgram } from '../run-program.ts';
import { isDevice, readScriptText } from '../script-text.ts';
import { Writer } from '../streams.ts';
import { lineAt } from '../syntax.ts';
import type { Builtin, BuiltinCall } from './builtin.ts';
import { functionText } from './declare.ts';
import { builtinOf, specialBuiltins } from './index.ts';
import { signalTable } from './jobs.ts';

function number(call: BuiltinCall, fallback: number): number {
  const [text] = call.args;
  if (text === undefined) return fallback;
  if (!/^\d+$/.test(text))
    throw new ShellError(call.shell.bash ? `${text}: numeric argument required` : `Illegal number: ${text}`, 2, true);
  return Number(text);
}

function leaveLoop(kind: 'break' | 'continue'): Builtin {
  return (call) => {
    const levels = number(call, 1);
    if (call.shell.loopDepth === 0 && call.shell.bash) {
      void call.shell.complain(`${kind}: only meaningful in a \`for', \`while', or \`until' loop`);
    }
    if (call.shell.loopDepth > 0) throw new LoopRequest(kind, Math.min(levels, call.shell.loopDepth));
    return 0;
  };
}

const exit: Builtin = (call) => {
  throw new ExitRequest(number(call, call.shell.status) & 255);
};

const returnFrom: Builtin = (call) => {
  const { shell } = call;
  if (shell.bash && !shell.inFunction && shell.sourceDepth === 0) {
    throw new ShellError("can only `return' from a function or sourced script", 2, true);
  }
  throw new ReturnRequest(number(call, call.shell.status) & 255);
};

const evaluate: Builtin = async ({ shell, args }) => {
  shell.traceDepth += 1;
  try {
    return await runSource(shell, args.join(' '), 'eval');
  } catch (error) {
    // What cannot be parsed ends dash, and in bash the command alone.
    if (!(error instanceof SyntaxFailureError)) throw error;
    await new Writer(shell.descriptors.get(2)).print(`${error.message}\n`);
    return error.status;
  } finally {
    shell.traceDepth -= 1;
  }
};

const source: Builtin = async ({ shell, args, name }) => {
  const [file, ...rest] = args;
  if (file === undefined) throw new ShellError('filename argument required', 2, true);
  const script = await findScript(shell, file, name);
  if (script === undefined) return 1;
  const { text, path } = script;
  const positional = shell.positional;
  if (rest.length > 0 && shell.bash) shell.positional = rest;
  shell.sourceDepth += 1;
  shell.traceDepth += 1;
  const outerName = { source: shell.source, position: shell.position, scriptName: shell.scriptName };
  if (shell.bash) {
    shell.callStack.push({ kind: 'file', name: 'source', line: lineAt(shell.source, shell.position), file: path });
    shell.scriptName = path;
  }
  try {
    return await runSource(shell, text);
  } catch (error) {
    if (error instanceof ReturnRequest) return error.status;
    if (error instanceof ShellError) error.place ??= shell.errorPlace();
    throw error;
  } finally {
    if (shell.bash) shell.callStack.pop();
    shell.sourceDepth -= 1;
    shell.traceDepth -= 1;
    shell.positional = positional;
    Object.assign(shell, outerName);
  }
};

interface Script {
  text: string;
  path: string;
}

/** The file that `source` means: by its path, or through PATH. */
async function findScript(shell: BuiltinCall['shell'], file: string, name: string): Promise<Script | undefined> {
  const candidates = file.includes('/')
    ? [file]
    : [
        ...(shell.getVariable('PATH') ?? '').split(':').map((folder) => `${folder || '.'}/${file}`),
        ...(shell.bash ? [file] : []),
      ];
  for (const candidate of candidates) {
    if (!isDevice(shell, candidate) && !shell.sys.call('statOrNull', shell.resolve(candidate), true)) continue;
    return { text: await readScriptText(shell, candidate), path: candidate };
  }
  if (shell.bash) {
    await shell.complain(`${file}: No such file or directory`);
    return undefined;
  }
  throw new ShellError(
    file.includes('/') ? `${name}: cannot open ${file}: No such file` : `${name}: ${file}: not found`,
  );
}

/** `-a NAME` of bash sets argv[0], `-c` empties the environment. */
function execOptions(
  shell: BuiltinCall['shell'],
  args: readonly string[],
): { words: readonly string[]; name?: string; empty: boolean } {
  let words = args;
  let name: string | undefined;
  let empty = false;
  while (shell.bash && words[0]?.startsWith('-')) {
    const [option, ...rest] = words;
    words = rest;
    if (option === '--') break;
    if (option === '-a') {
      name = words[0] ?? '';
      words = words.slice(1);
    } else if (option?.includes('c')) empty = true;
  }
  return { words, empty, ...(name === undefined ? {} : { name }) };
}

const execute: Builtin = async ({ shell, args }) => {
  const { words, name: calledAs, empty } = execOptions(shell, args[0] === '--' ? args.slice(1) : args);
  if (words.length === 0) return 0;
  const [name = ''] = words;
  const found = findProgram(shell, name);
  if (found.kind === 'missing' && (shell.bash || found.status === 127)) {
    const reason = missingText(shell, name, found.status);
    if (!shell.bash || !name.includes('/') || found.status === 127) await shell.complain(`exec: ${name}: ${reason}`);
    else {
      const path = shell.resolve(name);
      await shell.complain(`${path}: ${reason}`);
      await shell.complain(`exec: ${path}: cannot execute: ${reason}`);
    }
    throw new ExitRequest(found.status);
  }
  shell.traps.delete('EXIT');
  if (empty) for (const variable of shell.variables.values()) variable.exported = false;
  throw new ExitRequest(
    await runProgram(shell, words, { replace: true, ...(calledAs === undefined ? {} : { calledAs }) }),
  );
};

function missingText(shell: BuiltinCall['shell'], name: string, status: 126 | 127): string {
  if (status === 126) return 'Permission denied';
  return shell.bash && name.includes('/') ? 'No such file or directory' : 'not found';
}

const trap: Builtin = async ({ shell, args, stdout }) => {
  if (shell.bash && args[0] === '-l') {
    await stdout.print(signalTable());
    return 0;
  }
  const printed =
    args[0] === '-p' && args.length > 1 ? args.slice(1).map((arg) => conditionName(arg, shell.bash)) : undefined;
  const names = args[0] === '--' || args[0] === '-p' ? args.slice(1) : args;
  const [action, ...conditions] = names;
  if (action === undefined || printed) {
    for (const [name, text] of shell.traps) {
      if (printed && !printed.includes(name)) continue;
      const label = shell.bash && name in signalNumbers ? `SIG${name}` : name;
      await stdout.line(`trap -- '${text.replaceAll("'", "'\\''")}' ${label}`);
    }
    return 0;
  }
  const only = conditions.length === 0;
  let status = 0;
  for (const condition of only ? [action] : conditions) {
    const name = conditionName(condition, shell.bash);
    if (name === undefined) {
      await shell.complain(`trap: ${condition}: ${shell.bash ? 'invalid signal specification' : 'bad trap'}`);
      status = 1;
    } else setTrap(shell, name, only || action === '-' ? undefined : action);
  }
  return status;
};

function conditionName(condition: string, bash: boolean): string | undefined {
  if (bash && /^(ERR|DEBUG|RETURN)$/i.test(condition)) return condition.toUpperCase();
  if (condition === '0' || condition.toUpperCase() === 'EXIT') return 'EXIT';
  const signal = signalNumber(condition);
  return Object.entries(signalNumbers).find(([, value]) => value === signal)?.[0];
}

function setTrap(shell: BuiltinCall['shell'], name: string, action: string | undefined): void {
  if (action === undefined) shell.traps.delete(name);
  else shell.traps.set(name, action);
  if (name === 'EXIT' && !shell.isProcess) return;
  for (const condition of name === 'EXIT' ? LAST_WORDS : [name]) {
    const signal = signalNumbers[condition];
    if (signal !== undefined) shell.sys.call('handleSignal', signal, isAwaited(shell, condition));
  }
}

/** Of these signals bash runs what is to be run at its end. */
const LAST_WORDS = ['HUP', 'INT', 'TERM'];

/** Whether the shell does something on a signal. */
function isAwaited(shell: BuiltinCall['shell'], name: string): boolean {
  const { main } = shell;
  if (main.traps.has(name) || shell.traps.has(name)) return true;
  return main.bash && main.isProcess && !main.interactive && main.traps.has('EXIT') && LAST_WORDS.includes(name);
}

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

const BASH_KEYWORDS = new Set(['[[', ']]', 'function', 'select', 'time', 'coproc']);

const command: Builtin = async ({ shell, args, stdout }) => {
  const [option] = args;
  if (option !== '-v' && option !== '-V') {
    const words = option === '-p' || option === '--' ? args.slice(1) : args;
    return words.length === 0 ? 0 : await runArgv(shell, words, true);
  }
  if (option === '-V') return await type({ shell, name: 'command', args: args.slice(1), stdout });
  let status = shell.bash ? 1 : 127;
  for (const name of args.slice(1)) {
    const found = findProgram(shell, name);
    const alias = shell.aliases.get(name);
    if (alias) await stdout.line(`alias ${name}='${alias.text}'`);
    else if (isKeyword(shell, name) || shell.functions.has(name) || builtinOf(shell, name)) await stdout.line(name);
    else if (found.kind !== 'missing') await stdout.line(name.includes('/') ? name : found.path);
    else continue;
    status = 0;
  }
  return status;
};

function isKeyword({ bash }: BuiltinCall['shell'], name: string): boolean {
  return KEYWORDS.has(name) || (bash && BASH_KEYWORDS.has(name));
}

type Kind = 'alias' | 'keyword' | 'function' | 'builtin' | 'file';

function kindOf(shell: BuiltinCall['shell'], name: string): Kind | undefined {
  if (shell.aliases.has(name)) return 'alias';
  if (isKeyword(shell, name)) return 'keyword';
  if (shell.functions.has(name)) return 'function';
  if (builtinOf(shell, name)) return 'builtin';
  return findProgram(shell, name).kind === 'missing' ? undefined : 'file';
}

/** `-t` prints the kind, `-p` the path only. */
const type: Builtin = async ({ shell, args, name: caller, stdout }) => {
  const letters = shell.bash ? args.filter((arg) => /^-[afptP]+$/.test(arg)).join('') : '';
  let status = 0;
  for (const name of shell.bash ? args.filter((arg) => !/^-[afptP]+$/.test(arg)) : args) {
    const kind = kindOf(shell, name);
    if (kind === undefined) status = shell.bash ? 1 : 127;
    if (letters.includes('t')) {
      if (kind) await stdout.line(kind);
    } else if (/[pP]/.test(letters)) {
      const found = findProgram(shell, name);
      if (found.kind !== 'missing' && (kind === 'file' || letters.includes('P'))) await stdout.line(found.path);
    } else if (kind === undefined && shell.bash) await shell.complain(`${caller}: ${name}: not found`);
    else await stdout.line(`${name}${describeKind(shell, name, kind)}`);
  }
  return status;
};

function describeKind(shell: BuiltinCall['shell'], name: string, kind: Kind | undefined): string {
  const found = findProgram(shell, name);
  const definition = shell.functions.get(name);
  if (kind === 'alias')
    return ` is ${shell.bash ? 'aliased to `' : 'an alias for '}${shell.aliases.get(name)?.text}${shell.bash ? "'" : ''}`;
  if (kind === 'keyword') return ' is a shell keyword';
  if (kind === 'function' && definition && shell.bash) return ` is a function\n${functionText(name, definition)}`;
  if (kind === 'function') return ' is a shell function';
  if (kind === 'builtin') return ` is a ${specialBuiltins.has(name) && !shell.bash ? 'special ' : ''}shell builtin`;
  return found.kind === 'missing' ? ': not found' : ` is ${name.includes('/') ? name : found.path}`;
}

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
  ['trap', trap],
  ['command', command],
  ['type', type],
];

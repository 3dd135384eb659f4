/** `sh` and `bash`: a shell from a command line, run in this Worker. */
import { helpText, LONG_OPTIONS, usageText, VERSION_TEXT } from './bash-help.ts';
import { SHOPTS } from './bash-options.ts';
import { applyOptions } from './builtins/variables.ts';
import { DescriptorTable } from './descriptor.ts';
import { describeError, errorCode, ShellError } from './errors.ts';
import { runSource } from './execute.ts';
import { runScope } from './scope.ts';
import { runInput } from './script-input.ts';
import { readScriptText } from './script-text.ts';
import { Shell } from './shell.ts';
import { countSubshell } from './subshells.ts';
import { runInteractive } from './terminal/interactive.ts';
import type { Utility, UtilityContext } from './utility.ts';

/** What the exit code of a command that a signal ended begins with. */
const SIGNALLED = 128;

export interface ShellCommandLine {
  argv: readonly string[];
  bash: boolean;
}

export const sh: Utility = (context) => runShell(context, false);
export const bash: Utility = (context) => runShell(context, true);

/** Where a nested shell finds the descriptors of its context. */
function tableFrom(context: UtilityContext): DescriptorTable {
  const table = new DescriptorTable();
  for (const [number, descriptor] of context.descriptors) table.set(number, descriptor.retain());
  return table;
}

async function runShell(context: UtilityContext, isBash: boolean): Promise<number> {
  const shell = new Shell({
    sys: context.sys,
    pid: context.pid,
    ppid: context.ppid,
    bash: isBash,
    nested: context.adopt === undefined,
    name: context.calledAs,
    positional: [],
    env: context.env,
    cwd: context.cwd,
    descriptors: tableFrom(context),
  });
  shell.abort = shell.world.nested ? within(context) : context.abort;
  context.adopt?.(shell);
  shell.isProcess = !shell.world.nested;
  const status = await runScope(shell, async () => {
    if (shell.world.nested) shell.uncount = countSubshell(shell);
    // What is wrong with it is told without a line.
    shell.position = -1;
    const start = readCommandLine(shell, context.args);
    shell.position = 0;
    if (start.kind === 'text') {
      await (start.status === 0 ? context.stdout : context.stderr).print(start.text);
      return start.status;
    }
    if (start.kind === 'command') return await runSource(shell, start.text);
    if (start.kind === 'file') return await runFile(shell, start.file);
    if (start.interactive || context.stdin.descriptor?.kind === 'tty')
      return await runInteractive(shell, context.stdin);
    return await runInput(shell, context.stdin);
  });
  if (shell.ownSignal === undefined) return status;
  context.endedBySignal?.(shell.ownSignal);
  return SIGNALLED + shell.ownSignal;
}

/** Ends with the caller's, and may end before it: a script that a signal ends is not the one that called it. */
function within({ signal }: UtilityContext): AbortController {
  const own = new AbortController();
  const end = () => own.abort(signal.reason);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true, signal: own.signal });
  return own;
}

type Start =
  | { kind: 'text'; text: string; status: number }
  | { kind: 'command'; text: string }
  | { kind: 'file'; file: string }
  | { kind: 'stdin'; interactive: boolean };

/** Applies the options, names the shell and sets its parameters. Throws {@link ShellError}. */
function readCommandLine(shell: Shell, args: readonly string[]): Start {
  let index = 0;
  let takesCommand = false;
  let takesStdin = false;
  let interactive = false;
  for (; /^[-+]./.test(args[index] ?? ''); index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      index += 1;
      break;
    }
    if (arg.startsWith('--')) {
      const long = arg.slice(2);
      if (shell.bash && long === 'version') return { kind: 'text', text: VERSION_TEXT, status: 0 };
      if (shell.bash && long === 'help') return { kind: 'text', text: helpText(shell.name), status: 0 };
      if (shell.bash && !LONG_OPTIONS.includes(long)) return invalidOption(shell, arg);
      if (long === 'login') shell.shopts.add('login_shell');
      if (long === 'rcfile' || long === 'init-file') index += 1;
      continue;
    }
    const letters = arg.slice(1);
    if (shell.bash && /[^abcefhiklmnoprstuvxBCDEHIOPT]/.test(letters)) return invalidOption(shell, arg);
    if (shell.bash && letters.includes('l')) shell.shopts.add('login_shell');
    if (shell.bash && letters === 'O') {
      index += 1;
      const name = args[index] ?? '';
      if (!SHOPTS.includes(name)) {
        throw new ShellError(`line 0: ${name}: invalid shell option name`);
      }
      if (arg.startsWith('-')) shell.shopts.add(name);
      else shell.shopts.delete(name);
      continue;
    }
    if (letters.includes('c')) takesCommand = true;
    if (letters.includes('s')) takesStdin = true;
    if (letters.includes('i')) interactive = true;
    const kept = letters.replace(/[csil]/g, '');
    if (kept === '') continue;
    const words = [arg[0] + kept];
    if (kept.endsWith('o')) {
      index += 1;
      words.push(args[index] ?? '');
    }
    applyOptions(shell, words);
  }
  const rest = args.slice(index);
  shell.fromCommandLine = takesCommand;
  if (takesCommand) {
    const [text, name, ...positional] = rest;
    if (text === undefined)
      throw new ShellError(shell.bash ? '-c: option requires an argument' : '-c requires an argument');
    if (name !== undefined) shell.name = name;
    shell.positional = positional;
    return { kind: 'command', text };
  }
  const [file, ...positional] = rest;
  if (file === undefined || takesStdin) {
    shell.positional = [...rest];
    return { kind: 'stdin', interactive };
  }
  shell.positional = positional;
  return { kind: 'file', file };
}

/** Says so with all that there is, as bash does. */
function invalidOption(shell: Shell, arg: string): Start {
  return { kind: 'text', text: `${shell.name}: ${arg}: invalid option\n${usageText(shell.name)}`, status: 2 };
}

async function runFile(shell: Shell, file: string): Promise<number> {
  let text: string;
  try {
    text = await readScriptText(shell, file);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    shell.position = -1;
    if (shell.bash) throw new ShellError(`${file}: ${describeError(error)}`, code === 'ENOENT' ? 127 : 126);
    throw new ShellError(`cannot open ${file}: ${code === 'ENOENT' ? 'No such file' : describeError(error)}`);
  }
  shell.name = file;
  shell.scriptName = file;
  shell.mainScript = file;
  return await runSource(shell, text);
}

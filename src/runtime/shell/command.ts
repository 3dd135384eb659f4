/** A simple command: assignments, redirections, and a function, builtin, utility or program. */

import type { Assignment, Command, CommandArgument, Word } from 'unbash';
import { S_IFDIR, S_IFMT } from '../kernel/file-modes.ts';
import { append } from '../kernel/large-lists.ts';
import { signalName } from '../kernel/processes/signals.ts';
import { assignmentBuiltins, type Builtin, builtinOf, runsText, specialBuiltins } from './builtins/index.ts';
import { orLackOfMemory } from './engine-limits.ts';
import { BROKEN_PIPE, describeError, errorCode, ReadOnlyError, RedirectionError, ShellError } from './errors.ts';
import { runSource } from './execute.ts';
import { expandAssignment, expandWords, joinedWords } from './expansion/expand.ts';
import { runFunction } from './functions.ts';
import { nextVirtualPid } from './jobs/job.ts';
import { runInWorker, tellOfSignal } from './jobs/start-program.ts';
import { beginCommand } from './jobs/traps.ts';
import { findProgram } from './lookup.ts';
import { applyRedirections } from './redirect.ts';
import type { Shell } from './shell.ts';
import { Reader, Writer } from './streams.ts';
import { ForkError } from './subshells.ts';
import { lineAt } from './syntax.ts';
import { traceCommand, traceLines } from './trace.ts';
import { mayComputeOn } from './utilities/computing.ts';
import type { RunOptions, Utility, UtilityContext } from './utility.ts';
import { ARRAY_ARGUMENT, assignAll, assignOne, type ShowAssignment } from './variables/assign.ts';
import { cloneVariable, type Variable } from './variables/variable.ts';

export async function runCommand(shell: Shell, node: Command): Promise<number> {
  shell.position = node.pos;
  await beginCommand(shell, node);
  const alias = aliasFor(shell, node);
  if (alias !== undefined) return await runAlias(shell, node, alias);
  const kept = shell.substitutions.length;
  try {
    return await runPlain(shell, node);
  } finally {
    shell.endSubstitutions(kept);
  }
}

/** Text of the alias that the command's first word is, unless it is being expanded already. */
function aliasFor(shell: Shell, node: Command): string | undefined {
  if (shell.aliases.size === 0 || !node.name || node.prefix.length > 0) return undefined;
  if (shell.bash && !shell.interactive && !shell.isSet('expand_aliases')) return undefined;
  const alias = shell.aliases.get(node.name.text);
  if (!alias || shell.expandingAliases.has(node.name.text)) return undefined;
  return alias.source === shell.source && lineAt(shell.source, node.pos) <= alias.line ? undefined : alias.text;
}

async function runAlias(shell: Shell, node: Command, text: string): Promise<number> {
  const name = node.name?.text ?? '';
  const source = text + shell.source.slice(node.name?.end ?? node.end, node.end);
  shell.expandingAliases.add(name);
  try {
    return await runSource(shell, source);
  } finally {
    shell.expandingAliases.delete(name);
  }
}

async function runPlain(shell: Shell, node: Command): Promise<number> {
  shell.substitutionStatus = undefined;
  const foreign = shell.bash
    ? undefined
    : node.prefix.find((item): item is Assignment => item.type === 'Assignment' && Boolean(item.append || item.index));
  if (foreign) {
    // For dash `a+=b` and `a[0]=b` are names of commands.
    await shell.complain(`${foreign.text}: not found`);
    return 127;
  }
  const assignments = node.prefix.filter((item): item is Assignment => item.type === 'Assignment');
  const argv = await expandCommandWords(shell, node);
  const command = { node, name: argv[0], argv, assignments };
  shell.lastWord = argv.at(-1);
  return shell.bash ? await runAsBash(shell, command) : await runAsDash(shell, command);
}

interface ExpandedCommand {
  node: Command;
  /** Undefined when there are assignments and redirections only. */
  name: string | undefined;
  argv: readonly string[];
  assignments: readonly Assignment[];
}

/** bash assigns before it redirects, and shows each assignment. */
async function runAsBash(shell: Shell, { node, name, argv, assignments }: ExpandedCommand): Promise<number> {
  const show = async (text: string) => {
    if (shell.options.xtrace) await traceLines(shell, [text]);
  };
  if (name === undefined) {
    const status = await assignAll(shell, assignments, show);
    return (await withRedirections(shell, { node, argv }, () => readAlone(shell, node, assignments))) || status;
  }
  return await withAssignments(shell, { name, assignments, show }, async () => {
    if (shell.options.xtrace) await traceCommand(shell, argv);
    return await withRedirections(shell, { node, argv }, async () => await runAndTell(shell, node, argv));
  });
}

/** dash redirects first, and shows the assignments in front of the command. */
async function runAsDash(shell: Shell, { node, name, argv, assignments }: ExpandedCommand): Promise<number> {
  const output = shell.descriptors;
  const shown: string[] = [];
  const trace = async () => {
    if (shell.options.xtrace) await traceLines(shell, [[...shown, ...argv].join(' ')], output);
  };
  const show = (text: string) => void shown.push(text);
  return await withRedirections(shell, { node, argv }, async () => {
    if (name === undefined) {
      const status = await assignAll(shell, assignments, show);
      await trace();
      return status;
    }
    return await withAssignments(shell, { name, assignments, show }, async () => {
      await trace();
      return await runAndTell(shell, node, argv);
    });
  });
}

async function runAndTell(shell: Shell, node: Command, argv: readonly string[]): Promise<number> {
  const status = await runArgv(shell, argv);
  await tellOfSignal(shell, node);
  return status;
}

/** Those of `exec` alone stay. */
async function withRedirections(
  shell: Shell,
  { node, argv }: Pick<ExpandedCommand, 'node' | 'argv'>,
  body: () => Promise<number>,
): Promise<number> {
  if (node.redirects.length === 0) return await body();
  const [name] = argv;
  const inner = shell.descriptors.clone();
  const outer = shell.descriptors;
  let keep = false;
  try {
    await applyRedirections(shell, node.redirects, inner);
    shell.descriptors = inner;
    if (name === 'exec' && argv.length === 1) {
      keep = true;
      return 0;
    }
    return await body();
  } catch (error) {
    if (!(error instanceof RedirectionError)) throw error;
    shell.descriptors = outer;
    if (name !== undefined && specialBuiltins.has(name) && !shell.bash) throw error;
    await shell.complain(error.message);
    return shell.bash ? 1 : error.status;
  } finally {
    if (keep) outer.releaseAll();
    else {
      shell.descriptors = outer;
      inner.releaseAll();
    }
  }
}

async function expandCommandWords(shell: Shell, node: Command): Promise<string[]> {
  if (!node.name) return [];
  const argv = await expandWords(shell, [node.name]);
  const declares = assignmentBuiltins.has(argv[0] ?? '');
  const words: Word[] = [];
  const take = async () => append(argv, await expandWords(shell, joinedWords(words.splice(0))));
  for (const argument of node.suffix) {
    if (argument.type === 'Word') words.push(argument);
    else if (argument.type === 'Assignment') {
      await take();
      append(argv, await expandArgument(shell, argument, declares));
    }
  }
  await take();
  return argv;
}

async function expandArgument(
  shell: Shell,
  argument: Extract<CommandArgument, Assignment>,
  declares: boolean,
): Promise<string[]> {
  const { value } = argument;
  if (value.type === 'ArrayValue') {
    if (!declares) throw new ShellError("syntax error near unexpected token `('");
    shell.arrayArguments.push({ name: argument.name, value, append: argument.append === true });
    return [`${argument.name}${argument.append ? '+' : ''}=${ARRAY_ARGUMENT}`];
  }
  if (!declares) {
    const word: Word = {
      type: 'Word',
      text: value.text,
      value: value.value,
      pos: value.pos,
      end: value.end,
      parts: value.parts,
    };
    const prefix = argument.text.slice(0, argument.text.length - value.text.length);
    const fields = await expandWords(shell, [word]);
    return [prefix + (fields[0] ?? ''), ...fields.slice(1)];
  }
  const index = argument.index ? `[${argument.index.text}]` : '';
  return [`${argument.name}${index}${argument.append ? '+' : ''}=${await expandAssignment(shell, value)}`];
}

/** A command of one redirection only: `$(< file)` is the file's content in bash. */
async function readAlone(shell: Shell, node: Command, assignments: readonly Assignment[]): Promise<number> {
  const input = node.redirects.length === 1 && node.redirects[0]?.operator === '<' && assignments.length === 0;
  if (input && shell.capturing === node) await copyInput(shell);
  return 0;
}

async function copyInput(shell: Shell): Promise<void> {
  const output = new Writer(shell.descriptors.get(1));
  for await (const chunk of new Reader(shell.descriptors.get(0)).chunks()) await output.write(chunk);
  await output.flush();
}

interface FrontAssignments {
  name: string;
  assignments: readonly Assignment[];
  /** Told of each as `set -x` shows it. */
  show: ShowAssignment;
}

/** Assignments in front of a command hold while it runs; in front of a special builtin of dash they stay. */
async function withAssignments(
  shell: Shell,
  { name, assignments, show }: FrontAssignments,
  body: () => Promise<number>,
): Promise<number> {
  if (assignments.length === 0) return await body();
  if (specialBuiltins.has(name) && !shell.bash) {
    await assignAll(shell, assignments, show);
    return await body();
  }
  const saved = new Map<string, Variable | undefined>();
  for (const assignment of assignments) {
    const old = shell.variables.get(assignment.name);
    if (!saved.has(assignment.name)) saved.set(assignment.name, old && cloneVariable(old));
    try {
      await assignOne(shell, assignment, show);
    } catch (error) {
      if (!(error instanceof ReadOnlyError)) throw error;
      await shell.complain(error.message);
    }
    const variable = shell.variables.get(assignment.name);
    if (variable) variable.exported = true;
  }
  try {
    return await body();
  } finally {
    for (const [key, old] of saved) {
      if (old) shell.variables.set(key, old);
      else shell.variables.delete(key);
    }
  }
}

/** Runs expanded words with the scope's descriptors. `plain` skips functions (`command NAME`). */
export async function runArgv(shell: Shell, argv: readonly string[], plain = false): Promise<number> {
  const [name = '', ...args] = argv;
  const definition = plain ? undefined : shell.functions.get(name);
  if (definition) {
    shell.onStart?.(undefined);
    return await runFunction(shell, definition, args);
  }
  const builtin = builtinOf(shell, name);
  if (builtin) {
    shell.onStart?.(undefined);
    return await runBuiltin(shell, builtin, argv);
  }
  return await runProgram(shell, argv);
}

async function runBuiltin(shell: Shell, builtin: Builtin, argv: readonly string[]): Promise<number> {
  const stdout = new Writer(shell.descriptors.get(1));
  let status: number;
  try {
    status = await callBuiltin(shell, builtin, argv, stdout);
  } catch (error) {
    await stdout.flush();
    throw error;
  }
  return (await flushOutput(shell, argv[0] ?? '', stdout)) ? status : 1;
}

/** False when it could not be written; a reader that is gone is another matter. */
async function flushOutput(shell: Shell, name: string, stdout: Writer): Promise<boolean> {
  try {
    await stdout.flush();
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || code === 'EPIPE') throw error;
    await shell.complain(`${name}: ${shell.bash ? `write error: ${describeError(error)}` : `${name}: I/O error`}`);
    return false;
  }
}

async function callBuiltin(
  shell: Shell,
  builtin: Builtin,
  [name = '', ...args]: readonly string[],
  stdout: Writer,
): Promise<number> {
  try {
    return await builtin({ shell, name, args, stdout });
  } catch (thrown) {
    const error = runsText.has(name) ? thrown : orLackOfMemory(thrown);
    if (error instanceof ReadOnlyError && !runsText.has(name)) {
      await shell.complain(
        assignmentBuiltins.has(name) && !specialBuiltins.has(name) ? `${name}: ${error.message}` : error.message,
      );
      return error.status;
    }
    if (error instanceof ShellError && (!specialBuiltins.has(name) || (shell.bash && error.named))) {
      await shell.complain(`${name}: ${error.message}`);
      if (error.usage) await new Writer(shell.descriptors.get(2)).print(`${name}: usage: ${error.usage}\n`);
      return error.status;
    }
    if (error instanceof ShellError && !(error instanceof RedirectionError) && error.named) {
      throw new ShellError(`${name}: ${error.message}`, error.status);
    }
    throw error;
  }
}

/** Runs a utility in this Worker or a program in its own, and waits for it. `replace`: in place of the shell, if it can be. */
export async function runProgram(
  shell: Shell,
  words: readonly string[],
  { replace = false, calledAs }: { replace?: boolean; calledAs?: string } = {},
): Promise<number> {
  const [name = ''] = words;
  const argv = calledAs === undefined ? words : [calledAs, ...words.slice(1)];
  const found = findProgram(shell, name);
  if (found.kind === 'missing') {
    shell.onStart?.(undefined);
    await shell.complain(shell.bash ? bashMissing(shell, name, found.message) : found.message);
    return found.status;
  }
  // What takes the shell's place knows nothing of its traps.
  if (replace) shell.traps.delete('EXIT');
  const mustBeEnded = shell.foreground !== undefined || shell.job !== undefined;
  if (found.kind === 'utility' && !(mustBeEnded && mayComputeOn(argv))) {
    shell.onStart?.(undefined);
    return await runUtility(shell, found.utility, argv);
  }
  // A script is told the path that it was called by.
  return await runInWorker(shell, { file: name.includes('/') ? name : found.path, argv, replace });
}

function bashMissing(shell: Shell, name: string, message: string): string {
  if (!name.includes('/')) return message.endsWith('not found') ? `${name}: command not found` : message;
  const stat = shell.sys.call('statOrNull', shell.resolve(name), true);
  if (!stat) return `${name}: No such file or directory`;
  return (stat.mode & S_IFMT) === S_IFDIR ? `${name}: Is a directory` : message;
}

export async function runUtility(shell: Shell, utility: Utility, argv: readonly string[]): Promise<number> {
  return await runProgramAs(shell, utility, { argv });
}

/** Runs a utility with the scope's descriptors; `adopt` is told of the shell when the utility is one. */
export async function runProgramAs(
  shell: Shell,
  utility: Utility,
  { argv, adopt }: { argv: readonly string[]; adopt?: (shell: Shell) => void },
): Promise<number> {
  const context = { ...utilityContext(shell, argv), ...(adopt ? { adopt } : {}) };
  try {
    const status = await utility(context);
    await context.stdout.flush();
    return status;
  } catch (error) {
    return await utilityFailure(context, error);
  }
}

async function utilityFailure(context: UtilityContext, error: unknown): Promise<number> {
  const code = errorCode(error);
  if (code === 'EPIPE') return BROKEN_PIPE;
  // The engine's own limits (the stack, a text, a list) end the utility as a lack of memory does, not the shell.
  const isTooMuch = error instanceof RangeError;
  if ((code === undefined && !isTooMuch) || context.signal.aborted) throw error;
  await context.stdout.flush();
  await context.complain(describeError(error));
  return 1;
}

function utilityContext(shell: Shell, argv: readonly string[]): UtilityContext {
  const [name = '', ...args] = argv;
  const stdout = new Writer(shell.descriptors.get(1));
  const stderr = new Writer(shell.descriptors.get(2), true);
  const label = name.slice(name.lastIndexOf('/') + 1);
  return {
    name: label,
    calledAs: name,
    args,
    env: shell.environment(name.includes('/') ? name : `/usr/bin/${name}`),
    cwd: shell.cwd,
    pid: shell.world.pid,
    ppid: shell.world.ppid,
    sys: shell.sys,
    descriptors: [...shell.descriptors.entries()],
    abort: shell.abort,
    stdin: new Reader(shell.descriptors.get(0), () => stdout.flush(), shell.abort.signal),
    stdout,
    stderr,
    signal: shell.abort.signal,
    resolve: (path) => shell.resolve(path),
    complain: (message) => stderr.write(`${label}: ${message}\n`),
    endedBySignal: (signal) => {
      shell.endedBySignal = { pid: nextVirtualPid(), signal: signalName(signal) };
    },
    run: async (words, options) => {
      await stdout.flush();
      return await runNested(shell, words, options);
    },
  };
}

/** A command that a utility starts (`find -exec`, `xargs`, `env`): no functions, no builtins of the shell. */
async function runNested(shell: Shell, argv: readonly string[], options: RunOptions = {}): Promise<number> {
  const scope = shell.fork();
  if (options.cwd !== undefined) scope.cwd = options.cwd;
  if (options.abort) scope.abort = options.abort;
  scope.forwards = true;
  if (options.env) {
    scope.variables = new Map(
      [...options.env].map(([name, value]) => [name, { value, exported: true, readOnly: false }]),
    );
  }
  for (const [number, descriptor] of options.descriptors ?? []) scope.descriptors.set(number, descriptor);
  try {
    const found = findProgram(scope, argv[0] ?? '');
    const words = options.name === undefined ? argv : [options.name, ...argv.slice(1)];
    const isHere = found.kind === 'utility' && !(options.mustEnd && mayComputeOn(argv));
    if (isHere) return await runUtility(scope, found.utility, words);
    if (found.kind !== 'missing') return await runInWorker(scope, { file: found.path, argv: words });
    if (options.complain) {
      const reason = found.status === 127 ? 'No such file or directory' : 'Permission denied';
      await new Writer(scope.descriptors.get(2)).print(`${options.complain(reason)}\n`);
    }
    return found.status;
  } catch (error) {
    if (!(error instanceof ForkError)) throw error;
    await scope.complain(`${argv[0]}: Resource temporarily unavailable`);
    return 126;
  } finally {
    scope.end();
  }
}

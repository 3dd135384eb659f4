/** A simple command: assignments, redirections, and a function, builtin, utility or program. */

import type { Assignment, Command, CommandArgument, Word } from 'unbash';
import { append } from '../kernel/large-lists.ts';
import { assignmentBuiltins, builtinOf, specialBuiltins } from './builtins/index.ts';
import { ReadOnlyError, RedirectionError, ShellError } from './errors.ts';
import { runSource } from './execute.ts';
import { expandAssignment, expandWords, joinedWords } from './expansion/expand.ts';
import { runFunction } from './functions.ts';
import { tellOfSignal } from './jobs/start-program.ts';
import { beginCommand } from './jobs/traps.ts';
import { applyRedirections } from './redirect.ts';
import { runBuiltin } from './run-builtin.ts';
import { runProgram } from './run-program.ts';
import type { Shell } from './shell.ts';
import { Reader, Writer } from './streams.ts';
import { lineAt } from './syntax.ts';
import { traceCommand, traceLines } from './trace.ts';
import { ARRAY_ARGUMENT, assignAll, assignOne, type ShowAssignment } from './variables/assign.ts';
import { cloneVariable, type Variable } from './variables/variable.ts';

/** Runs one in a scope: an alias is read in its place, pipes of process substitutions go with its end. */
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

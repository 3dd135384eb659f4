/** Runs the nodes of a parsed script. Every function answers with an exit status. */
import type {
  AndOr,
  ArithmeticCommand,
  Case,
  CommandNode,
  CompoundList,
  Coproc,
  If,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Statement,
  TestCommand,
} from 'unbash';
import { runCommand } from './command.ts';
import { evaluateTestNode, TestError } from './conditions/test-node.ts';
import { Descriptor } from './descriptor.ts';
import { ExitRequest, FatalError, ReadOnlyError, RedirectionError, ShellError, SyntaxFailureError } from './errors.ts';
import { evaluateText, expandToPattern, expandToString } from './expansion/expand.ts';
import { patternToRegExp } from './expansion/pattern.ts';
import { startCoprocess, startJob } from './jobs/start-job.ts';
import { beginCommand, noteCommand, runErrorTrap, runPendingTraps } from './jobs/traps.ts';
import { runArithmeticFor, runFor, runSelectLoop, runWhile } from './loops.ts';
import { makePipe } from './pipes.ts';
import { asDashReads } from './posix-only.ts';
import { printCommand } from './print-bash.ts';
import { applyRedirections } from './redirect.ts';
import { forkWith, report, runScope } from './scope.ts';
import type { Shell } from './shell.ts';
import { Writer } from './streams.ts';
import { lineAt, lineStart, parseScript, type SyntaxFailure } from './syntax.ts';
import { traceHead } from './trace.ts';
import { giveTurn } from './turns.ts';

/** Parses and runs text in this scope; a syntax error is reported and gives 2. `origin` is the builtin whose argument the text is. */
export async function runSource(shell: Shell, text: string, origin?: 'eval'): Promise<number> {
  const source = shell.bash ? text : asDashReads(text);
  const { script, failure } = parseScript(source, { posix: !shell.bash });
  if (!failure) return await runScript(shell, script, source);
  const outer = { source: shell.source, position: shell.position };
  // The lines of what is evaluated are counted on.
  const linesBefore = origin === undefined ? 0 : lineAt(outer.source, outer.position) - 1;
  shell.source = source;
  await runLines(shell, failure.before);
  // dash names the line where the input ends.
  shell.position = failure.incomplete ? source.length : lineStart(source, failure.line);
  try {
    if (shell.bash) throw new SyntaxFailureError(bashSyntaxMessage(shell, source, { ...failure, origin, linesBefore }));
    throw new ShellError(origin === undefined ? failure.message : `${origin}: ${failure.message}`);
  } finally {
    if (shell.sourceDepth > 0) shell.source = outer.source;
    else if (shell.bash && origin !== undefined) Object.assign(shell, outer);
  }
}

/** The message of bash with all that is in front of it. */
function bashSyntaxMessage(
  shell: Shell,
  source: string,
  failure: SyntaxFailure & { origin: string | undefined; linesBefore: number },
): string {
  const { token, quote, linesBefore, origin = shell.fromCommandLine ? '-c' : undefined } = failure;
  const name = origin === undefined ? shell.name : `${shell.name}: ${origin}`;
  if (quote !== undefined)
    return `${name}: line ${linesBefore + failure.line}: unexpected EOF while looking for matching \`${quote}'`;
  if (token === undefined) {
    const last = source.endsWith('\n') ? lineAt(source, source.length) : lineAt(source, source.length) + 1;
    return `${name}: line ${linesBefore + last}: syntax error: unexpected end of file`;
  }
  const line = source.split('\n')[failure.line - 1] ?? '';
  const place = `${name}: line ${linesBefore + failure.line}:`;
  return `${place} syntax error near unexpected token \`${token}'\n${place} \`${line}'`;
}

/** Texts within texts (`eval`, `.`, traps): natively the stack ends them. */
const DEEPEST_SCRIPT = 1000;

export async function runScript(shell: Shell, script: ParsedScript, source: string): Promise<number> {
  if (shell.scriptDepth >= DEEPEST_SCRIPT)
    throw new ShellError(`maximum nesting level of scripts exceeded (${DEEPEST_SCRIPT})`, 1);
  const outer = shell.source;
  const position = shell.position;
  shell.source = source;
  if (script.commands.length === 0) shell.status = 0;
  shell.scriptDepth += 1;
  let status: number;
  try {
    status = await runLines(shell, script.commands);
  } finally {
    shell.scriptDepth -= 1;
  }
  shell.source = outer;
  shell.position = position;
  return status;
}

/** In bash an error, other than one that ends the shell, ends the commands of its line; a subshell ends by it. */
async function runLines(shell: Shell, statements: readonly Statement[]): Promise<number> {
  if (!shell.bash || shell.subshellDepth > 0 || shell.expandingAliases.size > 0)
    return await runStatements(shell, statements);
  for (const line of linesOf(statements, shell.source)) {
    try {
      await runStatements(shell, line);
    } catch (error) {
      if (!(error instanceof ShellError) || error instanceof FatalError) throw error;
      await report(shell, error);
      shell.status = error.status;
    }
  }
  return shell.status;
}

/** Statements that stand on one line, or begin on the line where the one before ends. */
function linesOf(statements: readonly Statement[], source: string): Statement[][] {
  const lines: Statement[][] = [];
  let end = -1;
  for (const statement of statements) {
    const line = lines.at(-1);
    if (line && !source.slice(end, statement.pos).includes('\n')) line.push(statement);
    else lines.push([statement]);
    end = statement.end;
  }
  return lines;
}

export async function runStatements(shell: Shell, statements: readonly Statement[]): Promise<number> {
  for (const statement of statements) {
    await giveTurn();
    shell.abort.signal.throwIfAborted();
    if (shell.options.noexec) return shell.status;
    shell.status = statement.background
      ? await runBackground(shell, statement)
      : await runNode(shell, statement.command);
    if (shell.pendingSignals.length > 0) await runPendingTraps(shell);
  }
  return shell.status;
}

export async function runList(shell: Shell, list: CompoundList): Promise<number> {
  if (list.commands.length === 0) return 0;
  return await runStatements(shell, list.commands);
}

async function runNode(shell: Shell, node: PipelineNode | AndOr): Promise<number> {
  if (node.type === 'AndOr') return await runAndOr(shell, node);
  if (node.type === 'Pipeline') return await runPipeline(shell, node);
  const status = await runCommandNode(shell, node);
  shell.pipeStatus = [status];
  if (CHECKED.has(node.type)) await checkErrexit(shell, status);
  return status;
}

/** Commands whose failure ends a script under `set -e`; in the others the part that failed has done so. */
const CHECKED = new Set<CommandNode['type']>(['Command', 'Subshell', 'Redirected', 'TestCommand', 'ArithmeticCommand']);

async function checkErrexit(shell: Shell, status: number): Promise<void> {
  shell.status = status;
  if (status === 0 || shell.conditionDepth > 0) return;
  await runErrorTrap(shell);
  shell.status = status;
  if (shell.options.errexit) throw new ExitRequest(status);
}

/** Where a failure does not end a script under `set -e`. */
export async function inCondition(shell: Shell, body: () => Promise<number>): Promise<number> {
  shell.conditionDepth += 1;
  try {
    return await body();
  } finally {
    shell.conditionDepth -= 1;
  }
}

async function runAndOr(shell: Shell, node: AndOr): Promise<number> {
  let status = 0;
  for (const [index, command] of node.commands.entries()) {
    const operator = node.operators[index - 1];
    if ((operator === '&&' && status !== 0) || (operator === '||' && status === 0)) continue;
    const last = index === node.commands.length - 1;
    status = last ? await runNode(shell, command) : await inCondition(shell, () => runNode(shell, command));
    shell.status = status;
  }
  return status;
}

async function runPipeline(shell: Shell, node: Pipeline): Promise<number> {
  const negated = node.prefixes.some((prefix) => prefix.type === 'Negation');
  const timed = node.prefixes.some((prefix) => prefix.type === 'Time');
  const started = performance.now();
  const run = async () => {
    const [only] = node.commands;
    if (node.commands.length === 1 && only) return await runCommandNode(shell, only);
    return await runStages(shell, node);
  };
  const status = negated ? await inCondition(shell, run) : await run();
  if (timed) await reportTime(shell, performance.now() - started, node);
  if (negated) return status === 0 ? 1 : 0;
  await checkErrexit(shell, status);
  return status;
}

async function reportTime(shell: Shell, ms: number, node: Pipeline): Promise<void> {
  const posix = node.prefixes.some(
    (prefix) => prefix.type === 'Time' && /\s-p$/.test(shell.source.slice(prefix.pos, prefix.end)),
  );
  const format = posix
    ? 'real %2R\nuser %2U\nsys %2S'
    : (shell.getVariable('TIMEFORMAT') ?? '\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS');
  if (format === '') return;
  const text = format.replace(/%(?:%|([0-3]?)(l?)([RUS])|P)/g, (all, digits: string, long: string, kind: string) => {
    if (all === '%%') return '%';
    const seconds = kind === 'R' ? ms / 1000 : 0;
    const places = digits === '' ? 3 : Number(digits);
    return long ? `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(places)}s` : seconds.toFixed(kind ? places : 2);
  });
  await new Writer(shell.descriptors.get(2)).print(`${text}\n`);
}

async function runStages(shell: Shell, node: Pipeline): Promise<number> {
  const running: Promise<number>[] = [];
  let input: Descriptor | undefined;
  const own = shell.isSet('lastpipe') && !shell.interactive ? node.commands.length - 1 : -1;
  for (const [index, command] of node.commands.entries()) {
    if (index === own && input) {
      running.push(runWithInput(shell, input, command));
      continue;
    }
    const stage = forkWith(shell, input ? [input] : []);
    if (input) stage.descriptors.set(0, input);
    input = undefined;
    if (index < node.commands.length - 1) {
      const [reader, writer] = pipeFrom(stage);
      input = reader;
      stage.descriptors.set(1, writer);
      if (node.operators[index] === '|&') stage.descriptors.set(2, writer.retain());
    }
    running.push(runScope(stage, () => runWithin(stage, command)));
  }
  const statuses = await Promise.all(running);
  // For a trap on ERR it is the last simple one that has failed.
  const last = node.commands.findLast(({ type }) => type === 'Command');
  if (last) {
    shell.position = last.pos;
    noteCommand(shell, last);
  }
  shell.pipeStatus = statuses;
  if (!shell.options.pipefail) return statuses.at(-1) ?? 0;
  return statuses.findLast((status) => status !== 0) ?? 0;
}

/** In a subshell of its own: where the command asks for one, that is it. */
async function runWithin(scope: Shell, node: PipelineNode | AndOr): Promise<number> {
  return node.type === 'Subshell' ? await runList(scope, node.body) : await runNode(scope, node);
}

function pipeFrom(stage: Shell): [Descriptor, Descriptor] {
  try {
    return makePipe(stage);
  } catch (error) {
    stage.end();
    throw error;
  }
}

/** The last stage of a pipeline under `shopt -s lastpipe`: in the shell itself. */
async function runWithInput(shell: Shell, input: Descriptor, command: CommandNode): Promise<number> {
  const outer = shell.descriptors;
  shell.descriptors = outer.clone();
  shell.descriptors.set(0, input);
  try {
    return await runNode(shell, command);
  } finally {
    shell.descriptors.releaseAll();
    shell.descriptors = outer;
  }
}

async function runBackground(shell: Shell, { command, pos, end }: Statement): Promise<number> {
  const scope = shell.fork();
  if (!shell.interactive) {
    scope.descriptors.set(0, new Descriptor(shell.sys, shell.sys.call('open', '/dev/null', 0, 0)));
  }
  const written = shell.source.slice(pos, end).replace(/\s*&\s*$/, '');
  const text = shell.bash ? printCommand(command, shell.source) : written;
  await startJob(shell, { scope, text, simple: command.type === 'Command', run: () => runWithin(scope, command) });
  return 0;
}

async function runCoprocess(shell: Shell, { name, body, pos, end }: Coproc): Promise<number> {
  const run = (scope: Shell) => (body.type === 'CompoundList' ? runList(scope, body) : runNode(scope, body));
  return await startCoprocess(shell, { name: name?.value ?? 'COPROC', text: shell.source.slice(pos, end), run });
}

async function runCommandNode(shell: Shell, node: CommandNode): Promise<number> {
  switch (node.type) {
    case 'Command':
      return await runCommand(shell, node);
    case 'Function':
      shell.functions.set(node.name.value, { node, source: shell.source, file: shell.scriptName });
      return 0;
    case 'Redirected':
      return await runRedirected(shell, node);
    case 'BraceGroup':
      return await runList(shell, node.body);
    case 'Subshell': {
      const scope = shell.fork();
      const status = await runScope(scope, () => runList(scope, node.body));
      shell.position = node.pos;
      noteCommand(shell, node);
      return status;
    }
    case 'If':
      return await runIf(shell, node);
    case 'While':
      return await runWhile(shell, node);
    case 'For':
      return await runFor(shell, node);
    case 'Case':
      return await runCase(shell, node);
    case 'TestCommand':
      shell.position = node.pos;
      if (!shell.bash) return await notFound(shell, '[[');
      await beginCommand(shell, node);
      return await runTest(shell, node);
    case 'ArithmeticCommand':
      return await runArithmetic(shell, node);
    case 'ArithmeticFor':
      return await runArithmeticFor(shell, node);
    case 'Select':
      return await runSelectLoop(shell, node);
    case 'Coproc':
      return await runCoprocess(shell, node);
  }
}

async function notFound(shell: Shell, name: string): Promise<number> {
  await shell.complain(`${name}: not found`);
  return 127;
}

async function runTest(shell: Shell, node: TestCommand): Promise<number> {
  try {
    return (await evaluateTestNode(shell, node.expression)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    await shell.complain(error.message);
    return error.status;
  }
}

async function runArithmetic(shell: Shell, node: ArithmeticCommand): Promise<number> {
  shell.position = node.pos;
  if (!shell.bash) {
    // For dash it is a subshell in a subshell.
    const scope = shell.fork();
    return await runScope(scope, () => runSource(scope, node.body));
  }
  await beginCommand(shell, node);
  await traceHead(shell, `((${/^\s/.test(node.body) ? '' : ' '}${node.body}${/\s$/.test(node.body) ? '' : ' '}))`);
  try {
    return (await evaluateText(shell, node.body)) === '0' ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ShellError) || error instanceof FatalError) throw error;
    await shell.complain(error instanceof ReadOnlyError ? error.message : `((: ${error.message}`);
    return error.status;
  }
}

export async function runRedirected(shell: Shell, node: Extract<CommandNode, { type: 'Redirected' }>): Promise<number> {
  const outer = shell.descriptors;
  const inner = outer.clone();
  const kept = shell.substitutions.length;
  try {
    await applyRedirections(shell, node.redirects, inner);
    shell.descriptors = inner;
    return await runCommandNode(shell, node.command);
  } catch (error) {
    if (!(error instanceof RedirectionError)) throw error;
    shell.descriptors = outer;
    await shell.complain(error.message);
    return shell.bash ? 1 : error.status;
  } finally {
    shell.descriptors = outer;
    inner.releaseAll();
    shell.endSubstitutions(kept);
  }
}

async function runIf(shell: Shell, node: If): Promise<number> {
  for (const branch of [node, ...node.elif]) {
    if ((await inCondition(shell, () => runList(shell, branch.clause))) === 0) return await runList(shell, branch.then);
  }
  return node.else ? await runList(shell, node.else) : 0;
}

async function runCase(shell: Shell, node: Case): Promise<number> {
  await traceHead(shell, `case ${node.word.text} in`);
  const subject = await expandToString(shell, node.word);
  let status = 0;
  let fallThrough = false;
  for (const item of node.items) {
    let matches = fallThrough;
    for (const word of item.pattern)
      matches ||= patternToRegExp(await expandToPattern(shell, word), { ignoreCase: shell.isSet('nocasematch') }).test(
        subject,
      );
    if (!matches) continue;
    status = await runList(shell, item.body);
    if (item.terminator === ';;' || item.terminator === undefined) return status;
    fallThrough = item.terminator === ';&';
  }
  return status;
}

import type { CommandStep, Expansion, StepContext } from './command-steps.ts';
import { textOf } from './command-steps.ts';
import { environmentOptions, expandNode } from './expand-node.ts';
import { expandNpm, expandNpx } from './expand-npm.ts';
import { expandOptions } from './expand-options.ts';
import { expandScript, expandShell } from './expand-shell.ts';
import { expandAwk, expandFind, expandGit, unwrap } from './expand-wrapper.ts';
import { posixResolve } from './places.ts';
import { readCommands, type SimpleCommand } from './read-commands.ts';
import { knownValue, literal } from './words.ts';

const DEEPEST = 8;
const SYSTEM_FOLDER = /^\/(?:usr\/(?:local\/)?)?s?bin\//;
/** Variables that make programs start others. */
const STARTING =
  /^(?:PATH|BASH_ENV|ENV|LD_\w+|SHELLOPTS|PROMPT_COMMAND|GIT_\w+|npm_config_\w+|(?:MAN)?PAGER|EDITOR|VISUAL|LESSOPEN|SHELL|BROWSER)$/i;

/** Every step of a line. Never throws: what cannot be read is an "unclear" step. */
export function expandLine(line: string, context: StepContext): CommandStep[] {
  return createExpansion(context, [], 0).line(line, context.project, '');
}

function createExpansion(context: StepContext, via: readonly string[], depth: number): Expansion {
  const inner = (name: string): Expansion => createExpansion(context, name === '' ? via : [...via, name], depth + 1);
  const expansion: Expansion = {
    ...context,
    depth,
    via,
    unclear: (what, why) => ({ kind: 'unclear', what, why, via }),
    code: (code, name) => ({ kind: 'code', code, name, via }),
    line: (text, folder, name) => {
      if (depth >= DEEPEST) return [expansion.unclear(text, 'it is wrapped too often')];
      const own = inner(name);
      const { commands, functions, error } = readCommands(text, folder);
      const known = commands.reduce(notesOfWrites, own);
      const steps = commands.flatMap((command) => expandCommand(command, known, functions));
      return error === null ? steps : [...steps, own.unclear(text, `it cannot be parsed (${error})`)];
    },
    command: (command, name = '') => expandCommand(command, inner(name), new Set()),
  };
  return expansion;
}

/** What the line itself writes into files, for the case that it runs them. */
function notesOfWrites(expansion: Expansion, command: SimpleCommand): Expansion {
  const notes = [...writesOf(command)];
  return notes.length === 0 ? expansion : rebind(expansion, new Map([...expansion.written, ...notes]));
}

const stepContextOf = ({ project, files, written, programs }: StepContext): StepContext => ({
  project,
  files,
  written,
  programs,
});

const rebind = (expansion: Expansion, written: Expansion['written']): Expansion =>
  createExpansion({ ...stepContextOf(expansion), written }, expansion.via, expansion.depth);

/** Files that a command writes by redirection or `tee`, with their text where it is known. */
export function* writesOf({ words, redirects, input, folder }: SimpleCommand): Generator<[string, string | null]> {
  const [name, ...args] = words.map(knownValue);
  const copies = name === 'cat' && args.length === 0;
  const said =
    name === 'echo' && args.every((arg) => arg !== null && !arg.includes('\\')) ? `${args.join(' ')}\n` : null;
  const text = copies && input !== null && input !== 'unknown' ? input.text : said;
  const targets = [
    ...redirects
      .filter(({ operator }) => operator.includes('>'))
      .map(({ target, operator }) => ({ target, whole: operator === '>' })),
    ...(name === 'tee' || name === 'cp' || name === 'mv'
      ? words.slice(1).map((target) => ({ target, whole: false }))
      : []),
  ];
  for (const { target, whole } of targets) {
    for (const path of target.values ?? [])
      if (folder !== null && !path.startsWith('-')) yield [posixResolve(folder, path), whole ? text : null];
  }
}

function expandCommand(command: SimpleCommand, expansion: Expansion, functions: ReadonlySet<string>): CommandStep[] {
  const { words, redirects, folder } = command;
  const starting = [
    ...startingVariables(command).map((name) =>
      expansion.unclear(textOf(words) || name, `it changes ${name}, which decides what programs run`),
    ),
    ...environmentOptions(command, expansion),
  ];
  const [first, ...args] = words;
  if (!first) return [...starting, { kind: 'command', words: [], redirects, folder, via: expansion.via }];
  const written = knownValue(first);
  if (written === null)
    return [...starting, expansion.unclear(textOf(words), 'which program it starts is known only when it runs')];
  if (functions.has(written))
    return [...starting, { kind: 'command', words: [literal('call'), ...args], redirects, folder, via: expansion.via }];
  const name = written.replace(SYSTEM_FOLDER, '');
  const named = { ...command, words: [literal(name), ...args] };
  const own: CommandStep = {
    kind: 'command',
    words: named.words,
    redirects,
    folder,
    input: command.input,
    via: expansion.via,
  };
  if (expansion.depth >= DEEPEST) return [own, expansion.unclear(textOf(words), 'it is wrapped too often')];
  return [...starting, own, ...expandNamed(name, named, expansion)];
}

function expandNamed(name: string, command: SimpleCommand, expansion: Expansion): CommandStep[] {
  switch (name) {
    case 'sh':
    case 'bash':
    case 'dash':
    case 'ash':
    case 'zsh':
    case 'ksh':
      return expandShell(command, expansion);
    case 'eval':
    case 'trap':
    case 'alias':
    case '.':
    case 'source':
      return expandScript(name, command, expansion);
    case 'node':
    case 'nodejs':
    case 'bun':
    case 'deno':
    case 'tsx':
    case 'ts-node':
      return expandNode(command, expansion);
    case 'npm':
    case 'pnpm':
    case 'yarn':
      return expandNpm(command, expansion);
    case 'npx':
    case 'pnpx':
      return expandNpx(command.words.slice(1), command, expansion);
    case 'find':
      return expandFind(command, expansion);
    case 'awk':
    case 'gawk':
    case 'mawk':
    case 'sed':
      return expandAwk(command, expansion);
    case 'git':
      return expandGit(command, expansion);
    default:
      return [
        ...(name.includes('/') ? expandScript('./', command, expansion) : unwrap(name, command, expansion)),
        ...expandOptions(name, command, expansion),
      ];
  }
}

function startingVariables({ assignments, words }: SimpleCommand): string[] {
  const exported = ['export', 'declare', 'typeset', 'env', 'readonly', 'local'].includes(knownValue(words[0]) ?? '')
    ? words.slice(1).flatMap(({ text }): string[] => /^(\w+)\+?=/.exec(text)?.slice(1) ?? [])
    : [];
  return [...assignments.map(({ name }) => name), ...exported].filter((name) => STARTING.test(name));
}

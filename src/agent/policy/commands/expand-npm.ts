/** npm's scripts, and programs of packages. */
import { z } from 'zod';
import { contentAt } from '../../../session/content.ts';
import { type CommandStep, type Expansion, restOf, textOf } from './command-steps.ts';
import { placeOf, posixResolve } from './places.ts';
import type { SimpleCommand } from './read-commands.ts';
import { type Argument, knownValue, literal } from './words.ts';

const specifiers = z.record(z.string(), z.string()).optional();
const packageFile = z.object({
  scripts: specifiers,
  dependencies: specifiers,
  devDependencies: specifiers,
  optionalDependencies: specifiers,
});
type PackageFile = z.output<typeof packageFile>;
const SCRIPT_NAMES: Readonly<Record<string, string>> = {
  test: 'test',
  t: 'test',
  tst: 'test',
  start: 'start',
  stop: 'stop',
  restart: 'restart',
};
const WITH_VALUE =
  /^(?:--prefix|-C|-w|--workspace|-p|--package|--loglevel|--script-shell|--node-options|--userconfig|--dir|--cwd)$/;

export function expandNpm(command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const { options, rest } = splitOptions(command.words.slice(1));
  const steps = ownOptions(command)
    .filter(({ text }) => /^--(?:script-shell|node-options|userconfig|globalconfig)\b/.test(text))
    .map(({ text }) => expansion.unclear(textOf(command.words), `${text} decides what programs run`));
  const [sub, ...args] = rest;
  const name = knownValue(sub);
  if (!sub) return steps;
  if (name === null)
    return [...steps, expansion.unclear(textOf(command.words), 'which command of npm it is, is known only then')];
  if (['run', 'run-script', 'rum', 'urn'].includes(name)) return [...steps, ...runScript(args, command, expansion)];
  const script = SCRIPT_NAMES[name];
  if (name === 'pack')
    return ['pack', 'prepare'].flatMap((event) =>
      runNamed(event, [], { command, expansion, prefix: prefixOf(options, command) }),
    );
  if (script !== undefined)
    return [...steps, ...runNamed(script, args, { command, expansion, prefix: prefixOf(options, command) })];
  if (['exec', 'x', 'dlx'].includes(name))
    return [...steps, ...expandNpx(afterSubcommand(command, sub), command, expansion)];
  return steps;
}

export function runScript(args: readonly Argument[], command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const { options, rest } = splitOptions(args);
  const [script, ...given] = rest;
  if (!script) return [];
  const name = knownValue(script);
  if (name === null) return [expansion.unclear(textOf(command.words), 'which script it runs is known only then')];
  const prefix = prefixOf([...splitOptions(command.words.slice(1)).options, ...options], command);
  return runNamed(name, given, { command, expansion, prefix });
}

/** npm reads its options wherever they stand before "--". */
function ownOptions({ words }: SimpleCommand): readonly Argument[] {
  const end = words.findIndex(({ text }) => text === '--');
  return (end < 0 ? words : words.slice(0, end)).slice(1).filter(({ text }) => text.startsWith('-'));
}

/** The folder whose package.json counts: null where that cannot be told. */
function prefixOf(options: readonly Argument[], { folder }: SimpleCommand): string | null {
  const at = options.findIndex(({ text }) => /^(?:--prefix|-C|--dir|--cwd)\b/.test(text));
  if (at < 0) return folder;
  const option = knownValue(options[at]);
  const path = option?.includes('=') ? option.slice(option.indexOf('=') + 1) : knownValue(options[at + 1]);
  return path === null || folder === null ? null : posixResolve(folder, path);
}

function runNamed(
  name: string,
  args: readonly Argument[],
  { command, expansion, prefix }: { command: SimpleCommand; expansion: Expansion; prefix: string | null },
): CommandStep[] {
  const folders = workspacesOf(command, expansion);
  if (folders === null) return [expansion.unclear(textOf(command.words), `which workspace it means cannot be told`)];
  if (folders.length > 0) return folders.flatMap((folder) => runIn(folder, name, args, { command, expansion }));
  return runIn(prefix, name, args, { command, expansion });
}

const WORKSPACES = /^(?:--workspaces|-ws)(?:=true)?$/;
const WORKSPACE = /^(?:--workspace|-w)(?:=(.*))?$/;

/** The folders of the workspaces that the options name, absolute; none where they name none, null where it cannot be told. */
function workspacesOf(command: SimpleCommand, { project, files }: Expansion): readonly string[] | null {
  const options = ownOptions(command);
  const packages = Object.keys(files)
    .filter((path) => path.endsWith('/package.json') && !path.includes('node_modules/'))
    .map((path) => path.slice(0, -'/package.json'.length));
  const found: string[] = options.some(({ text }) => WORKSPACES.test(text)) ? packages : [];
  for (const option of options) {
    const match = WORKSPACE.exec(option.text);
    if (!match) continue;
    const wanted = match[1] ?? knownValue(command.words[command.words.indexOf(option) + 1]);
    const path = wanted?.replace(/^\.\//, '').replace(/\/$/, '');
    const named = packages.filter(
      (folder) => folder === path || folder.startsWith(`${path}/`) || nameIn(folder, files) === wanted,
    );
    if (named.length === 0) return null;
    found.push(...named);
  }
  return found.map((folder) => `${project}/${folder}`);
}

function nameIn(folder: string, files: Expansion['files']): string | null {
  const content = contentAt(files, `${folder}/package.json`);
  const [, name = null] = typeof content === 'string' ? (/"name"\s*:\s*"([^"]*)"/.exec(content) ?? []) : [];
  return name;
}

function runIn(
  prefix: string | null,
  name: string,
  args: readonly Argument[],
  { command, expansion }: { command: SimpleCommand; expansion: Expansion },
): CommandStep[] {
  const scripts = prefix === null ? null : packageIn(prefix, expansion)?.scripts;
  if (scripts === null || scripts === undefined)
    return [expansion.unclear(textOf(command.words), `the scripts it names cannot be found from here`)];
  const tail = args
    .filter(({ text }) => text !== '--')
    .map(({ source }) => ` ${source}`)
    .join('');
  return [`pre${name}`, name, `post${name}`].flatMap((event) => {
    const script = Object.hasOwn(scripts, event) ? scripts[event] : undefined;
    return script === undefined
      ? []
      : expansion.line(event === name ? script + tail : script, prefix, `npm run ${event}`);
  });
}

/** Without scripts where there is no package.json; null where it cannot be told. */
function packageIn(folder: string, { project, files }: Expansion): PackageFile | null {
  // npm looks for the next package.json upwards.
  for (let at = placeOf('.', folder, project); ; ) {
    if ('outside' in at) return null;
    const content = contentAt(files, at.inside === '' ? 'package.json' : `${at.inside}/package.json`);
    if (typeof content === 'string') return parsePackage(content);
    if (at.inside === '') return { scripts: {} };
    at = { inside: at.inside.slice(0, Math.max(0, at.inside.lastIndexOf('/'))) };
  }
}

function parsePackage(text: string): PackageFile | null {
  try {
    const file = packageFile.safeParse(JSON.parse(text)).data;
    return file ? { scripts: {}, ...file } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Which package brings a program of another name. */
const BROUGHT_BY: Readonly<Record<string, string>> = {
  tsc: 'typescript',
  'ts-node': 'ts-node',
  biome: '@biomejs/biome',
  babel: '@babel/cli',
  swc: '@swc/cli',
  tap: 'tap',
  playwright: '@playwright/test',
  webpack: 'webpack-cli',
};

/** `npx`: a line after -c, or a program with its arguments. */
export function expandNpx(args: readonly Argument[], command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const { options, rest } = splitOptions(args);
  // Behind the program's name it is the program's.
  const at = options.findIndex(({ text }) => /^(?:-c|--call(?:=.*)?)$/s.test(text));
  if (at >= 0) {
    const own = knownValue(options[at]);
    const value = own?.startsWith('--call=') ? own.slice('--call='.length) : knownValue(options[at + 1] ?? rest[0]);
    return value === null
      ? [expansion.unclear(textOf(command.words), 'what it calls is known only then')]
      : expansion.line(value, command.folder, 'npx -c');
  }
  if (rest.length === 0) return [];
  return [...installOf(rest[0], args, { command, expansion }), ...expansion.command(restOf(command, rest), 'npx')];
}

/** What the project neither has nor lists, npx fetches. */
function installOf(
  program: Argument | undefined,
  args: readonly Argument[],
  { command, expansion }: { command: SimpleCommand; expansion: Expansion },
): CommandStep[] {
  const name = (knownValue(program) ?? '').replace(/(?<=.)@.*$/, '');
  const listed = command.folder === null ? null : packageIn(command.folder, expansion);
  const all = { ...listed?.dependencies, ...listed?.devDependencies, ...listed?.optionalDependencies };
  const isSystems = /^(?:node|npm|sh|bash|rm|git|cat|ls|echo)$/.test(name);
  const isThere = expansion.programs.has(name) && knownValue(program) === name;
  const known =
    name === '' || isSystems || isThere || Object.hasOwn(all, name) || Object.hasOwn(all, BROUGHT_BY[name] ?? name);
  if (known || args.some(({ text }) => /^--(?:no|no-install|offline)$/.test(text))) return [];
  const words = ['npm', 'install', '--no-save', name].map(literal);
  return [{ kind: 'command', words, redirects: [], folder: command.folder, via: [...expansion.via, 'npx'] }];
}

/** Options before the first word, and all from there on. */
function splitOptions(args: readonly Argument[]): { options: readonly Argument[]; rest: readonly Argument[] } {
  let at = 0;
  while (at < args.length && args[at]?.text.startsWith('-')) {
    const text = args[at]?.text ?? '';
    at += 1;
    if (text === '--') break;
    if (WITH_VALUE.test(text)) at += 1;
  }
  return { options: args.slice(0, at), rest: args.slice(at) };
}

const afterSubcommand = (command: SimpleCommand, sub: Argument): readonly Argument[] =>
  command.words.slice(command.words.indexOf(sub) + 1);

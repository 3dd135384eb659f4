/** What npm is told, and by whom: its command line, `npm_config_…` of the environment, the project's .npmrc and the user's. */
import { S_IFMT, S_IFREG } from '../kernel/file-modes.ts';
import { joinPath, resolvePath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';
import type { GivenLine } from './command-line.ts';
import { isOption, NOT_EXPORTED, TRUE_BY_DEFAULT } from './flags.ts';
import { findRoot } from './workspaces.ts';

export interface NpmCommandLine {
  command: string;
  args: string[];
  /** Where npm was called. */
  from: string;
  silent: boolean;
  ifPresent: boolean;
  ignoreScripts: boolean;
  json: boolean;
  yes: boolean;
  version: boolean;
  /** What is for development is left out. */
  production: boolean;
  prefix: string | undefined;
  /** Names or folders of workspaces that the command is for. */
  workspaces: string[];
  allWorkspaces: boolean;
  includeRoot: boolean;
  /** Of `exec -c`. */
  call: string | undefined;
  /** The program that reads scripts. */
  scriptShell: string;
  warnings: string[];
  /** By its name behind `npm_config_`: what scripts are told; a switch that is off is an empty text. */
  config: ReadonlyMap<string, string>;
  /** Who has set what; the later ones count. */
  sources: readonly ConfigurationSource[];
}

/** One of those who set npm's options. */
export interface ConfigurationSource {
  readonly where: 'user' | 'project' | 'env' | 'cli';
  /** A file's path, or what it is. */
  readonly source: string;
  readonly values: ReadonlyMap<string, string>;
}

export function configure(context: UtilityContext, line: GivenLine): NpmCommandLine {
  const { command, args, given, workspaces, warnings } = line;
  const env = fromEnvironment(context.env);
  const prefix = given.get('prefix');
  const folder = prefix === undefined ? findRoot(context) : resolvePath(context.cwd, prefix);
  const home = context.env.get('HOME');
  const fileIn = (where: 'user' | 'project', at: string): ConfigurationSource => {
    const source = joinPath(at, '.npmrc');
    return { where, source, values: readNpmrc(context, source) };
  };
  const sources: ConfigurationSource[] = [
    ...(home === undefined ? [] : [fileIn('user', home)]),
    ...(home === folder ? [] : [fileIn('project', folder)]),
    { where: 'env', source: 'environment', values: env },
    { where: 'cli', source: 'command line options', values: given },
  ];
  const values = new Map(sources.flatMap((each) => [...each.values]));
  const isOn = (name: string) => values.has(name) && values.get(name) !== 'false';
  return {
    command,
    args,
    from: context.cwd,
    silent: values.get('loglevel') === 'silent',
    ifPresent: isOn('if-present'),
    ignoreScripts: isOn('ignore-scripts'),
    json: isOn('json'),
    yes: isOn('yes'),
    version: isOn('version'),
    production: isOn('production'),
    prefix,
    workspaces,
    allWorkspaces: isOn('workspaces'),
    includeRoot: isOn('include-workspace-root'),
    call: values.get('call') || undefined,
    scriptShell: values.get('script-shell') || '/bin/sh',
    warnings: [...warnings, ...sources.flatMap(unknownSettings)],
    config: exported(values, env),
    sources,
  };
}

function unknownSettings({ where, values }: ConfigurationSource): string[] {
  // The command line's are told where it is read.
  if (where === 'cli') return [];
  return [...values.keys()]
    .filter((name) => !/^(?:\/\/|@)|:/.test(name) && !isOption(name))
    .map(
      (name) =>
        `Unknown ${where} config "${name}". This will stop working in the next major version of npm. See \`npm help npmrc\` for supported config options.`,
    );
}

/** What the environment says already it need not be told. */
function exported(values: ReadonlyMap<string, string>, env: ReadonlyMap<string, string>): Map<string, string> {
  const config = new Map<string, string>();
  for (const [name, value] of values) {
    if (NOT_EXPORTED.has(name) || /^[/@_]/.test(name)) continue;
    const isDefault = TRUE_BY_DEFAULT.has(name) && value === 'true';
    if (isDefault && (env.get(name) ?? 'true') === 'true') continue;
    config.set(name.replaceAll('-', '_').toLowerCase(), value === 'false' ? '' : value);
  }
  return config;
}

function fromEnvironment(env: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of env) {
    const name = /^npm_config_(.*)$/is.exec(key)?.[1];
    // Of those that npm sets for every script none is a setting of the user's.
    if (name === undefined || value === '' || OF_NPM.has(name)) continue;
    found.set(name.replace(/(?!^)_/g, '-').toLowerCase(), value);
  }
  return found;
}

const OF_NPM = new Set(['local_prefix', 'global_prefix', 'npm_version', 'user_agent', 'node_gyp', 'prefix']);

/** Of a setting that is a list: in the environment of scripts, too. */
export const BETWEEN_ELEMENTS = '\n\n';

/** Lines `name = value`, after `;` and `#` a comment; `${NAME}` is the environment's. */
function readNpmrc(context: UtilityContext, path: string): Map<string, string> {
  const { sys, env } = context;
  const found = new Map<string, string>();
  if (((sys.call('statOrNull', path, true)?.mode ?? 0) & S_IFMT) !== S_IFREG) return found;
  for (const row of new TextDecoder().decode(sys.call('readFile', path)).split(/[\r\n]+/)) {
    const setting = settingIn(row);
    if (setting === null) continue;
    const name = withEnvironment(setting.name, env);
    const text = withEnvironment(unquote(setting.value), env);
    const before = setting.isElement ? found.get(name) : undefined;
    found.set(name, before === undefined ? text : before + BETWEEN_ELEMENTS + text);
  }
  return found;
}

/** What a line sets, as it stands there: an option, or one element more of a list (`name[] = value`). Null for comments and the like. */
export function settingIn(row: string): { name: string; value: string; isElement: boolean } | null {
  const [, name, brackets, value = 'true'] = /^\s*([^;#[\s=][^=]*?)(\[\])?(?:\s*=\s*(.*?))?\s*$/.exec(row) ?? [];
  return name === undefined ? null : { name, value, isElement: brackets !== undefined };
}

const unquote = (text: string): string =>
  /^(["'])(.*)\1$/.exec(text)?.[2] ?? text.replace(/\s*(?<!\\)[;#].*$/, '').replace(/\\([;#])/g, '$1');

const withEnvironment = (text: string, env: ReadonlyMap<string, string>): string =>
  text.replace(
    /\$\{([^${}?]+)(\?)?\}/g,
    (whole, name: string, optional?: string) => env.get(name) ?? (optional === undefined ? whole : ''),
  );

/** `npm config`: what is set, and by whom; settings of the user's and the project's .npmrc. */
import { errorCode } from '../shell/errors.ts';
import { joinPath } from '../shell/paths.ts';
import { writeFile } from '../shell/utilities/write-file.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { type ConfigurationSource, settingIn } from './configuration.ts';
import { defaultSetting, type Setting, settingOf } from './default-settings.ts';
import { NODE_VERSION, NPM_VERSION } from './environment.ts';
import { isOption, SETTINGS, SWITCHES } from './flags.ts';
import { NpmError, usage } from './package-file.ts';
import type { ScriptLine } from './run-script.ts';
import { findRoot } from './workspaces.ts';

const PURPOSE = 'Manage the npm configuration files';

export async function config(context: UtilityContext, line: ScriptLine): Promise<number> {
  const [action = '', ...args] = line.args;
  switch (action) {
    case 'get':
      await (args.length > 0 ? get(context, line, args) : list(context, line));
      return 0;
    case 'list':
    case 'ls':
      await (line.json ? listAsJson(context, line) : list(context, line));
      return 0;
    case 'set':
    case 'delete':
    case 'rm':
    case 'del': {
      if (args.length === 0) throw usage('', PURPOSE);
      const settings = action === 'set' ? pairsOf(args) : new Map(args.map((key) => [key, '']));
      if (action === 'set') for (const key of settings.keys()) refuseIfNoOption(key);
      await change(context, line, settings);
      return 0;
    }
    case 'edit':
    case 'fix':
      throw new NpmError(`"npm config ${action}" is not supported in the sandbox yet`);
    default:
      throw usage('', PURPOSE);
  }
}

async function get(context: UtilityContext, line: ScriptLine, keys: readonly string[]): Promise<void> {
  const shown = keys.map((key) => {
    const value = currentValue(context, line, key);
    if (isSecret(key) || redacted(value) !== value)
      throw new NpmError(`The ${key} option is protected, and cannot be retrieved in this way`);
    return `${keys.length > 1 ? `${key}=` : ''}${value}`;
  });
  await context.stdout.line(shown.join('\n'));
}

const setterOf = (key: string, sources: readonly ConfigurationSource[]): ConfigurationSource | undefined =>
  sources.findLast(({ values }) => values.has(key));

function currentValue({ env }: UtilityContext, { sources }: ScriptLine, key: string): Setting | undefined {
  const source = setterOf(key, sources);
  return source ? settingOf(key, source.values.get(key) ?? '') : defaultSetting(key, env.get('HOME') ?? '');
}

async function listAsJson(context: UtilityContext, line: ScriptLine): Promise<void> {
  const found: Record<string, Setting> = {};
  for (const key of new Set([...line.sources.flatMap(({ values }) => [...values.keys()]).reverse(), ...OPTIONS])) {
    const value = currentValue(context, line, key);
    if (value !== undefined && !isSecret(key) && redacted(value) === value) found[key] = value;
  }
  await context.stdout.line(JSON.stringify({ ...found, 'npm-version': NPM_VERSION }, null, 2));
}

const OPTIONS: readonly string[] = [...SWITCHES, ...SETTINGS].sort();

async function list(context: UtilityContext, { sources, config }: ScriptLine): Promise<void> {
  const home = context.env.get('HOME') ?? '';
  const isLong = config.get('long') === 'true';
  const winner = (key: string) => setterOf(key, sources)?.where;
  const sections: string[] = [];
  if (isLong) {
    const lines = OPTIONS.map((key) => row(key, defaultSetting(key, home) ?? null, winner(key)));
    sections.push(['; "default" config from default values', '', ...lines].join('\n'));
  }
  for (const { where, source, values } of sources) {
    const lines = [...values]
      .sort(([one], [other]) => one.localeCompare(other, 'en'))
      .map(([key, text]) => row(key, settingOf(key, text), winner(key) === where ? undefined : winner(key)));
    if (lines.length > 0) sections.push([`; "${where}" config from ${source}`, '', ...lines].join('\n'));
  }
  if (!isLong)
    sections.push(
      [
        '; node bin location = /usr/local/bin/node',
        `; node version = ${NODE_VERSION}`,
        `; npm local prefix = ${findRoot(context)}`,
        `; npm version = ${NPM_VERSION}`,
        `; cwd = ${context.cwd}`,
        `; HOME = ${home}`,
        '; Run `npm config ls -l` to show all defaults.',
      ].join('\n'),
    );
  await context.stdout.line(sections.join('\n\n'));
}

function row(key: string, value: Setting, overriddenBy: string | undefined): string {
  const shown = `${key} = ${isSecret(key) ? '(protected)' : JSON.stringify(redacted(value))}`;
  return overriddenBy === undefined ? shown : `; ${shown} ; overridden by ${overriddenBy}`;
}

/** Who logs in, and with what. */
const SECRETS = ['auth', 'authToken', 'certfile', 'email', 'keyfile', 'password', 'username'];

const isSecret = (key: string): boolean =>
  key.startsWith('_') ||
  SECRETS.includes(key) ||
  (key.startsWith('//') && (key.includes(':_') || SECRETS.some((secret) => key.endsWith(`:${secret}`))));

/** The password in an address, and tokens, do not show. */
const redacted = (value: Setting | undefined): Setting | undefined =>
  typeof value === 'string'
    ? value.replace(/(\w+:\/\/[^/\s:@]+:)[^@\s/]+@/g, '$1***@').replace(/\bnpms?_[\dA-Za-z]{36}\b/g, 'npm_***')
    : value;

/** `key=value`, or `key value`. */
function pairsOf(args: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const at = arg.indexOf('=');
    const [key, value] = at < 0 ? [arg, rest.shift() ?? ''] : [arg.slice(0, at), arg.slice(at + 1)];
    pairs.set(key.trim(), value.trim());
  }
  return pairs;
}

/** What belongs to one registry, behind its address. */
const OF_A_REGISTRY = new Set(['_auth', '_authToken', '_password', 'certfile', 'email', 'keyfile', 'username']);

const DEPRECATED =
  /^(?:also|cache-m(?:ax|in)|cert|dev|global-style|init\..*|key|legacy-bundling|only|optional|production|shrinkwrap)$/;

/** An empty value removes the setting. Comments and all other lines stay as they are. */
async function change(context: UtilityContext, line: ScriptLine, settings: ReadonlyMap<string, string>): Promise<void> {
  const path = placeOf(context, line);
  const rows = readRows(context, path).filter((text) => !settings.has(settingIn(text)?.name ?? ''));
  for (const [key, value] of settings) if (value !== '') rows.push(`${key}=${quoted(value)}`);
  if (rows.length > 0) await writeFile(context, path, `${rows.join('\n')}\n`);
  else context.sys.call('remove', path, true);
}

function refuseIfNoOption(key: string): void {
  const name = key.split(':').at(-1) ?? '';
  if (!isOption(name) && !OF_A_REGISTRY.has(name)) throw new NpmError(`\`${name}\` is not a valid npm option`);
  if (DEPRECATED.test(name)) throw new NpmError(`The \`${name}\` option is deprecated, and cannot be set in this way`);
}

function placeOf(context: UtilityContext, { config }: ScriptLine): string {
  const where = config.get('global') === 'true' ? 'global' : (config.get('location') ?? 'user');
  if (where === 'user') return joinPath(context.env.get('HOME') ?? '/', '.npmrc');
  if (where === 'project') return joinPath(findRoot(context), '.npmrc');
  throw new NpmError(`settings are kept for the user and for a project in the sandbox: there is no "${where}" one`);
}

function readRows(context: UtilityContext, path: string): string[] {
  try {
    return new TextDecoder()
      .decode(context.sys.call('readFile', path))
      .replace(/\r?\n$/, '')
      .split(/\r?\n/);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Where quotes would be taken off, or a comment begin. */
const quoted = (value: string): string =>
  /^["']/.test(value) ? JSON.stringify(value) : value.replace(/[;#]/g, '\\$&');

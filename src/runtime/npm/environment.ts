/** What a script finds in its environment. */
import { findProgram } from '../shell/lookup.ts';
import { directoryName, joinPath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';
import type { NpmCommandLine } from './configuration.ts';
import { type PackageFile, programsOf } from './package-file.ts';
import { findRoot } from './workspaces.ts';

/** The version of npm whose behaviour this follows. */
export const NPM_VERSION = '11.19.1';
export const NODE_VERSION = 'v24.11.1';

/** Every node_modules/.bin from the folder upwards. */
export function binFolders(folder: string): string[] {
  const folders: string[] = [];
  for (let at = folder; ; at = directoryName(at)) {
    folders.push(joinPath(at, 'node_modules/.bin'));
    if (at === '/') return folders;
  }
}

function addFields(env: Map<string, string>, prefix: string, values: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (value === null || value === false) env.set(prefix + key, '');
    else if (Array.isArray(value))
      for (const [index, item] of value.entries()) addFields(env, prefix, { [`${key}_${index}`]: item });
    else if (typeof value === 'object') addFields(env, `${prefix}${key}_`, value as Record<string, unknown>);
    else env.set(prefix + key, String(value));
  }
}

export interface ScriptRun {
  file: PackageFile;
  event: string;
  command: string;
  /** `npm_command`: what npm was called for. */
  npmCommand: string;
  line: NpmCommandLine;
}

export function scriptEnvironment(context: UtilityContext, run: ScriptRun): Map<string, string> {
  const env = new Map(context.env);
  const { name, version, config, engines } = run.file.content;
  const node = findProgram({ ...context, getVariable: () => context.env.get('PATH') }, 'node');
  const nodePath = node.kind === 'program' ? node.path : '/usr/bin/node';
  for (const [key, value] of [
    ['npm_command', run.npmCommand],
    ['npm_config_local_prefix', findRoot(context)],
    ['npm_config_npm_version', NPM_VERSION],
    ['npm_config_user_agent', `npm/${NPM_VERSION} node/${NODE_VERSION} linux x64 workspaces/false`],
    ['npm_execpath', '/usr/local/lib/node_modules/npm/bin/npm-cli.js'],
    ['npm_node_execpath', nodePath],
    ['NODE', nodePath],
    ['npm_package_json', run.file.path],
    ['npm_lifecycle_event', run.event],
    ['npm_lifecycle_script', run.command],
  ] as const)
    env.set(key, value);
  env.set('INIT_CWD', run.line.from);
  for (const [name, value] of run.line.config) env.set(`npm_config_${name}`, value);
  addFields(env, 'npm_package_', { name, version, config, engines, bin: Object.fromEntries(programsOf(run.file)) });
  env.set('PATH', [...binFolders(run.file.folder), env.get('PATH') ?? '/usr/local/bin:/usr/bin:/bin'].join(':'));
  return env;
}

/** `npm run`, `npm test`, `npm start`, …: a script, with its pre and post scripts. */
import type { UtilityContext } from '../shell/utility.ts';
import type { NpmCommandLine } from './configuration.ts';
import { type ScriptRun, scriptEnvironment } from './environment.ts';
import { findProject, NpmError, type PackageFile, packageId, readPackage } from './package-file.ts';
import { didYouMean } from './suggestions.ts';

/** `onFailure` is told the line of sh that failed. `workspace`: of which package of several, for what npm says of it. */
export interface ScriptLine extends NpmCommandLine {
  readonly onFailure?: (text: string) => void;
  /** Takes what would be shown as JSON: of several packages it is one object. */
  readonly collect?: (value: unknown) => void;
  readonly workspace?: string;
  /** A script of a command's own: its header does not name the package. */
  readonly bare?: boolean;
}

/** Runs a script by its name. Throws {@link NpmError} when there is none. */
export async function runNamedScript(
  context: UtilityContext,
  line: ScriptLine,
  words: readonly string[],
): Promise<number> {
  const [event = '', ...args] = words;
  const file = readPackage(context, findProject(context));
  const { scripts } = file;
  if (event === 'restart' && !scripts.has('restart')) scripts.set('restart', 'npm stop --if-present && npm start');
  if (event === 'env' && !scripts.has('env')) scripts.set('env', 'env');
  const server = event === 'start' && context.sys.call('statOrNull', `${file.folder}/server.js`, true) !== null;
  if (!scripts.has(event) && server) scripts.set('start', 'node server.js');
  if (!scripts.has(event)) {
    if (line.ifPresent) return 0;
    throw new NpmError(
      [
        `Missing script: "${event}"${didYouMean(file, event)}`,
        '',
        'To see a list of scripts, run:',
        `  npm run${line.workspace === undefined ? '' : ` --workspace=${line.workspace}`}`,
      ].join('\n'),
    );
  }
  const events = line.ignoreScripts ? [event] : [`pre${event}`, event, `post${event}`];
  for (const name of events) {
    const command = scripts.get(name);
    if (!command) continue;
    const run = { file, event: name, command, npmCommand: line.command, line };
    const given = name === event ? args : [];
    const status = await runScriptText(context, run, given);
    if (status === 0) continue;
    line.onFailure?.(textOf(run, given));
    return status;
  }
  return 0;
}

/** A script of a command's own (`prepack`, `version`), where there is one. Throws {@link NpmError} when it fails. */
export async function runOwnScript(
  context: UtilityContext,
  line: ScriptLine,
  name: string,
  env: readonly (readonly [string, string])[] = [],
): Promise<void> {
  if (line.ignoreScripts) return;
  let failed = '';
  const own: ScriptLine = {
    ...line,
    ifPresent: true,
    ignoreScripts: true,
    onFailure: (text) => {
      failed = text;
    },
  };
  const status = await runNamedScript({ ...context, env: new Map([...context.env, ...env]) }, own, [name]);
  if (status === 0) return;
  const told = [`code ${status}`, `path ${findProject(context)}`, 'command failed', `command sh -c ${failed}`];
  throw new NpmError(told.join('\n'), { status });
}

async function runScriptText(
  context: UtilityContext,
  run: ScriptRun & { line: ScriptLine },
  args: readonly string[],
): Promise<number> {
  const { silent, json, bare = false, scriptShell } = run.line;
  // What is asked for as JSON is not to be mixed with it.
  if (!silent) await (json ? context.stderr : context.stdout).write(banner(run, args, bare));
  if (json) await context.stderr.flush();
  return await context.run([scriptShell, '-c', textOf(run, args)], {
    env: scriptEnvironment(context, run),
    cwd: run.file.folder,
    ...(scriptShell === '/bin/sh' ? { name: 'sh' } : {}),
  });
}

const textOf = ({ command }: ScriptRun, args: readonly string[]): string =>
  [command, ...args.map(quoteArgument)].join(' ');

function banner({ file, event, command }: ScriptRun, args: readonly string[], bare: boolean): string {
  const title = [bare ? undefined : packageId(file), event].filter((part) => part !== undefined).join(' ');
  const shown = command.trim().replaceAll('\n', '\n> ');
  return `\n> ${title}\n> ${shown}${args.length > 0 ? ` ${args.join(' ')}` : ''}\n\n`;
}

/** As a word of sh. */
function quoteArgument(text: string): string {
  if (text === '') return "''";
  if (!/[\t\n\r "#$&'()*;<>?\\`|~]/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`.replace(/^(?:'')+(?!$)/, '').replaceAll("\\'''", "\\'");
}

const LIFECYCLE = new Set(
  ['prepare', 'prepublishOnly', 'prepack', 'postpack', 'dependencies'].concat(
    ['install', 'publish', 'restart', 'start', 'stop', 'test', 'uninstall', 'version'].flatMap((name) => [
      `pre${name}`,
      name,
      `post${name}`,
    ]),
  ),
);

/** `npm run` alone. */
export async function listScripts(context: UtilityContext, line: NpmCommandLine): Promise<number> {
  const file = readPackage(context, findProject(context));
  if (line.silent) return 0;
  if (line.json) {
    await context.stdout.line(JSON.stringify(Object.fromEntries(file.scripts), null, 2));
    return 0;
  }
  const entries = [...file.scripts];
  const own = entries.filter(([name]) => LIFECYCLE.has(name));
  const others = entries.filter(([name]) => !LIFECYCLE.has(name));
  const id = packageId(file) ?? file.name ?? 'undefined';
  if (own.length > 0) await context.stdout.line(`Lifecycle scripts included in ${id}:`);
  await printScripts(context, own);
  if (others.length > 0) {
    await context.stdout.line(
      own.length > 0 ? 'available via `npm run`:' : `Scripts available in ${id} via \`npm run\`:`,
    );
  }
  await printScripts(context, others);
  return 0;
}

async function printScripts(context: UtilityContext, scripts: readonly [string, string][]): Promise<void> {
  for (const [name, script] of scripts) await context.stdout.write(`  ${name}\n    ${script}\n`);
}

/** For `PackageFile`s of commands that need no script. */
export function projectPackage(context: UtilityContext): PackageFile {
  return readPackage(context, findProject(context));
}

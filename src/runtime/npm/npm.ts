/** `npm` and `npx` inside the sandbox. */
import { resolvePath } from '../shell/paths.ts';
import type { Utility, UtilityContext } from '../shell/utility.ts';
import { changeVersion } from './change-version.ts';
import { type GivenLine, parseNpmCommandLine } from './command-line.ts';
import { npmCommands } from './commands.ts';
import { config } from './config-command.ts';
import { configure, type NpmCommandLine } from './configuration.ts';
import { NPM_VERSION } from './environment.ts';
import { runPackageProgram } from './execute.ts';
import { initialize } from './initialize.ts';
import { lacking, list } from './list.ts';
import { pack } from './pack.ts';
import { deleteFields, fieldsAt, PURPOSE, setFields } from './package-fields.ts';
import { NpmError, packageId, readPackage, usage } from './package-file.ts';
import { listScripts, projectPackage, runNamedScript, type ScriptLine } from './run-script.ts';
import { didYouMean } from './suggestions.ts';
import { findRoot, inWorkspaces } from './workspaces.ts';

type NpmCommand = (context: UtilityContext, line: ScriptLine) => Promise<number>;

const named =
  (event: string): NpmCommand =>
  (context, line) =>
    runNamedScript(context, { ...line, command: event }, [event, ...line.args]);

const run: NpmCommand = (context, line) =>
  line.args.length > 0 ? runNamedScript(context, { ...line, command: 'run' }, line.args) : listScripts(context, line);

const NO_INSTALL = 'installing packages is not supported in the sandbox yet: node_modules has to come with the project';

/** Without a name it is done where all that package.json asks for is there. */
const install: NpmCommand = async (context, { command, args, silent }) => {
  if (args.length > 0 || !INSTALL_ALL.has(command)) throw new NpmError(NO_INSTALL);
  const { folder, content } = readPackage(context, findRoot(context));
  const missing = lacking(context, folder, content);
  if (missing.length > 0) throw new NpmError(`${NO_INSTALL}\nmissing: ${missing.join(', ')}`);
  if (!silent) await context.stdout.write('\nup to date\n');
  return 0;
};

const INSTALL_ALL = new Set(['install', 'i', 'in', 'ins', 'ci', 'clean-install']);

const changeFields: NpmCommand = async (context, line) => {
  const [action = '', ...keys] = line.args;
  if (action === 'fix') throw new NpmError('"npm pkg fix" is not supported in the sandbox yet');
  if (!['get', 'set', 'delete'].includes(action)) throw usage('', PURPOSE);
  const file = projectPackage(context);
  const force = line.config.get('force') === 'true';
  if (action === 'set') await setFields(context, file, { args: keys, json: line.json, force });
  else if (action === 'delete') await deleteFields(context, file, keys);
  else {
    const found: Record<string, unknown> =
      keys.length === 0 ? file.content : Object.assign({}, ...keys.map((key) => fieldsAt(file.content, key)));
    const [first = ''] = keys;
    const shown = keys.length === 1 && Object.keys(found).length === 1 ? found[first] : found;
    if (line.collect) line.collect(shown);
    else if (shown !== undefined) await context.stdout.line(JSON.stringify(shown, null, 2));
  }
  return 0;
};

const prefix: NpmCommand = async (context) => {
  await context.stdout.line(findRoot(context));
  return 0;
};

const root: NpmCommand = async (context) => {
  await context.stdout.line(`${findRoot(context)}/node_modules`);
  return 0;
};

const version: NpmCommand = async (context, line) => {
  if (line.args.length > 0) return await changeVersion(context, line);
  const file = projectPackage(context);
  const shown = { ...(packageId(file) === undefined ? {} : { [file.name ?? '']: file.version }), npm: NPM_VERSION };
  const body = Object.entries(shown).map(
    ([name, value]) => `  ${/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`}: '${value}'`,
  );
  await context.stdout.write(`{\n${body.join(',\n')}\n}\n`);
  return 0;
};

const COMMANDS: ReadonlyMap<string, NpmCommand> = new Map([
  ...['run', 'run-script', 'rum', 'urn'].map((name): [string, NpmCommand] => [name, run]),
  ...['test', 't', 'tst'].map((name): [string, NpmCommand] => [name, named('test')]),
  ...['start', 'stop', 'restart'].map((name): [string, NpmCommand] => [name, named(name)]),
  ...['exec', 'x'].map((name): [string, NpmCommand] => [name, runPackageProgram]),
  ...[
    'install',
    'i',
    'in',
    'ins',
    'add',
    'ci',
    'clean-install',
    'install-test',
    'it',
    'cit',
    'uninstall',
    'remove',
    'rm',
    'un',
    'update',
    'up',
    'link',
    'ln',
  ].map((name): [string, NpmCommand] => [name, install]),
  ['pkg', changeFields],
  ['init', initialize],
  ['prefix', prefix],
  ['root', root],
  ['version', version],
  ...['ls', 'list', 'll', 'la'].map((name): [string, NpmCommand] => [name, list]),
  ['pack', pack],
  ['config', config],
  ['c', config],
  ...['get', 'set'].map((name): [string, NpmCommand] => [
    name,
    (context, line) => config(context, { ...line, args: [name, ...line.args] }),
  ]),
]);

/** With `--prefix` the package is there, not further up. */
const NEEDS_PACKAGE = new Set(['run', 'run-script', 'test', 't', 'tst', 'start', 'stop', 'restart', 'pkg']);

export const npm: Utility = (context) => guarded(context, parseNpmCommandLine(context.args));
export const npx: Utility = (context) => guarded(context, parseNpmCommandLine(context.args, true));

async function guarded(context: UtilityContext, given: GivenLine): Promise<number> {
  const line = configure(context, given);
  try {
    if (line.version && line.command !== 'exec') {
      await context.stdout.line(NPM_VERSION);
      return 0;
    }
    return await dispatch(
      line.prefix === undefined ? context : { ...context, cwd: resolvePath(context.cwd, line.prefix) },
      line,
    );
  } catch (error) {
    if (!(error instanceof NpmError)) throw error;
    const isJson = line.json || (line.command === 'pkg' && line.args[0] === 'get');
    if (isJson && error.report !== null) await context.stdout.line(JSON.stringify(error.report, null, 2));
    await context.stdout.flush();
    if (!line.silent)
      await context.stderr.write(
        error.message
          .split('\n')
          .map((text) => (text === '' ? 'npm error\n' : `npm error ${text}\n`))
          .join(''),
      );
    return error.status;
  }
}

async function dispatch(context: UtilityContext, line: NpmCommandLine): Promise<number> {
  const command = COMMANDS.get(line.command);
  if (!line.silent) for (const warning of line.warnings) await context.stderr.write(`npm warn ${warning}\n`);
  if (line.prefix !== undefined && NEEDS_PACKAGE.has(line.command)) readPackage(context, context.cwd);
  if (command && (line.allWorkspaces || line.workspaces.length > 0)) return await inWorkspaces(context, line, command);
  if (command) return await command(context, line);
  if (line.command === '' || line.command === 'help') {
    await context.stdout.write(
      'npm <command>\n\nIn the sandbox: test, run, start, stop, restart, exec, pkg, init -y, ls, pack, config, prefix, root, version\n',
    );
    return line.command === '' ? 1 : 0;
  }
  if (Object.hasOwn(npmCommands, line.command))
    throw new NpmError(`"npm ${line.command}" is not supported in the sandbox yet`);
  const suggestion = didYouMean(undefined, line.command);
  await context.stdout.write(
    `Unknown command: "${line.command}"${suggestion ? `\n${suggestion}` : '\n'}\nTo see a list of supported npm commands, run:\n  npm help\n`,
  );
  return 1;
}

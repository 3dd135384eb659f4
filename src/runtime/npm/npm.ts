/** `npm` and `npx` inside the sandbox. */
import { resolvePath } from '../shell/paths.ts';
import { writeFile } from '../shell/utilities/sort.ts';
import type { Utility, UtilityContext } from '../shell/utility.ts';
import { type NpmCommandLine, parseNpmCommandLine } from './command-line.ts';
import { npmCommands } from './commands.ts';
import { NPM_VERSION } from './environment.ts';
import { runPackageProgram } from './execute.ts';
import { deleteFields, fieldAt, setFields, usage } from './package-fields.ts';
import { findProject, NpmError, packageId } from './package-file.ts';
import { listScripts, projectPackage, runNamedScript, type ScriptLine } from './run-script.ts';
import { didYouMean } from './suggestions.ts';
import { inWorkspaces } from './workspaces.ts';

type NpmCommand = (context: UtilityContext, line: ScriptLine) => Promise<number>;

const named =
  (event: string): NpmCommand =>
  (context, line) =>
    runNamedScript(context, { ...line, command: event }, [event, ...line.args]);

const run: NpmCommand = (context, line) =>
  line.args.length > 0 ? runNamedScript(context, { ...line, command: 'run' }, line.args) : listScripts(context, line);

const install: NpmCommand = () => {
  throw new NpmError(
    'installing packages is not supported in the sandbox yet: node_modules has to come with the project',
  );
};

const changeFields: NpmCommand = async (context, { args, json }) => {
  const [action = '', ...keys] = args;
  if (!['get', 'set', 'delete'].includes(action)) throw usage('');
  const file = projectPackage(context);
  if (action === 'set') setFields(context, file, { args: keys, json });
  else if (action === 'delete') deleteFields(context, file, keys);
  else {
    const { content } = file;
    const [first] = keys;
    const found = Object.fromEntries(keys.map((key) => [key, fieldAt(content, key)]));
    const shown = first === undefined ? content : keys.length === 1 ? (fieldAt(content, first) ?? {}) : found;
    await context.stdout.line(JSON.stringify(shown, null, 2));
  }
  return 0;
};

const initialize: NpmCommand = async (context, line) => {
  if (!line.yes) throw new NpmError('only "npm init -y" is supported in the sandbox yet');
  const path = resolvePath(context.cwd, 'package.json');
  if (context.sys.call('statOrNull', path, true))
    throw new NpmError('package.json exists already: "npm init" does not change it in the sandbox yet');
  const name =
    context.cwd
      .slice(context.cwd.lastIndexOf('/') + 1)
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-') || 'project';
  const scripts = { test: 'echo "Error: no test specified" && exit 1' };
  const content = {
    name,
    version: '1.0.0',
    description: '',
    main: 'index.js',
    scripts,
    keywords: [],
    author: '',
    license: 'ISC',
    type: 'commonjs',
  };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  writeFile(context, path, text);
  if (!line.silent) await context.stdout.write(`Wrote to ${path}:\n\n${text}\n\n`);
  return 0;
};

const prefix: NpmCommand = async (context) => {
  await context.stdout.line(findProject(context));
  return 0;
};

const root: NpmCommand = async (context) => {
  await context.stdout.line(`${findProject(context)}/node_modules`);
  return 0;
};

const version: NpmCommand = async (context, { args }) => {
  if (args.length > 0) throw new NpmError('changing the version is not supported in the sandbox yet');
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
]);

export const npm: Utility = (context) => guarded(context, parseNpmCommandLine(context.args, context.env));
export const npx: Utility = (context) => guarded(context, parseNpmCommandLine(context.args, context.env, true));

async function guarded(context: UtilityContext, line: NpmCommandLine): Promise<number> {
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
  if (!line.silent) {
    for (const flag of line.unknown) {
      await context.stderr.write(
        `npm warn Unknown cli config "${flag.split('=')[0]}". This will stop working in the next major version of npm.\n`,
      );
    }
  }
  if (command && (line.allWorkspaces || line.workspaces.length > 0)) return await inWorkspaces(context, line, command);
  if (command) return await command(context, line);
  if (line.command === '' || line.command === 'help') {
    await context.stdout.write(
      'npm <command>\n\nIn the sandbox: test, run, start, stop, restart, exec, pkg get, init -y, prefix, root, version\n',
    );
    return line.command === '' ? 1 : 0;
  }
  if (line.command in npmCommands) throw new NpmError(`"npm ${line.command}" is not supported in the sandbox yet`);
  const suggestion = didYouMean(undefined, line.command);
  await context.stdout.write(
    `Unknown command: "${line.command}"${suggestion ? `\n${suggestion}` : '\n'}\nTo see a list of supported npm commands, run:\n  npm help\n`,
  );
  return 1;
}

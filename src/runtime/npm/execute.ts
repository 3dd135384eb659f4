/** `npm exec` and `npx`: programs of the project itself and of what is installed. */
import { findProgram } from '../shell/lookup.ts';
import { joinPath } from '../shell/paths.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { binFolders, scriptEnvironment } from './environment.ts';
import { NpmError, type PackageFile, programsOf, readPackage, usage } from './package-file.ts';
import type { ScriptLine } from './run-script.ts';
import { findRoot } from './workspaces.ts';

/** Throws {@link NpmError} when the program is not installed. */
export async function runPackageProgram(context: UtilityContext, line: ScriptLine): Promise<number> {
  const root = findRoot(context);
  const file = packageOrNothing(context, root);
  const [name, ...args] = line.args;
  if (line.call !== undefined && name !== undefined)
    throw usage('', 'Run a command from a local or remote npm package');
  const command = line.call ?? name;
  if (command === undefined)
    throw new NpmError('npx needs the name of a program here: an interactive shell is not supported in the sandbox');
  const cwd = line.workspace === undefined ? line.from : context.cwd;
  const env = new Map(context.env);
  env.set('PATH', [...binFolders(cwd), ...binFolders(root), env.get('PATH') ?? ''].join(':'));
  const argv =
    line.call !== undefined
      ? [line.scriptShell, '-c', line.call]
      : [...findPackageProgram({ context, env, root, cwd }, command), ...args];
  const script = line.call ?? `'${(argv[0] ?? '').replaceAll("'", "'\\''")}'`;
  const given = scriptEnvironment(
    { ...context, env },
    { file, event: 'npx', command: script, npmCommand: 'exec', line },
  );
  given.set('PATH', env.get('PATH') ?? '');
  return await context.run(argv, { env: given, cwd });
}

interface Search {
  context: UtilityContext;
  env: ReadonlyMap<string, string>;
  root: string;
  cwd: string;
}

/** By the name of a program, of the project's own first, or else by that of the package that has it. */
function findPackageProgram({ context, env, root, cwd }: Search, wanted: string): string[] {
  for (const folder of new Set([cwd, root])) {
    const own = programsOf(packageOrNothing(context, folder)).get(wanted);
    if (own !== undefined) return [joinPath(folder, own)];
  }
  const name = wanted.replace(/(.)@[^/]*$/, '$1'); // What is installed is what there is, whatever version was asked for.
  const isThere = (program: string) =>
    findProgram({ ...context, getVariable: () => env.get('PATH') }, program).kind !== 'missing';
  if (isThere(name)) return [name];
  for (const folder of new Set([cwd, root])) {
    const installed = packageOrNothing(context, joinPath(folder, `node_modules/${name}`));
    const programs = programsOf(installed);
    const plain = name.replace(/^@[^/]+\//, '');
    const program = new Set(programs.values()).size === 1 ? [...programs.keys()][0] : plain;
    const found = program === undefined ? undefined : programs.get(program);
    if (found !== undefined) return [joinPath(installed.folder, found)];
    if (programs.size > 0) throw new NpmError('could not determine executable to run');
  }
  throw new NpmError(
    `${name} is not installed in this project, and the package registry cannot be reached from the sandbox yet`,
  );
}

function packageOrNothing(context: UtilityContext, folder: string): PackageFile {
  const path = `${folder}/package.json`;
  if (context.sys.call('statOrNull', path, true)) return readPackage(context, folder);
  return { folder, path, name: undefined, version: undefined, scripts: new Map(), content: {}, text: '' };
}

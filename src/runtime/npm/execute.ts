/** `npm exec` and `npx`: programs of node_modules/.bin. */
import { findProgram } from '../shell/lookup.ts';
import type { UtilityContext } from '../shell/utility.ts';
import type { NpmCommandLine } from './command-line.ts';
import { binFolders, scriptEnvironment } from './environment.ts';
import { findProject, NpmError, type PackageFile, readPackage } from './package-file.ts';

/** Throws {@link NpmError} when the program is not installed. */
export async function runPackageProgram(context: UtilityContext, line: NpmCommandLine): Promise<number> {
  const folder = findProject(context);
  const file = packageOrNothing(context, folder);
  const [name, ...args] = line.args;
  const command = line.call ?? name;
  if (command === undefined)
    throw new NpmError('npx needs the name of a program here: an interactive shell is not supported in the sandbox');
  const env = scriptEnvironment(context, {
    file,
    event: 'npx',
    command,
    npmCommand: 'exec',
    silent: line.silent,
    config: line.config,
  });
  env.set('PATH', [...binFolders(context.cwd), env.get('PATH') ?? ''].join(':'));
  if (line.call !== undefined) return await context.run(['/bin/sh', '-c', line.call], { env, name: 'sh' });
  const program = stripVersion(command);
  const found = findProgram({ ...context, getVariable: () => env.get('PATH') }, program);
  if (found.kind === 'missing') {
    throw new NpmError(
      `${program} is not installed in this project, and the package registry cannot be reached from the sandbox yet`,
    );
  }
  return await context.run([program, ...args], { env });
}

/** `tool@1.2` is `tool` here: what is installed is what there is. */
function stripVersion(name: string): string {
  return name.replace(/(.)@[^/]*$/, '$1');
}

function packageOrNothing(context: UtilityContext, folder: string): PackageFile {
  const path = `${folder}/package.json`;
  if (context.sys.call('statOrNull', path, true)) return readPackage(context, folder);
  return { folder, path, name: undefined, version: undefined, scripts: new Map(), content: {} };
}

/** `npm init -y`: a package.json with what the folder tells, or what an old one lacks. */
import { S_IFDIR, S_IFMT } from '../kernel/file-modes.ts';
import { joinPath } from '../shell/paths.ts';
import { writeFile } from '../shell/utilities/write-file.ts';
import type { UtilityContext } from '../shell/utility.ts';
import { InstalledTree } from './installed.ts';
import { formatPackage, NpmError, readPackage } from './package-file.ts';
import type { ScriptLine } from './run-script.ts';

export async function initialize(context: UtilityContext, line: ScriptLine): Promise<number> {
  if (!line.yes) throw new NpmError('only "npm init -y" is supported in the sandbox yet');
  const path = joinPath(context.cwd, 'package.json');
  const isThere = context.sys.call('statOrNull', path, true) !== null;
  const { content: old, text: before } = isThere ? readPackage(context, context.cwd) : { content: {}, text: '' };
  const fresh = suggested(context);
  const content = { ...old, ...Object.fromEntries(Object.entries(fresh).filter(([key]) => !(key in old))) };
  const text = JSON.stringify(content, null, 2);
  await writeFile(context, path, formatPackage(content, before));
  if (!line.silent) await context.stdout.write(`Wrote to ${path}:\n\n${text}\n\n\n`);
  return 0;
}

function suggested(context: UtilityContext): Record<string, unknown> {
  const { names } = context.sys.call('readdir', context.cwd);
  const name = context.cwd
    .slice(context.cwd.lastIndexOf('/') + 1)
    .replace(/^node-|[.-]js$/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-');
  const folders = foldersOf(context, names);
  const installed = new InstalledTree(context).below(context.cwd).filter(({ name: own }) => !own.startsWith('@'));
  const test = TEST_COMMANDS.findLast(([own]) => installed.some((each) => each.name === own))?.[1];
  const asDependencies = (isForTests: boolean) =>
    Object.fromEntries(
      installed
        .filter((each) => each.version !== '' && TEST_PACKAGES.has(each.name) === isForTests)
        .map((each) => [each.name, `^${each.version}`]),
    );
  return {
    name: name || 'project',
    version: '1.0.0',
    description: descriptionOf(context, names),
    main: mainOf(names, name),
    ...(Object.keys(folders).length > 0 ? { directories: folders } : {}),
    ...(names.includes('node_modules')
      ? { dependencies: asDependencies(false), devDependencies: asDependencies(true) }
      : {}),
    scripts: {
      test: test ?? 'echo "Error: no test specified" && exit 1',
      ...(names.includes('server.js') ? { start: 'node server.js' } : {}),
    },
    keywords: [],
    author: '',
    license: 'ISC',
    type: 'commonjs',
  };
}

const TEST_COMMANDS: readonly [string, string][] = [
  ['tap', 'tap test/*.js'],
  ['mocha', 'mocha'],
];
const TEST_PACKAGES = new Set(['coco', 'coffee-script', 'expresso', 'jasmine', 'jest', 'mocha', 'streamline', 'tap']);

function mainOf(names: readonly string[], own: string): string {
  const scripts = names.filter((name) => name.endsWith('.js'));
  return ['index.js', 'main.js', `${own}.js`].find((name) => scripts.includes(name)) ?? scripts[0] ?? 'index.js';
}

/** The first paragraph of the README that is no heading. */
function descriptionOf(context: UtilityContext, names: readonly string[]): string {
  const readme = names.find((name) => /^readme(\.(md|markdown))?$/i.test(name));
  if (readme === undefined) return '';
  const text = new TextDecoder().decode(context.sys.call('readFile', joinPath(context.cwd, readme)));
  const lines = text.split('\n').map((line) => line.trim());
  const heading = lines.findIndex((line) => line.startsWith('#'));
  if (heading === -1) return '';
  const start = lines.findIndex((line, index) => index > heading && line !== '');
  if (start === -1) return '';
  const end = lines.findIndex((line, index) => index > start && line === '');
  return lines.slice(start, end === -1 ? undefined : end).join(' ');
}

const FOLDERS: readonly [string, readonly string[]][] = [
  ['doc', ['doc', 'docs']],
  ['example', ['example', 'examples']],
  ['lib', ['lib']],
  ['man', ['man']],
  ['test', ['test', 'tests']],
];

function foldersOf(context: UtilityContext, names: readonly string[]): Record<string, string> {
  const isFolder = (name: string) =>
    names.includes(name) &&
    ((context.sys.call('statOrNull', joinPath(context.cwd, name), true)?.mode ?? 0) & S_IFMT) === S_IFDIR;
  const found = FOLDERS.flatMap(([key, names_]): [string, string][] => {
    const name = names_.find(isFolder);
    return name === undefined ? [] : [[key, name]];
  });
  return Object.fromEntries(found);
}

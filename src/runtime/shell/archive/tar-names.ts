/** Which members an archive has, under which names, and where they go. */
import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { resolvePath } from '../paths.ts';
import { lastValue, type Options } from '../utilities/options.ts';
import { posixToRegExp } from '../utilities/posix-regexp.ts';
import type { UtilityContext } from '../utility.ts';

/** `--exclude`: whether a path is left out. */
export function excluder(options: Options): (path: string) => boolean {
  const tests = (options.values.get('exclude') ?? []).map((pattern) => patternToRegExp(pattern.replace(/\/$/, '')));
  return (path) => {
    const parts = path.replace(/\/$/, '').split('/');
    return tests.some((test) =>
      parts.some(
        (_, index) =>
          test.test(parts.slice(index).join('/')) ||
          test.test(parts.slice(0, index + 1).join('/')) ||
          test.test(parts[index] ?? ''),
      ),
    );
  };
}

/** `--transform`: the names as sed's `s` makes them. */
export function renamer(options: Options): (name: string) => string {
  const scripts = options.values.get('transform') ?? [];
  const changes = scripts.flatMap((script) => {
    const [, delimiter = '/'] = /^s(.)/s.exec(script) ?? [];
    const [, pattern = '', replacement = '', flags = ''] = script.split(delimiter);
    const expression = new RegExp(
      posixToRegExp(pattern, flags.includes('x')),
      `u${flags.includes('g') ? 'g' : ''}${flags.includes('i') ? 'i' : ''}`,
    );
    return [
      {
        expression,
        replacement: replacement
          .replace(/\$/g, '$$$$')
          .replace(/\\(\d)|&/g, (_, group?: string) => (group === undefined ? '$&' : `$${group}`)),
      },
    ];
  });
  return (name) => changes.reduce((text, { expression, replacement }) => text.replace(expression, replacement), name);
}

/** Where `-C` leads, by its first so many values: each from where the one before has led to. */
export function folderOf(context: UtilityContext, options: Options, count = Number.POSITIVE_INFINITY): string {
  return (options.values.get('C') ?? []).slice(0, count).reduce(resolvePath, context.cwd);
}

/** What `-C` names that is no folder; undefined when all are. */
export function missingFolder(context: UtilityContext, options: Options): string | undefined {
  return options.values.get('C')?.find((_, index) => {
    const stat = context.sys.call('statOrNull', folderOf(context, options, index + 1), true);
    return (stat ? stat.mode & S_IFMT : 0) !== S_IFDIR;
  });
}

/** Where a member goes; null: nothing is left of its name, or it would lie outside of the folder. */
export function placeOf(context: UtilityContext, options: Options, name: string): string | null {
  // The dot of `./name` counts, too.
  const parts = name.split('/').filter((part) => part !== '');
  const kept = parts.slice(Number(lastValue(options, 'strip') ?? 0)).filter((part) => part !== '.');
  if (kept.length === 0 || kept.includes('..')) return null;
  return resolvePath(folderOf(context, options), kept.join('/'));
}

/** `--one-top-level`: a folder named by it, or as the archive, around all that is not in one of that name. */
export function topLevel(options: Options): (name: string) => string {
  if (!options.flags.has('top')) return (name) => name;
  const file = (lastValue(options, 'f') ?? '').replace(/^.*\//, '').replace(/\.(tar(\.[a-z0-9]+)?|t[a-z]z)$/, '');
  const folder = lastValue(options, 'top') ?? file;
  return (name) => (name === folder || name.startsWith(`${folder}/`) ? name : `${folder}/${name}`);
}

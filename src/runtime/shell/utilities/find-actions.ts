/** The actions of find. */

import { describeError, errorCode } from '../errors.ts';
import { baseName, directoryName } from '../paths.ts';
import type { UtilityContext } from '../utility.ts';
import { agrees } from './agrees.ts';
import type { Found } from './find.ts';
import { formatFound, listFound } from './find-print.ts';
import type { FindReader, Predicate } from './find-reader.ts';
import { fileType } from './format.ts';
import { writeFile } from './write-file.ts';

export const print: Predicate = async (context, found) => {
  await context.stdout.line(found.path);
  return true;
};

/** An action, with its arguments. Undefined: the word is none. Throws {@link FindSyntaxError}. */
export function readAction(reader: FindReader, name: string): Predicate | undefined {
  switch (name) {
    case '-print':
      reader.acts = true;
      return print;
    case '-print0':
      reader.acts = true;
      return async (context, found) => {
        await context.stdout.write(`${found.path}\0`);
        return true;
      };
    case '-printf': {
      reader.acts = true;
      const format = reader.value(name);
      return async (context, found) => {
        await context.stdout.write(formatFound(context, found, format));
        return true;
      };
    }
    case '-ls':
      reader.acts = true;
      return async (context, found) => {
        await context.stdout.line(listFound(context, found));
        return true;
      };
    case '-fprint':
    case '-fprint0':
      return printToFile(reader, name);
    case '-prune':
      return (_, found) => {
        found.pruned = true;
        return true;
      };
    case '-quit':
      reader.acts = true;
      return () => {
        reader.state.quit = true;
        return true;
      };
    case '-delete':
      reader.acts = true;
      reader.depthFirst = true;
      return (context, found) => remove(reader, context, found);
    case '-exec':
    case '-ok':
    case '-okdir':
    case '-execdir':
      reader.acts = true;
      return readExec(reader, name);
    default:
      return undefined;
  }
}

async function remove(reader: FindReader, context: UtilityContext, found: Found): Promise<boolean> {
  if (found.path === '.') return true;
  try {
    context.sys.call(fileType(found.stat.mode) === 'directory' ? 'rmdir' : 'unlink', context.resolve(found.path));
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    reader.state.failed = true;
    await context.complain(`cannot delete ‘${found.path}’: ${describeError(error)}`);
    return false;
  }
}

function readExec(reader: FindReader, name: string): Predicate {
  const words: string[] = [];
  for (;;) {
    const word = reader.value(name);
    if (word === ';') {
      const inFolder = name.endsWith('dir');
      return (context, found) => {
        const path = inFolder ? `./${found.name}` : found.path;
        const argv = words.map((part) => part.replaceAll('{}', path));
        const asked = name.startsWith('-ok') ? found.path : undefined;
        return runOne(context, argv, { cwd: inFolder ? folderOf(context, found) : undefined, asked });
      };
    }
    if (word === '+' && words.at(-1) === '{}') return runMany(reader, words.slice(0, -1), name.endsWith('dir'));
    words.push(word);
  }
}

async function runOne(
  context: UtilityContext,
  argv: readonly string[],
  { cwd, asked }: { cwd: string | undefined; asked?: string | undefined },
): Promise<boolean> {
  if (asked !== undefined && !(await agrees(context, `< ${argv[0]} ... ${asked} > ? `))) return false;
  const status = await context.run(argv, cwd === undefined ? {} : { cwd });
  if (status === 127) await context.complain(`‘${argv[0]}’: No such file or directory`);
  return status === 0;
}

function runMany(reader: FindReader, words: readonly string[], inFolder: boolean): Predicate {
  /** By the folder they are run in. */
  const paths = new Map<string | undefined, string[]>();
  reader.state.finishers.push(async (context) => {
    for (const [cwd, some] of paths)
      if (!(await runOne(context, [...words, ...some], { cwd }))) reader.state.failed = true;
  });
  return (context, found) => {
    const cwd = inFolder ? folderOf(context, found) : undefined;
    const some = paths.get(cwd) ?? [];
    some.push(inFolder ? `./${found.name}` : found.path);
    paths.set(cwd, some);
    return true;
  };
}

function printToFile(reader: FindReader, name: string): Predicate {
  reader.acts = true;
  const file = reader.value(name);
  let text = '';
  reader.state.finishers.push(async (context) => await writeFile(context, file, text));
  return (_, found) => {
    text += found.path + (name === '-fprint' ? '\n' : '\0');
    return true;
  };
}

const folderOf = (context: UtilityContext, { path, name }: Found) =>
  context.resolve(path === name || baseName(path) !== name ? '.' : directoryName(path));

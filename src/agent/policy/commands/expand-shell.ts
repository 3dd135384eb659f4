/** Shells and what they are given: `-c`, a file, their input. */
import { contentAt } from '../../../session/content.ts';
import { type CommandStep, type Expansion, textOf } from './command-steps.ts';
import { placeOf, posixResolve } from './places.ts';
import type { SimpleCommand } from './read-commands.ts';
import { type Argument, knownValue } from './words.ts';

export function expandShell(command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const [, ...args] = command.words;
  const at = args.findIndex(({ text }) => /^-[a-z]*c[a-z]*$/.test(text));
  if (at >= 0) {
    const rest = args.slice(at + 1).filter(({ text }) => !/^-/.test(text));
    return runText(rest[0], command, expansion);
  }
  if (args.some((arg) => arg.values === null))
    return [expansion.unclear(textOf(command.words), 'which script it runs is known only then')];
  // "-o errexit" takes a word of its own.
  const file = args.find(
    (arg, index) => !/^[-+]/.test(arg.text) && !/^[-+][a-z]*[oO]$/.test(args[index - 1]?.text ?? ''),
  );
  const readsInput = args.some(({ text }) => /^-[a-z]*s[a-z]*$/.test(text));
  if (file && !readsInput) return runFile(file, command, expansion);
  if (command.input === null) return [];
  if (command.input === 'unknown')
    return [expansion.unclear(textOf(command.words), 'what it reads as its script is known only then')];
  return expansion.line(command.input.text, command.folder, knownValue(command.words[0]) ?? 'sh');
}

/** Builtins that run text or files, and files that are called by their path. */
export function expandScript(name: string, command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const [first, ...args] = command.words;
  switch (name) {
    case 'eval': {
      const values = args.map(knownValue);
      if (values.some((value) => value === null))
        return [expansion.unclear(textOf(command.words), 'what it evaluates is known only then')];
      return expansion.line(values.join(' '), command.folder, 'eval');
    }
    case 'trap': {
      const [code] = args.filter(({ text }) => text !== '--');
      return args.length < 2 || code?.text === '-' ? [] : runText(code, command, expansion);
    }
    case 'alias':
      return args.flatMap((arg) => {
        const value = knownValue(arg);
        if (value === null) return [expansion.unclear(arg.text, 'what it stands for is known only then')];
        const body = value.slice(value.indexOf('=') + 1);
        return value.includes('=') ? expansion.line(body, command.folder, 'alias') : [];
      });
    case './':
      return first ? runFile(first, command, expansion) : [];
    default:
      return args[0] ? runFile(args[0], command, expansion) : [];
  }
}

function runText(code: Argument | undefined, command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const text = knownValue(code);
  if (!code) return [];
  if (text === null)
    return [expansion.unclear(textOf(command.words), 'the script that it is given is known only when it runs')];
  return expansion.line(text, command.folder, `${knownValue(command.words[0])} -c`);
}

/** A script file: its shebang says whose; without one it is sh's. Programs of the system and of installed packages are taken as they are. */
function runFile(file: Argument, command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const found = readScript(file, command, expansion);
  if (found === 'program') return [];
  if (found === null) return [expansion.unclear(textOf(command.words), `what ${file.text} holds cannot be told`)];
  const { text, name } = found;
  if (/^#!.*\bnode\b/.test(text) || /\.[cm]?[jt]sx?$/.test(name))
    return [expansion.code(text.replace(/^#!.*/, ''), name)];
  return expansion.line(text, command.folder, name);
}

export function readScript(
  file: Argument,
  { folder }: Pick<SimpleCommand, 'folder'>,
  { project, files, written }: Expansion,
): { text: string; name: string } | 'program' | null {
  const path = knownValue(file);
  if (path === null || folder === null) return null;
  const full = posixResolve(folder, path);
  const noted = written.get(full);
  if (noted !== undefined) return noted === null ? null : { text: noted, name: path };
  const place = placeOf(path, folder, project);
  if ('outside' in place) return /^\/(?:usr|bin|sbin|opt|lib)\//.test(place.outside) ? 'program' : null;
  const content = contentAt(files, place.inside);
  if (typeof content === 'string') return { text: content, name: place.inside };
  // Installed code, a binary, or no file at all.
  return 'program';
}

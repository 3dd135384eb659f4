/** Node: code in arguments, on its input, in files and preloaded ones. */
import picomatch from 'picomatch';
import { type CommandStep, type Expansion, textOf } from './command-steps.ts';
import { runScript } from './expand-npm.ts';
import { readScript } from './expand-shell.ts';
import { posixResolve } from './places.ts';
import type { SimpleCommand } from './read-commands.ts';
import { type Argument, knownValue, literal } from './words.ts';

const CODE = /^(?:-(?:[a-oq-z]*e|p|pe|ep)|--eval|--print)$/;
const PRELOAD = /^(?:-r|--require|--import|--loader|--experimental-loader)$/;
const WITH_VALUE =
  /^(?:-C|--conditions|--title|--test-name-pattern|--test-reporter|--test-reporter-destination|--env-file|--env-file-if-exists|--input-type)$/;

export function expandNode(command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const steps: CommandStep[] = [];
  const [, ...args] = command.words;
  let script: Argument | undefined;
  let ranCode = false;
  for (let index = 0; index < args.length && !script; index += 1) {
    const arg = args[index];
    if (!arg) break;
    const [option, value] = splitOption(arg, args[index + 1]);
    if (option === '--check' || option === '-c' || option === '--version' || option === '-v') return steps;
    if (option === '--run') return [...steps, ...runScript(value ? [value] : [], command, expansion)];
    const known = CODE.test(option) || PRELOAD.test(option) || WITH_VALUE.test(option);
    if (CODE.test(option) && value) {
      ranCode = true;
      steps.push(...codeOf(value, command, expansion));
    } else if ((PRELOAD.test(option) || option === '--test-reporter') && value)
      steps.push(...preload(value, command, expansion));
    else if (option === '--') {
      script = args[index + 1];
      break;
    } else if (!known && (!option.startsWith('-') || option === '-')) script = arg;
    if (known && !arg.text.includes('=')) index += 1;
  }
  if (ranCode) return steps;
  if (script && script.text !== '-') return [...steps, ...fileOf(script, command, expansion)];
  if (command.input === 'unknown')
    return [...steps, expansion.unclear(textOf(command.words), 'the code that it reads is known only then')];
  return command.input === null ? steps : [...steps, expansion.code(command.input.text, 'node')];
}

/** "--eval=1" and "--eval 1" alike. */
function splitOption(arg: Argument, next: Argument | undefined): [string, Argument | undefined] {
  const match = /^(--[\w-]+)=(.*)$/s.exec(knownValue(arg) ?? '');
  return match ? [match[1] ?? '', literal(match[2] ?? '')] : [arg.text, next];
}

/** In a loop it may be several. */
function codeOf(value: Argument, command: SimpleCommand, expansion: Expansion): CommandStep[] {
  return value.values === null || value.glob
    ? [expansion.unclear(textOf(command.words), 'the code that it is given is known only when it runs')]
    : value.values.map((code) => expansion.code(code, 'node -e'));
}

function preload(value: Argument, command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const name = knownValue(value);
  if (name === null) return [expansion.unclear(textOf(command.words), 'what it loads first is known only then')];
  const data = /^data:[^,]*?(;base64)?,(.*)$/s.exec(name);
  if (data) {
    const [, base64, body = ''] = data;
    try {
      return [expansion.code(base64 ? atob(body) : decodeURIComponent(body), 'node --import')];
    } catch (error) {
      if (error instanceof Error)
        return [expansion.unclear(name, `what it loads cannot be decoded (${error.message})`)];
      throw error;
    }
  }
  return /^[./]/.test(name) ? fileOf(literal(name), command, expansion) : [];
}

/** The code of a file that Node is to run. */
export function fileOf(file: Argument, command: SimpleCommand, expansion: Expansion): CommandStep[] {
  if (file.glob) return namedBy(file, command, expansion).flatMap((path) => fileOf(literal(path), command, expansion));
  const found = readScript(file, command, expansion);
  if (found === null) return [expansion.unclear(textOf(command.words), `what ${file.text} holds cannot be told`)];
  return found === 'program' ? [] : [expansion.code(found.text.replace(/^#!.*/, ''), found.name)];
}

/** What Node loads first because NODE_OPTIONS says so, whoever starts it. */
export function environmentOptions(command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const exported = command.words.slice(1).flatMap((word): { name: string; value: Argument }[] => {
    const [, name = '', value = ''] = /^(NODE_OPTIONS)=(.*)$/s.exec(knownValue(word) ?? word.text) ?? [];
    return name === '' ? [] : [{ name, value: word.values ? literal(value) : word }];
  });
  return [...command.assignments, ...exported]
    .filter(({ name }) => name === 'NODE_OPTIONS')
    .flatMap(({ value }) => {
      const text = knownValue(value);
      if (text === null) return [expansion.unclear(value.text, 'which options Node gets is known only then')];
      const words = text.split(/\s+/).map(literal);
      return words.flatMap((word, index) => {
        const [option, given] = splitOption(word, words[index + 1]);
        return PRELOAD.test(option) && given ? preload(given, command, expansion) : [];
      });
    });
}

/** The project's files that a pattern names, absolute. */
function namedBy({ values }: Argument, { folder }: SimpleCommand, { project, files }: Expansion): readonly string[] {
  if (folder === null || values === null) return [];
  const matches = picomatch(values.map((value) => posixResolve(folder, value)));
  return Object.keys(files)
    .map((path) => `${project}/${path}`)
    .filter((path) => matches(path));
}

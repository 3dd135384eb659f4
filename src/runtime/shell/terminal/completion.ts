/** Completion of the word before the cursor: commands where a command stands, else files. */
import { greatest } from '../../kernel/large-lists.ts';
import { builtinNames } from '../builtins/index.ts';
import { errorCode } from '../errors.ts';
import type { Shell } from '../shell.ts';

export interface Completion {
  /** What to insert at the cursor. */
  insert: string;
  /** All that the word could become, when that is still open. */
  choices: string[];
}

const DIRECTORY = 2;

export function complete(shell: Shell, beforeCursor: string): Completion {
  const { word, isCommand } = lastWord(beforeCursor);
  const plain = word.replace(/\\(.)/g, '$1').replace(/^["']/, '');
  const candidates = isCommand && !plain.includes('/') ? commandNames(shell) : fileNames(shell, plain);
  const typed = isCommand && !plain.includes('/') ? plain : plain.slice(plain.lastIndexOf('/') + 1);
  const choices = [...new Set(candidates)]
    .filter((name) => name.startsWith(typed) && (typed !== '' || !name.startsWith('.')))
    .sort();
  const [only] = choices;
  if (only === undefined) return { insert: '', choices };
  if (choices.length === 1)
    return { insert: quote(only.slice(typed.length)) + (only.endsWith('/') ? '' : ' '), choices: [] };
  const common = commonPrefix(choices);
  return { insert: quote(common.slice(typed.length)), choices: common === typed ? choices : [] };
}

/** The word that ends at the cursor, and whether it is a command's name. */
function lastWord(text: string): { word: string; isCommand: boolean } {
  const word = /(?:\\.|"[^"]*$|'[^']*$|[^\s"';|&()<>\\])*$/.exec(text)?.[0] ?? '';
  const before = text.slice(0, text.length - word.length).trimEnd();
  return {
    word,
    isCommand: before === '' || /(?:[;|&(]|\b(?:then|do|else|if|while|until|exec|command|env|sudo|time))$/.test(before),
  };
}

function commandNames(shell: Shell): string[] {
  const folders = (shell.getVariable('PATH') ?? '').split(':').filter((folder) => folder !== '');
  const programs = folders.flatMap((folder) => entriesOf(shell, folder).map(({ name }) => name));
  return [...builtinNames(shell.bash), ...shell.functions.keys(), ...shell.aliases.keys(), ...programs];
}

function fileNames(shell: Shell, word: string): string[] {
  const folder = word.slice(0, word.lastIndexOf('/') + 1);
  const home = shell.getVariable('HOME') ?? '/';
  const path = shell.resolve(folder === '' ? '.' : folder.replace(/^~(?=\/)/, home));
  return entriesOf(shell, path).map(({ name, isFolder }) => (isFolder ? `${name}/` : name));
}

function entriesOf(shell: Shell, path: string): { name: string; isFolder: boolean }[] {
  try {
    const { names, types } = shell.sys.call('readdir', path);
    return names.map((name, index) => ({ name, isFolder: types[index] === DIRECTORY }));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [];
  }
}

const quote = (text: string): string => text.replace(/[\s"'\\$`;&|()<>*?[\]!#]/g, '\\$&');

function commonPrefix(words: readonly string[]): string {
  const [first = '', ...others] = words;
  let length = first.length;
  for (const word of others) while (!word.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

/** The choices in columns, as `ls` shows names. */
export function inColumns(choices: readonly string[], columns: number): string {
  const width = greatest(choices.map((choice) => choice.length)) + 2;
  const perRow = Math.max(1, Math.floor(columns / width));
  const rows = Math.ceil(choices.length / perRow);
  let text = '';
  for (let row = 0; row < rows; row++) {
    const line = choices.filter((_, index) => index % rows === row).map((choice) => choice.padEnd(width));
    text += `${line.join('').trimEnd()}\n`;
  }
  return text;
}

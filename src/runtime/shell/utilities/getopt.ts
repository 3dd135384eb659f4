/** getopt of util-linux: a command line of a script brought into order, for `eval set --`. */
import { append } from '../../kernel/large-lists.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { wrongUse } from './wrong-use.ts';

interface Asked {
  short: string;
  /** With its colons: none, `:` or `::`. */
  long: string[];
  name: string;
  /** Long options may begin with one dash. */
  alternative: boolean;
  quiet: boolean;
  silent: boolean;
  quote: (text: string) => string;
  words: string[];
}

const OWN: Readonly<Record<string, string>> = {
  '--alternative': '-a',
  '--help': '-h',
  '--longoptions': '-l',
  '--long': '-l',
  '--name': '-n',
  '--options': '-o',
  '--quiet': '-q',
  '--quiet-output': '-Q',
  '--shell': '-s',
  '--test': '-T',
  '--unquoted': '-u',
  '--version': '-V',
};
const TAKES = 'lnos';

const forSh = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const forCsh = (text: string): string =>
  `'${text.replace(/['\\!\n\s]/g, (char) => (char === '\\' ? '\\\\' : char === '\n' ? '\\n' : char === '!' ? "'\\!'" : /\s/.test(char) ? `'\\${char}'` : "'\\''"))}'`;

/** The exit code where the call itself is wrong, or is a test of what this is. */
async function readAsked(context: UtilityContext): Promise<Asked | number> {
  const asked: Asked = {
    short: '',
    long: [],
    name: context.name,
    alternative: false,
    quiet: false,
    silent: false,
    quote: forSh,
    words: [],
  };
  const [first] = context.args;
  if (first === undefined) return await wrongUse(context, 'missing optstring argument', 2);
  if (!first.startsWith('-')) return { ...asked, short: first, quote: (text) => text, words: context.args.slice(1) };
  let given = false;
  let at = 0;
  for (; at < context.args.length; at += 1) {
    const arg = context.args[at] ?? '';
    if (arg === '--') {
      at += 1;
      break;
    }
    if (!/^-./.test(arg)) break;
    const equals = arg.startsWith('--') ? arg.indexOf('=') : -1;
    const long = equals === -1 ? arg : arg.slice(0, equals);
    const letters = arg.startsWith('--') ? OWN[long]?.[1] : arg.slice(1);
    if (letters === undefined) return await wrongUse(context, `unrecognized option '${arg}'`, 2);
    for (const [index, letter] of [...letters].entries()) {
      const rest = equals !== -1 ? arg.slice(equals + 1) : arg.startsWith('--') ? '' : letters.slice(index + 1);
      const value = TAKES.includes(letter) ? rest || context.args[++at] : undefined;
      if (letter === 'o') [asked.short, given] = [value ?? '', true];
      else if (letter === 'l') asked.long.push(...(value ?? '').split(/[,\s]+/).filter((name) => name !== ''));
      else if (letter === 'n') asked.name = value ?? '';
      else if (letter === 's') asked.quote = value?.endsWith('csh') ? forCsh : forSh;
      else if (letter === 'a') asked.alternative = true;
      else if (letter === 'q') asked.quiet = true;
      else if (letter === 'Q') asked.silent = true;
      else if (letter === 'u') asked.quote = (text) => text;
      else if (letter === 'T') return 4;
      else return await wrongUse(context, `invalid option -- '${letter}'`, 2);
      if (TAKES.includes(letter)) break;
    }
  }
  if (!given) {
    const short = context.args[at];
    if (short === undefined) return await wrongUse(context, 'missing optstring argument', 2);
    asked.short = short;
    at += 1;
  }
  return { ...asked, words: context.args.slice(at) };
}

export const getopt: Utility = async (context) => {
  const asked = await readAsked(context);
  if (typeof asked === 'number') return asked;
  const { words, quote } = asked;
  const inOrder = asked.short.startsWith('-');
  const stops = asked.short.startsWith('+') || context.env.has('POSIXLY_CORRECT');
  const short = asked.short.replace(/^[-+]?:?/, '');
  const output: string[] = [];
  const operands: string[] = [];
  let failed = false;
  const fail = async (message: string) => {
    failed = true;
    if (!asked.quiet) await context.stderr.write(`${asked.name}: ${message}\n`);
  };
  let at = 0;
  const takeLong = async (word: string, dashes: string) => {
    const [text = '', ...values] = word.slice(dashes.length).split('=');
    const value = values.length > 0 ? values.join('=') : undefined;
    const plain = (name: string) => name.replace(/:+$/, '');
    const exact = asked.long.filter((name) => plain(name) === text);
    const found = exact.length > 0 ? exact.slice(0, 1) : asked.long.filter((name) => plain(name).startsWith(text));
    const [name] = found;
    if (found.length > 1) {
      const names = found.map((option) => `'--${plain(option)}'`).join(' ');
      return await fail(`option '${dashes}${text}' is ambiguous; possibilities: ${names}`);
    }
    if (name === undefined) return await fail(`unrecognized option '${dashes}${text}'`);
    const colons = name.length - plain(name).length;
    if (colons === 0 && value !== undefined)
      return await fail(`option '${dashes}${plain(name)}' doesn't allow an argument`);
    const next = colons === 1 && value === undefined ? words[++at] : value;
    if (colons === 1 && next === undefined) return await fail(`option '${dashes}${plain(name)}' requires an argument`);
    output.push(`--${plain(name)}`, ...(colons === 0 ? [] : [quote(next ?? '')]));
  };
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') {
      append(operands, words.slice(at + 1));
      break;
    }
    if (!/^-./.test(word)) {
      if (stops) {
        append(operands, words.slice(at));
        break;
      }
      if (inOrder) output.push(quote(word));
      else operands.push(word);
      continue;
    }
    const single =
      asked.alternative && !word.startsWith('--') && asked.long.some((name) => name.startsWith(word.slice(1)));
    if (word.startsWith('--') || single) {
      await takeLong(word, single ? '-' : '--');
      continue;
    }
    for (let i = 1; i < word.length; i += 1) {
      const letter = word[i] ?? '';
      const index = letter === ':' ? -1 : short.indexOf(letter);
      if (index === -1) await fail(`invalid option -- '${letter}'`);
      else if (short[index + 1] !== ':') output.push(`-${letter}`);
      else {
        const optional = short[index + 2] === ':';
        const inline = word.slice(i + 1);
        const value = inline !== '' || optional ? inline : words[++at];
        if (value === undefined) await fail(`option requires an argument -- '${letter}'`);
        else output.push(`-${letter}`, quote(value));
        break;
      }
    }
  }
  if (!asked.silent) await context.stdout.line(['', ...output, '--', ...operands.map(quote)].join(' '));
  return failed ? 1 : 0;
};

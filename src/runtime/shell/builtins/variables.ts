/** cd pwd export readonly unset local set shift getopts. */

import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import { ShellError } from '../errors.ts';
import { evaluateArithmetic } from '../expansion/arithmetic.ts';
import { arithmeticVariables } from '../expansion/expand.ts';
import type { ShellOptions } from '../options.ts';
import { resolvePath } from '../paths.ts';
import type { Shell } from '../shell.ts';
import { Writer } from '../streams.ts';
import { cloneVariable } from '../variables/variable.ts';
import { type Builtin, VARIABLE_NAME } from './builtin.ts';
import { bashDeclare, bashExport, bashReadonly } from './declare.ts';
import { read } from './read.ts';

const cd: Builtin = async ({ shell, args, stdout }) => {
  const operands = args.filter((arg) => arg !== '-L' && arg !== '-P' && arg !== '--');
  if (shell.bash && operands.length > 1) throw new ShellError('too many arguments', 1);
  if (operands.length === 0 && shell.getVariable('HOME') === undefined && shell.bash)
    throw new ShellError('HOME not set', 1);
  const target = operands[0] ?? shell.getVariable('HOME') ?? '';
  const path = target === '-' ? (shell.getVariable('OLDPWD') ?? shell.cwd) : target;
  const known = inCdPath(shell, path);
  const next = resolvePath(shell.cwd, known ?? (path === '' ? '.' : path));
  const stat = shell.sys.call('statOrNull', next, true);
  if (!stat || (stat.mode & S_IFMT) !== S_IFDIR) {
    if (!shell.bash) throw new ShellError(`can't cd to ${path}`);
    throw new ShellError(`${path}: ${stat ? 'Not a directory' : 'No such file or directory'}`, 1);
  }
  shell.setVariable('OLDPWD', shell.cwd);
  shell.cwd = next;
  shell.setVariable('PWD', next);
  if (target === '-' || known !== undefined) await stdout.line(next);
  return 0;
};

/** The folder of CDPATH that has such a folder; undefined where the path is meant as it is. */
function inCdPath(shell: Shell, path: string): string | undefined {
  const folders = shell.getVariable('CDPATH');
  if (!folders || path === '' || /^(\/|\.\.?(\/|$))/.test(path)) return undefined;
  for (const folder of folders.split(':')) {
    if (folder === '' || folder === '.') continue;
    const stat = shell.sys.call('statOrNull', resolvePath(shell.cwd, `${folder}/${path}`), true);
    if (stat && (stat.mode & S_IFMT) === S_IFDIR) return `${folder}/${path}`;
  }
  return undefined;
}

const pwd: Builtin = async ({ shell, args, stdout }) => {
  await stdout.line(args[0] === '-P' ? shell.sys.call('realpath', shell.cwd) : shell.cwd);
  return 0;
};

function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}

function declare(kind: 'exported' | 'readOnly', word: string): Builtin {
  return async (call) => {
    const { shell, args, stdout } = call;
    if (shell.bash) return await (kind === 'exported' ? bashExport : bashReadonly)(call);
    if (args.length === 0 || (args[0] === '-p' && args.length === 1)) {
      for (const [name, variable] of [...shell.variables].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (!variable[kind]) continue;
        await stdout.line(`${word} ${name}${variable.value === undefined ? '' : `=${quote(variable.value)}`}`);
      }
      return 0;
    }
    for (const arg of args) {
      if (arg === '--' || arg === '-p') continue;
      const [name, value] = splitAssignment(arg);
      if (value !== undefined) shell.setVariable(name, value);
      const variable = shell.variables.get(name) ?? { value: undefined, exported: false, readOnly: false };
      variable[kind] = true;
      shell.variables.set(name, variable);
    }
    return 0;
  };
}

function splitAssignment(arg: string): [string, string | undefined] {
  const equals = arg.indexOf('=');
  const name = equals === -1 ? arg : arg.slice(0, equals);
  if (!VARIABLE_NAME.test(name)) throw new ShellError(`${name}: bad variable name`, 2, true);
  return [name, equals === -1 ? undefined : arg.slice(equals + 1)];
}

const unset: Builtin = ({ shell, args }) => {
  const functions = args[0] === '-f';
  for (const name of args) {
    if (name === '-f' || name === '-v' || name === '-n') continue;
    if (functions) shell.functions.delete(name);
    else if (args[0] === '-n') shell.variables.delete(name);
    else if (shell.bash && /^\w+\[.*\]$/s.test(name)) unsetElement(shell, name);
    else if (!VARIABLE_NAME.test(name)) throw new ShellError(`${name}: bad variable name`, 2, true);
    else if (shell.bash && !shell.variables.has(name)) shell.functions.delete(name);
    else shell.unsetVariable(name);
  }
  return 0;
};

function unsetElement(shell: Shell, text: string): void {
  const [, name = '', index = ''] = /^(\w+)\[(.*)\]$/s.exec(text) ?? [];
  const array = shell.arrayOf(name);
  if (index === '@' || index === '*') shell.unsetVariable(name);
  else if (array?.associative) array.delete(index.replace(/^(['"])(.*)\1$/s, '$2'));
  else array?.delete(evaluateArithmetic(index, arithmeticVariables(shell)));
}

const local: Builtin = (call) => {
  const { shell, args } = call;
  if (shell.bash) return bashDeclare(call);
  const scope = shell.locals.at(-1);
  if (!scope) throw new ShellError('not in a function');
  for (const arg of args) {
    const [name, value] = splitAssignment(arg);
    const old = shell.variables.get(name);
    if (!scope.has(name)) scope.set(name, old && cloneVariable(old));
    if (value !== undefined) shell.setVariable(name, value);
  }
  return 0;
};

const LETTERS: Record<string, keyof ShellOptions> = {
  e: 'errexit',
  u: 'nounset',
  x: 'xtrace',
  f: 'noglob',
  n: 'noexec',
  a: 'allexport',
  v: 'verbose',
  C: 'noclobber',
  E: 'errtrace',
  m: 'monitor',
  T: 'functrace',
};

/** Takes leading options off `args` and applies them; answers with the rest, or undefined when only options were given. */
export function applyOptions(shell: Shell, args: readonly string[]): readonly string[] | undefined {
  let index = 0;
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--') return args.slice(index + 1);
    if (arg === '-' || !/^[-+]./.test(arg)) return args.slice(index);
    const on = arg.startsWith('-');
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        index += 1;
        const name = args[index];
        if (name !== undefined) setLongOption(shell, name, on);
      } else setLetter(shell, letter, on);
    }
  }
  return undefined;
}

function setLetter(shell: Shell, letter: string, on: boolean): void {
  const option = LETTERS[letter];
  if (option) shell.options[option] = on;
  else if (!'bhBHPiIsltkp'.includes(letter)) {
    const error = new ShellError(shell.bash ? `-${letter}: invalid option` : `Illegal option -${letter}`, 2, true);
    if (shell.bash) error.usage = 'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]';
    throw error;
  }
}

function setLongOption(shell: Shell, name: string, on: boolean): void {
  if (name in shell.options) shell.options[name as keyof ShellOptions] = on;
  else if (
    ![
      'emacs',
      'vi',
      'ignoreeof',
      'notify',
      'nolog',
      'braceexpand',
      'hashall',
      'histexpand',
      'history',
      'physical',
    ].includes(name)
  ) {
    throw new ShellError(shell.bash ? `${name}: invalid option name` : `Illegal option -o ${name}`, 2, true);
  }
}

/** Options of bash that change nothing here, and how they are set in a script. */
const BASH_OPTIONS: readonly [string, boolean][] = [
  ['braceexpand', true],
  ['emacs', false],
  ['hashall', true],
  ['histexpand', false],
  ['history', false],
  ['ignoreeof', false],
  ['interactive-comments', true],
  ['keyword', false],
  ['nolog', false],
  ['notify', false],
  ['onecmd', false],
  ['physical', false],
  ['privileged', false],
  ['vi', false],
];

/** As `set -o` of dash lists them. */
const DASH_OPTIONS =
  'errexit noglob ignoreeof interactive monitor noexec stdin xtrace verbose vi emacs noclobber allexport notify nounset privileged nolog debug'.split(
    ' ',
  );

const set: Builtin = async ({ shell, args, stdout }) => {
  if (args.length === 0) {
    for (const [name, { value }] of [...shell.variables].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (value !== undefined)
        await stdout.line(`${name}=${shell.bash && /^[\w./:@%+-]+$/.test(value) ? value : quote(value)}`);
    }
    return 0;
  }
  if (!shell.bash && args.length === 1 && args[0] === '-o') {
    await stdout.line('Current option settings');
    for (const name of DASH_OPTIONS) {
      const isOn = name in shell.options && shell.options[name as keyof ShellOptions];
      await stdout.line(`${name.padEnd(16)}${isOn ? 'on' : 'off'}`);
    }
    return 0;
  }
  if (args.length === 1 && (args[0] === '-o' || args[0] === '+o')) {
    const on = new Map<string, boolean>([...(shell.bash ? BASH_OPTIONS : []), ...Object.entries(shell.options)]);
    for (const [name, set] of [...on].sort(([a], [b]) => (a < b ? -1 : 1)))
      await stdout.line(
        args[0] === '-o' ? `${name.padEnd(15)}\t${set ? 'on' : 'off'}` : `set ${set ? '-' : '+'}o ${name}`,
      );
    return 0;
  }
  const rest = applyOptions(shell, args);
  if (rest !== undefined) shell.positional = [...rest];
  return 0;
};

const shift: Builtin = ({ shell, args }) => {
  const count = Number(args[0] ?? '1');
  if (!Number.isInteger(count) || count < 0) {
    if (!shell.bash) throw new ShellError(`Illegal number: ${args[0]}`, 2, true);
    const problem = Number.isInteger(count) ? 'shift count out of range' : 'numeric argument required';
    throw new ShellError(`${args[0]}: ${problem}`, 1, true);
  }
  if (count > shell.positional.length) {
    if (shell.bash) return 1;
    throw new ShellError("can't shift that many", 2, true);
  }
  shell.positional.splice(0, count);
  return 0;
};

/** State inside an argument such as `-ab`, kept in a hidden variable beside OPTIND. */
const getopts: Builtin = async ({ shell, args }) => {
  if (args.length < 2 && shell.bash) {
    await new Writer(shell.descriptors.get(2)).print('getopts: usage: getopts optstring name [arg ...]\n');
    return 2;
  }
  if (args.length < 2) throw new ShellError('Usage: getopts optstring var [arg...]', 2, true);
  const [spec = '', name = '', ...given] = args;
  const words = given.length > 0 ? given : shell.positional;
  let index = Number(shell.getVariable('OPTIND') ?? '1');
  let offset = Number(shell.getVariable('_OPTOFFSET') ?? '1');
  const word = words[index - 1];
  if (word === undefined || !/^-./.test(word) || word === '--') {
    shell.setVariable('OPTIND', String(word === '--' ? index + 1 : index));
    shell.setVariable(name, '?');
    return 1;
  }
  const letter = word[offset] ?? '';
  const at = spec.replace(/^:/, '').indexOf(letter);
  const takes = at !== -1 && spec.replace(/^:/, '')[at + 1] === ':';
  offset += 1;
  let result = at === -1 || letter === ':' ? '?' : letter;
  let value: string | undefined;
  if (takes) {
    value = offset < word.length ? word.slice(offset) : words[index];
    index += offset < word.length || value === undefined ? 1 : 2;
    offset = 1;
  } else if (offset >= word.length) {
    index += 1;
    offset = 1;
  }
  if (result === '?' || (takes && value === undefined)) {
    const silent = spec.startsWith(':');
    if (silent) value = letter;
    else
      await new Writer(shell.descriptors.get(2)).print(
        shell.bash
          ? `${shell.name}: ${result === '?' ? 'illegal option' : 'option requires an argument'} -- ${letter}\n`
          : result === '?'
            ? `Illegal option -${letter}\n`
            : `No arg for -${letter} option\n`,
      );
    result = result !== '?' && silent ? ':' : '?';
  }
  if (value === undefined) shell.variables.delete('OPTARG');
  else shell.setVariable('OPTARG', value);
  shell.setVariable(name, result);
  shell.setVariable('OPTIND', String(index));
  shell.setVariable('_OPTOFFSET', String(offset));
  return 0;
};

export const variableBuiltins: readonly [string, Builtin][] = [
  ['cd', cd],
  ['pwd', pwd],
  ['export', declare('exported', 'export')],
  ['readonly', declare('readOnly', 'readonly')],
  ['unset', unset],
  ['local', local],
  ['set', set],
  ['shift', shift],
  ['read', read],
  ['getopts', getopts],
];

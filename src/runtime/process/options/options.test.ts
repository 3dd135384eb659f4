import { describe, expect, it } from 'vitest';
import { chooseMainScript } from '../main-script.ts';
import { OptionKind, type OptionTable, parseCommandLine } from './options.ts';

const table: OptionTable = {
  defaults: {
    '--test': false,
    '--no-test': true,
    '--warnings': true,
    '--no-warnings': false,
    '--eval': '',
    '--print': false,
    '--no-print': true,
    '--require': [],
    '--test-timeout': 0,
    '--test-reporter': [],
    '[has_eval_string]': false,
  },
  kinds: new Map<string, OptionKind>([
    ['--test', OptionKind.boolean],
    ['--warnings', OptionKind.boolean],
    ['--print', OptionKind.boolean],
    ['--version', OptionKind.boolean],
    ['--v8-options', OptionKind.boolean],
    ['--eval', OptionKind.string],
    ['--require', OptionKind.stringList],
    ['--test-timeout', OptionKind.unsigned],
    ['--test-reporter', OptionKind.stringList],
  ]),
  aliases: new Map([
    ['-e', ['--eval']],
    ['-p', ['--print']],
    ['-pe', ['--print', '--eval']],
    ['--print <arg>', ['-pe']],
    ['-r', ['--require']],
    ['-v', ['--version']],
  ]),
  allowedInEnvironment: new Set(['--require', '--warnings']),
  engineFlags: { bool: 'harmony prof', int: 'stack-size' },
};
const parse = (...words: string[]) => parseCommandLine(table, ['node', ...words]);

describe('parseCommandLine', () => {
  it("ends node's options at the script", () => {
    const line = parse('--no-warnings', '--test-timeout', '5', 'a.js', '--test');
    expect(line.values).toMatchObject({
      '--warnings': false,
      '--no-warnings': true,
      '--test-timeout': 5,
      '--test': false,
    });
    expect(line.argv).toEqual(['node', 'a.js', '--test']);
    expect(line.execArgv).toEqual(['--no-warnings', '--test-timeout', '5']);
  });

  it('knows -p with its argument, and what it leaves to the script', () => {
    const line = parse('-p', '1 + 1', 'x');
    expect(line.values).toMatchObject({ '--print': true, '--eval': '1 + 1', '[has_eval_string]': true });
    expect(line.argv).toEqual(['node', 'x']);
    expect(line.execArgv).toEqual(['-p', '1 + 1']);
  });

  it('collects lists, from NODE_OPTIONS first', () => {
    const line = parseCommandLine(table, ['node', '-r', 'b'], {
      configuration: ['--require=first'],
      environment: '--require "a c"',
    });
    expect(line.values['--require']).toEqual(['first', 'a c', 'b']);
    expect(table.defaults['--require']).toEqual([]);
  });

  it('stops at --', () => {
    expect(parse('--test', '--', '--eval').argv).toEqual(['node', '--eval']);
  });

  it('reports what Node reports', () => {
    const inEnvironment = (environment: string) => parseCommandLine(table, ['node'], { environment }).errors;
    expect(parse('--bad', '--worse=1').errors).toEqual(['bad option: --bad', 'bad option: --worse=1']);
    expect(parse('-e=1').errors).toEqual(['bad option: -e=1']);
    expect(parse('--eval').errors).toEqual(['--eval requires an argument']);
    expect(parse('--eval=').errors).toEqual(['--eval= requires an argument']);
    expect(parse('-pe').errors).toEqual(['--eval requires an argument']);
    expect(parse('-r', '-').errors).toEqual(['-r requires an argument']);
    expect(parse('--no-eval').errors).toEqual(['--no-eval is an invalid negation because it is not a boolean option']);
    expect(inEnvironment('--test')).toEqual(['--test is not allowed in NODE_OPTIONS']);
    expect(inEnvironment('--huh=1 --test')).toEqual(['--huh= is not allowed in NODE_OPTIONS']);
    expect(inEnvironment('--')).toEqual(['-- is not allowed in NODE_OPTIONS']);
    expect(inEnvironment('"')).toEqual(['invalid value for NODE_OPTIONS (unterminated string)\n']);
    expect(inEnvironment('"\\')).toEqual(['invalid value for NODE_OPTIONS (invalid escape)\n']);
  });

  it('ignores the value of an option that has none, and takes an escaped dash for a value', () => {
    expect(parse('--test=no').values['--test']).toBe(true);
    expect(parse('--eval', '\\-1').values['--eval']).toBe('-1');
  });

  it("leaves V8's own flags to it", () => {
    expect(parse('--harmony', '--no-prof', '--stack-size=2000', '--stack_size=-1')).toMatchObject({
      errors: [],
      engineFlags: ['--harmony', '--no-prof', '--stack-size=2000', '--stack_size=-1'],
    });
    expect(parse('--harmony=1')).toMatchObject({
      errors: ['bad option: --harmony=1'],
      complaint:
        'Error: illegal value for flag --harmony=1 of type bool\nTo set or unset a boolean flag, use --flag or --no-flag.\nTry --help for options\n',
    });
    expect(parse('--stack-size').complaint).toBe(
      'Error: illegal value for flag --stack-size of type int\nTry --help for options\n',
    );
  });
});

describe('chooseMainScript', () => {
  const choose = (words: string[], terminal = false) =>
    chooseMainScript(parse(...words), {
      version: 'v24.0.0',
      completion: () => 'complete',
      engineOptions: () => 'options',
      stdinIsTerminal: () => terminal,
    });
  it('picks as Node does', () => {
    expect(choose(['-v'])).toEqual({ print: 'v24.0.0' });
    expect(choose(['--v8-options', 'a.js'])).toEqual({ print: 'options' });
    expect(choose(['-e', '1', 'a.js'])).toEqual({ id: 'internal/main/eval_string' });
    expect(choose(['--test', 'a.js'])).toEqual({ id: 'internal/main/test_runner' });
    expect(choose(['a.js'])).toEqual({ id: 'internal/main/run_main_module' });
    expect(choose([])).toEqual({ id: 'internal/main/eval_stdin' });
    expect(choose(['-'])).toEqual({ id: 'internal/main/eval_stdin' });
    expect(choose(['-'], true)).toEqual({ id: 'internal/main/repl' });
    expect(choose([], true)).toEqual({ id: 'internal/main/repl' });
  });
});

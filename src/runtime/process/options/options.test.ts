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
    const line = parseCommandLine(table, ['node', '-r', 'b'], '--require "a c"');
    expect(line.values['--require']).toEqual(['a c', 'b']);
    expect(table.defaults['--require']).toEqual([]);
  });

  it('stops at --', () => {
    expect(parse('--test', '--', '--eval').argv).toEqual(['node', '--eval']);
  });

  it('reports what Node reports', () => {
    expect(parse('--bad').errors).toEqual(['bad option: --bad']);
    expect(parse('--eval').errors).toEqual(['--eval requires an argument']);
    expect(parse('-r').errors).toEqual(['-r requires an argument']);
    expect(parse('--test=1').errors).toEqual(['--test does not take an argument']);
    expect(parseCommandLine(table, ['node'], '--test').errors).toEqual(['--test is not allowed in NODE_OPTIONS']);
    expect(parseCommandLine(table, ['node'], '--huh').errors).toEqual(['--huh is not allowed in NODE_OPTIONS']);
  });
});

describe('chooseMainScript', () => {
  const choose = (words: string[], terminal = false) => chooseMainScript(parse(...words), 'v24.0.0', () => terminal);
  it('picks as Node does', () => {
    expect(choose(['-v'])).toEqual({ print: 'v24.0.0' });
    expect(choose(['-e', '1', 'a.js'])).toEqual({ id: 'internal/main/eval_string' });
    expect(choose(['--test', 'a.js'])).toEqual({ id: 'internal/main/test_runner' });
    expect(choose(['a.js'])).toEqual({ id: 'internal/main/run_main_module' });
    expect(choose([])).toEqual({ id: 'internal/main/eval_stdin' });
    expect(choose(['-'])).toEqual({ id: 'internal/main/eval_stdin' });
    expect(choose(['-'], true)).toEqual({ id: 'internal/main/repl' });
    expect(choose([], true)).toEqual({ id: 'internal/main/repl' });
  });
});

import type { CommandLine } from './options/options.ts';

/** What a command line asks for: one of Node's main scripts, or an answer that needs no script. */
export type MainScript = { id: string } | { print: string } | { run: string } | { error: string };

/** As Node's `StartExecution` chooses. `stdinIsTerminal` is asked only when it decides. */
export function chooseMainScript(line: CommandLine, version: string, stdinIsTerminal: () => boolean): MainScript {
  const { values, argv } = line;
  const script = argv[1];
  if (values['--version']) return { print: version };
  if (typeof values['--run'] === 'string' && values['--run'] !== '') return { run: values['--run'] };
  if (script === 'inspect') return { error: 'the debugger is not available in this sandbox' };
  if (values['--help']) return { id: 'internal/main/print_help' };
  if (values['[has_eval_string]'] && !values['--interactive']) return { id: 'internal/main/eval_string' };
  if (values['--check']) return { id: 'internal/main/check_syntax' };
  if (values['--test']) return { id: 'internal/main/test_runner' };
  if (values['--watch']) return { id: 'internal/main/watch_mode' };
  if (script !== undefined && script !== '-') return { id: 'internal/main/run_main_module' };
  if (values['--interactive'] || stdinIsTerminal()) return { id: 'internal/main/repl' };
  return { id: 'internal/main/eval_stdin' };
}

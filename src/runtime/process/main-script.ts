import type { CommandLine } from './options/options.ts';

/** What a command line asks for: one of Node's main scripts, or an answer that needs no script. */
export type MainScript = { id: string } | { print: string } | { run: string } | { error: string };

/** What it is asked only when it decides. */
export interface Answers {
  version: string;
  /** The script of `--completion-bash`. */
  completion(): string;
  /** What `--v8-options` shows. */
  engineOptions(): string;
  stdinIsTerminal(): boolean;
}

/** As Node's `StartExecution` chooses. */
export function chooseMainScript(line: CommandLine, answers: Answers): MainScript {
  const { version, completion, engineOptions, stdinIsTerminal } = answers;
  const { values, argv } = line;
  const script = argv[1];
  if (typeof values['--run'] === 'string' && values['--run'] !== '') return { run: values['--run'] };
  if (values['--version']) return { print: version };
  if (script === 'inspect') return { error: 'the debugger is not available in this sandbox' };
  if (values['--completion-bash']) return { print: completion() };
  if (values['--v8-options']) return { print: engineOptions() };
  if (values['--help']) return { id: 'internal/main/print_help' };
  if (values['[has_eval_string]'] && !values['--interactive']) return { id: 'internal/main/eval_string' };
  if (values['--check']) return { id: 'internal/main/check_syntax' };
  if (values['--test']) return { id: 'internal/main/test_runner' };
  if (values['--watch']) return { id: 'internal/main/watch_mode' };
  if (script !== undefined && script !== '-') return { id: 'internal/main/run_main_module' };
  if (values['--interactive'] || stdinIsTerminal()) return { id: 'internal/main/repl' };
  return { id: 'internal/main/eval_stdin' };
}

/** jq: the real one, as WebAssembly. Its files and options are handled here; programs run there. */
import load, { type JqFailure, type JqModule } from 'jq-web';
import { describeError, errorCode } from '../errors.ts';
import { loadBinary } from '../lazy.ts';
import { readWholeText } from '../utilities/inputs.ts';
import type { Utility, UtilityContext } from '../utility.ts';

interface CommandLine {
  /** Options that jq itself gets. */
  flags: string[];
  filter: string | undefined;
  files: string[];
  nullInput: boolean;
  /** `-e`: the exit code tells of the last value. */
  exitStatus: boolean;
}

const PLAIN = 'crSsCMaRjn';
const LONG: Readonly<Record<string, string>> = {
  'compact-output': '-c',
  'raw-output': '-r',
  'raw-output0': '--raw-output0',
  'sort-keys': '-S',
  slurp: '-s',
  'null-input': '-n',
  'raw-input': '-R',
  'join-output': '-j',
  'ascii-output': '-a',
  'color-output': '-C',
  'monochrome-output': '-M',
  'exit-status': '-e',
  tab: '--tab',
  stream: '--stream',
  seq: '--seq',
};

/** Throws an Error that says what is wrong with the command line. */
async function readCommandLine(context: UtilityContext): Promise<CommandLine> {
  const { args } = context;
  const read = async (name: string) => await readWholeText(context, name);
  const line: CommandLine = { flags: [], filter: undefined, files: [], nullInput: false, exitStatus: false };
  const add = (flag: string) => {
    if (flag === '-e') line.exitStatus = true;
    else line.flags.push(flag);
    if (flag === '-n') line.nullInput = true;
  };
  let positional: '--args' | '--jsonargs' | undefined;
  const values: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const take = () => args[++i] ?? '';
    if (arg === '--arg' || arg === '--argjson') line.flags.push(arg, take(), take());
    else if (arg === '--slurpfile')
      line.flags.push('--argjson', take(), `[${separateValues(await read(take())).join(',')}]`);
    else if (arg === '--rawfile') line.flags.push('--arg', take(), await read(take()));
    else if (arg === '--indent') line.flags.push(arg, take());
    else if (arg === '-f' || arg === '--from-file') line.filter = await read(take());
    else if (arg === '--args' || arg === '--jsonargs') positional = arg;
    else if (arg.startsWith('--') && arg.length > 2) {
      const flag = LONG[arg.slice(2)];
      if (flag === undefined) throw new Error(`Unknown option: ${arg}`);
      add(flag);
    } else if (/^-[A-Za-z]/.test(arg)) {
      for (const letter of arg.slice(1)) {
        if (letter === 'e') add('-e');
        else if (letter === 'f') line.filter = await read(take());
        else if (PLAIN.includes(letter)) add(`-${letter}`);
        else throw new Error(`Unknown option: ${arg}`);
      }
    } else if (arg === '--') continue;
    else if (line.filter === undefined) line.filter = arg;
    else if (positional) values.push(positional === '--args' ? JSON.stringify(arg) : arg);
    else line.files.push(arg);
  }
  if (positional && line.filter !== undefined) {
    line.filter = `(${JSON.stringify({ positional: [] })} | .positional = [${values.join(',')}]) as $ARGS | ${line.filter}`;
  }
  return line;
}

/** The module has an environment of its own: a program that asks for the shell's is given it. */
function withEnvironment(filter: string, env: ReadonlyMap<string, string>): string {
  if (!/\benv\b|\$ENV\b/.test(filter)) return filter;
  return `${JSON.stringify(Object.fromEntries(env))} as $ENV | def env: $ENV; ${filter}`;
}

/** Texts of JSON values that follow one another. */
function separateValues(text: string): string[] {
  const trimmed = text.trim();
  try {
    JSON.parse(trimmed);
    return trimmed === '' ? [] : [trimmed];
  } catch {
    return trimmed.split('\n').filter((item) => item.trim() !== ''); // One a line, then.
  }
}

let engine: Promise<JqModule> | undefined;

async function startEngine(context: UtilityContext): Promise<JqModule> {
  const start = load;
  // Outside of the sandbox's parts (`library/parts.ts`) the package has started by itself.
  engine ??=
    typeof start === 'function'
      ? loadBinary('jq.wasm', context.sys).then((wasmBinary) => start({ wasmBinary }))
      : Promise.resolve(start);
  return await engine;
}

interface Outcome {
  stdout: string;
  stderr: string;
  status: number;
}

/** jq-web leaves out the last newline. */
function output(jq: JqModule, input: string, filter: string, flags: readonly string[]): string {
  const text = jq.raw(input, filter, [...flags]);
  if (text === undefined) return '';
  return flags.includes('-j') || flags.includes('--raw-output0') ? text : `${text}\n`;
}

/** What a program that failed printed before is asked for by a second run, in which its errors are none. */
function run(jq: JqModule, input: string, filter: string, flags: readonly string[]): Outcome {
  try {
    return { stdout: output(jq, input, filter, flags), stderr: '', status: 0 };
  } catch (error) {
    const { stderr = '', exitCode = 5 } = error as JqFailure;
    let stdout = '';
    if (exitCode === 5) {
      try {
        stdout = output(jq, input, `(${filter}\n)?`, flags);
      } catch {
        stdout = ''; // It was not a value's fault: the input itself is wrong.
      }
    }
    return { stdout, stderr, status: exitCode };
  }
}

const USAGE = `Usage:\tjq [OPTIONS] FILTER [FILES...]
\tjq [OPTIONS] --args FILTER [ARGUMENTS...]
\tjq [OPTIONS] --jsonargs FILTER [JSON_VALUES...]
`;

export const jq: Utility = async (context) => {
  if (context.args[0] === '--version' || context.args[0] === '-V') {
    await context.stdout.line('jq-1.7.1');
    return 0;
  }
  let line: CommandLine;
  try {
    line = await readCommandLine(context);
  } catch (error) {
    await context.stderr.print(
      `jq: error: ${describeError(error)}\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://jqlang.github.io/jq\n`,
    );
    return 2;
  }
  if (line.filter === undefined && context.stdin.descriptor?.kind === 'tty') {
    await context.stderr.print(USAGE);
    return 2;
  }
  const { text, status: unread } = await readInput(context, line);
  const filter = withEnvironment(line.filter ?? '.', context.env);
  const outcome = run(await startEngine(context), text, filter, ['-M', ...line.flags.filter((flag) => flag !== '-M')]);
  await context.stdout.write(outcome.stdout);
  if (outcome.stderr !== '') {
    await context.stdout.flush();
    await context.stderr.print(
      `${outcome.stderr.trimEnd().replaceAll('inputString:', `${line.files[0] ?? '<stdin>'}:`)}\n`,
    );
  }
  if (outcome.status !== 0) return outcome.status;
  if (unread !== 0) return unread;
  if (!line.exitStatus) return 0;
  const last = outcome.stdout.trimEnd().split('\n').at(-1);
  if (outcome.stdout === '') return 4;
  return last === 'null' || last === 'false' ? 1 : 0;
};

async function readInput(
  context: UtilityContext,
  { files, nullInput, flags }: CommandLine,
): Promise<{ text: string; status: number }> {
  const usesInput = !nullInput || context.args.some((arg) => /\binputs?\b/.test(arg));
  if (files.length === 0) return { text: usesInput ? await context.stdin.text() : 'null', status: 0 };
  let status = 0;
  let text = '';
  for (const file of files) {
    try {
      const content = await readWholeText(context, file);
      text += flags.includes('-R') || content.endsWith('\n') ? content : `${content}\n`;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      await context.stderr.print(`jq: error: Could not open ${file}: ${describeError(error)}\n`);
      status = 2;
    }
  }
  return { text, status };
}

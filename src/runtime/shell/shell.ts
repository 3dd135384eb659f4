import type { Command, CommandNode, Function as FunctionNode, ParsedScript } from 'unbash';
import type { Sys } from '../process/system-calls/sys.ts';
import { ALWAYS_ON, INITIAL_SHOPTS } from './bash-options.ts';
import type { DescriptorTable } from './descriptor.ts';
import { type ErrorPlace, FatalError, ShellError } from './errors.ts';
import type { ExpansionHost } from './expansion/expand.ts';
import type { Job } from './jobs/job.ts';
import { JobTable } from './jobs/job-table.ts';
import type { EndBySignal } from './jobs/start-program.ts';
import { INITIAL_OPTIONS, type ShellOptions } from './options.ts';
import { absolutePath } from './paths.ts';
import { Writer } from './streams.ts';
import { countSubshell } from './subshells.ts';
import { captureOutput, substituteProcess } from './substitutions.ts';
import { lineAt } from './syntax.ts';
import type { Foreground } from './terminal/foreground.ts';
import { ShellArray } from './variables/arrays.ts';
import type { ArrayArgument } from './variables/assign.ts';
import { BASH_NAMES, bashArray, bashParameter, setComputed } from './variables/bash-parameters.ts';
import { exportedFunction } from './variables/exported-functions.ts';
import { setInitialVariables } from './variables/initial-variables.ts';
import { RandomNumbers } from './variables/random-numbers.ts';
import { cloneVariable, type Variable } from './variables/variable.ts';
import { converted, elementOf, writableVariable } from './variables/writable.ts';

export interface ShellFunction {
  node: FunctionNode;
  source: string;
  /** The script it was read from. */
  file?: string | undefined;
  exported?: boolean;
}

/** A call of a function that has not returned, or a file that `source` runs in bash. */
export interface FunctionCall {
  kind: 'function' | 'file';
  name: string;
  /** Where it was called. */
  line: number;
  file: string | undefined;
}

export interface Alias {
  text: string;
  /** Where it was made: it counts from the next line on. */
  line: number;
  source: string;
}

/** What every scope of one shell shares. */
export interface ShellWorld {
  readonly sys: Sys;
  readonly pid: number;
  readonly ppid: number;
  /** `sh` or `bash`: they differ in messages and in a few builtins. */
  readonly bash: boolean;
  /** It runs within another shell's Worker, whose pid it has. */
  readonly nested: boolean;
  readonly startedMs: number;
}

export interface ShellStart extends Omit<ShellWorld, 'startedMs' | 'nested'> {
  nested?: boolean;
  name: string;
  positional: readonly string[];
  env: ReadonlyMap<string, string>;
  cwd: string;
  descriptors: DescriptorTable;
}

const STANDARD = ['stdin', 'stdout', 'stderr'];

/** One scope of a shell: the shell itself, or a subshell (a copy that shares nothing it may change). */
export class Shell implements ExpansionHost {
  readonly sys: Sys;
  readonly world: ShellWorld;
  name: string;
  positional: string[];
  cwd: string;
  descriptors: DescriptorTable;
  variables = new Map<string, Variable>();
  functions = new Map<string, ShellFunction>();
  traps = new Map<string, string>();
  aliases = new Map<string, Alias>();
  options: ShellOptions = { ...INITIAL_OPTIONS };
  /** Options of bash's `shopt` that are on. */
  shopts: Set<string>;
  /** Values to put back when a function returns, innermost last. */
  locals: Map<string, Variable | undefined>[] = [];
  jobs = new JobTable();
  status = 0;
  /** Exit codes of the commands of the last pipeline. */
  pipeStatus: readonly number[] = [];
  /** Functions that run, innermost last. */
  callStack: FunctionCall[] = [];
  /** Path of the script, when it runs one, or of the file that it sources. */
  scriptName: string | undefined;
  /** Path of the script that the shell was started for. */
  mainScript: string | undefined;
  /** Of `bash -c`, which bash's messages tell. */
  fromCommandLine = false;
  /** Of `pushd`, the current one not included. */
  folders: string[] = [];
  subshellDepth = 0;
  /** Names of the aliases that are being expanded. */
  expandingAliases = new Set<string>();
  /** Array values in the arguments of `declare` and its like, which only the assignment itself can expand. */
  arrayArguments: ArrayArgument[] = [];
  /** Where the command stands that a trap is about. */
  trappedLine: number | undefined;
  /** The only command of a command substitution. */
  capturing: Command | undefined;
  /** Ends of the pipes of process substitutions of the current command. */
  substitutions: number[] = [];
  /** Of the last command substitution of the current command. */
  substitutionStatus: number | undefined;
  lastBackground: number | undefined;
  loopDepth = 0;
  /** Above zero inside a condition, where `set -e` does not apply. */
  conditionDepth = 0;
  sourceDepth = 0;
  source = '';
  position = 0;
  interactive = false;
  /** This scope is what the process runs: no subshell, and no shell within another. */
  isProcess = false;
  /** The job whose whole command this scope runs. */
  job: Job | undefined;
  /** The shell, or the one that this scope comes from, talks to a person. */
  hasTerminal = false;
  /** On a terminal: who Ctrl-C reaches. Background jobs have none. */
  foreground: Foreground | undefined;
  endedBySignal: EndBySignal | undefined;
  abort: AbortController = new AbortController();
  /** Runs a program for a utility, with the environment that it was given. */
  forwards = false;
  /** What RANDOM gives next depends on it. */
  random = new RandomNumbers();
  /** What SECONDS was set to, and when. */
  seconds = { value: 0, atMs: Date.now() };
  /** The last word of the command before: `$_`. */
  lastWord: string | undefined;
  pendingSignals: string[] = [];
  /** Called when a signal with a trap comes in, while `wait` waits. */
  onSignal: (() => void) | undefined;
  /** The shell that this scope, when it is a subshell, comes from. */
  readonly main: Shell;
  /** The last command that began, but for those of traps: `BASH_COMMAND`. */
  command: { node: CommandNode; source: string } | undefined;
  inTrap = false;
  /** How many scripts run within one another. */
  scriptDepth = 0;
  /** Substitutions, evals and sourced files around the current command. */
  traceDepth = 0;
  /** The number of a subshell, once something asks for it. */
  ownPid: number | undefined;
  /** The signal that a shell within another one's Worker sent itself. */
  ownSignal: number | undefined;
  /** Told the pid of the first process this scope starts, or undefined when it starts something else. */
  onStart: ((pid: number | undefined) => void) | undefined;
  /** No process could be started for this job. */
  isRefused = false;
  /** Of a subshell, or a shell within another one. */
  uncount: (() => void) | undefined;

  constructor(start: ShellStart) {
    this.main = this;
    this.sys = start.sys;
    const { sys, pid, ppid, bash, nested = false } = start;
    this.world = { sys, pid, ppid, bash, nested, startedMs: Date.now() };
    this.name = start.name;
    this.shopts = new Set(start.bash ? INITIAL_SHOPTS : []);
    this.positional = [...start.positional];
    this.cwd = start.cwd;
    this.descriptors = start.descriptors;
    setInitialVariables(this, start);
  }

  get bash(): boolean {
    return this.world.bash;
  }

  get noGlob(): boolean {
    return this.options.noglob;
  }

  /** A subshell. The caller lets it run and then lets it {@link end}. Throws where there are too many. */
  fork(): Shell {
    const uncount = countSubshell(this);
    const copy: Shell = Object.assign(Object.create(Shell.prototype), this);
    copy.descriptors = this.descriptors.clone();
    copy.positional = [...this.positional];
    copy.variables = new Map([...this.variables].map(([name, variable]) => [name, cloneVariable(variable)]));
    copy.functions = new Map(this.functions);
    copy.aliases = new Map(this.aliases);
    copy.traps = new Map([...this.traps].filter(([, action]) => action === ''));
    copy.options = { ...this.options };
    copy.shopts = new Set(this.shopts);
    copy.callStack = [...this.callStack];
    copy.folders = [...this.folders];
    copy.substitutions = [];
    copy.arrayArguments = [];
    copy.expandingAliases = new Set(this.expandingAliases);
    copy.capturing = undefined;
    copy.subshellDepth += 1;
    copy.locals = this.locals.map((scope) => new Map(scope));
    copy.random = new RandomNumbers();
    copy.jobs = new JobTable();
    copy.pendingSignals = [];
    copy.onSignal = undefined;
    copy.ownPid = undefined;
    copy.onStart = undefined;
    copy.loopDepth = 0;
    copy.interactive = false;
    copy.isProcess = false;
    copy.job = undefined;
    copy.endedBySignal = undefined;
    copy.uncount = uncount;
    return copy;
  }

  /** It counts no longer among those that are alive, and lets its descriptors go. */
  end(): void {
    this.uncount?.();
    this.descriptors.releaseAll();
  }

  /** The variable that a name means, through references (`declare -n`). */
  nameOf(name: string): string {
    let target = name;
    for (let i = 0; i < 8; i += 1) {
      const variable = this.variables.get(target);
      if (!variable?.reference || !variable.value) return target;
      target = variable.value;
    }
    return target;
  }

  getVariable(name: string): string | undefined {
    const target = this.nameOf(name);
    if (target.includes('[')) return elementOf(this, target);
    const variable = this.variables.get(target);
    return variable?.array ? variable.array.get('0') : variable?.value;
  }

  isSet(option: string): boolean {
    return this.shopts.has(option);
  }

  optionIsOn(name: string): boolean {
    return this.longOptions().includes(name);
  }

  longOptions(): string[] {
    const on = Object.entries(this.options).flatMap(([name, isOn]) => (isOn ? [name] : []));
    return [...(this.bash ? ALWAYS_ON : []), ...on].sort();
  }

  variable(given: string): Variable | undefined {
    return this.variables.get(this.nameOf(given));
  }

  arrayOf(given: string): ShellArray | undefined {
    const name = this.nameOf(given);
    return this.variables.get(name)?.array ?? (this.bash ? bashArray(this, name) : undefined);
  }

  variableNames(): string[] {
    const set = [...this.variables]
      .filter(([, variable]) => variable.value !== undefined || variable.array)
      .map(([name]) => name);
    return [...new Set([...set, ...(this.bash ? BASH_NAMES : [])])].sort();
  }

  /** A name, or a name with a subscript. */
  hasVariable(name: string): boolean {
    const match = /^(\w+)\[(.*)\]$/s.exec(name);
    if (!match) return this.getParameter(name) !== undefined;
    const array = this.arrayOf(match[1] ?? '');
    if (match[2] === '@' || match[2] === '*') return (array?.size ?? 0) > 0;
    return array?.get(match[2] ?? '') !== undefined;
  }

  getParameter(name: string): string | undefined {
    if (/^\d+$/.test(name)) return name === '0' ? this.name : this.positional[Number(name) - 1];
    switch (name) {
      case '?':
        return String(this.status);
      case '$':
        return String(this.world.pid);
      case '#':
        return String(this.positional.length);
      case '!':
        return this.lastBackground === undefined ? undefined : String(this.lastBackground);
      case '-':
        return this.optionLetters();
      case '@':
      case '*':
        return this.positional.join(' ');
      case 'LINENO':
        return String(this.trappedLine ?? lineAt(this.source, this.position));
      default:
        return this.getVariable(name) ?? (this.bash ? bashParameter(this, name) : undefined);
    }
  }

  optionLetters(): string {
    const { options } = this;
    const letters = `${options.errexit ? 'e' : ''}${options.noglob ? 'f' : ''}${options.nounset ? 'u' : ''}${options.xtrace ? 'x' : ''}${this.interactive ? 'i' : ''}`;
    return this.bash ? `h${letters}B${this.fromCommandLine ? 'c' : ''}` : letters;
  }

  requireParameter(name: string): string {
    const value = this.getParameter(name);
    if (value === undefined && this.options.nounset && name !== '!' && name !== '@' && name !== '*') {
      this.complainUnset(name);
    }
    return value ?? '';
  }

  complainUnset(label: string): void {
    if (!this.options.nounset) return;
    if (!this.bash) throw new ShellError(`${label}: parameter not set`);
    throw new FatalError(
      `${/^\d/.test(label) ? '$' : ''}${label}: unbound variable`,
      this.fromCommandLine && this.subshellDepth === 0 && !this.options.errexit ? 127 : 1,
    );
  }

  setVariable(given: string, value: string): void {
    const name = this.nameOf(given);
    const element = /^(\w+)\[(.*)\]$/s.exec(name);
    if (element) {
      this.setElement(element[1] ?? '', element[2] ?? '', value);
      return;
    }
    if (this.bash && setComputed(this, name, value)) return;
    const variable = writableVariable(this, name);
    const text = converted(this, variable, value);
    if (this.options.allexport) variable.exported = true;
    if (variable.array) variable.array.set('0', text);
    else variable.value = text;
  }

  setElement(name: string, key: string, value: string): void {
    const variable = writableVariable(this, this.nameOf(name));
    if (!variable.array) {
      const items: [string, string][] = variable.value === undefined ? [] : [['0', variable.value]];
      variable.array = new ShellArray(false, items);
      variable.value = undefined;
    }
    variable.array.set(key, converted(this, variable, value));
  }

  setArray(name: string, array: ShellArray): void {
    const variable = writableVariable(this, this.nameOf(name));
    variable.value = undefined;
    variable.array = array;
  }

  unsetVariable(given: string): void {
    const name = this.nameOf(given);
    if (this.variables.get(name)?.readOnly) {
      if (this.bash) throw new ShellError(`${name}: cannot unset: readonly variable`, 1, true);
      throw new ShellError(`unset: ${name}: is read only`);
    }
    this.variables.delete(name);
  }

  /** What a program gets; bash tells it its path. */
  environment(path: string): Map<string, string> {
    const env = new Map<string, string>();
    for (const [name, variable] of this.variables) {
      if (variable.exported && variable.value !== undefined) env.set(name, variable.value);
    }
    for (const [name, definition] of this.functions) {
      if (definition.exported) env.set(...exportedFunction(name, definition));
    }
    if (this.bash && !this.forwards) env.set('_', path);
    return env;
  }

  /** Descriptors in /dev are those of this scope. */
  resolve(path: string): string {
    const device = /^\/dev\/(?:fd\/(\d+)|(stdin|stdout|stderr))$/.exec(path);
    if (!device) return absolutePath(this.cwd, path);
    const number = device[1] ?? STANDARD.indexOf(device[2] ?? '');
    const descriptor = this.descriptors.get(Number(number));
    return descriptor ? `/dev/fd/${descriptor.fd}` : path;
  }

  substitute(script: ParsedScript, operator: '<' | '>'): string {
    return substituteProcess(this, script, operator);
  }

  /** Lets the pipes of process substitutions go that were made since there were `kept`. */
  endSubstitutions(kept: number): void {
    for (const number of this.substitutions.splice(kept)) this.descriptors.close(number);
  }

  /** `sh: 3: message`. */
  async complain(message: string, place = this.errorPlace()): Promise<void> {
    if (message === '') return;
    const { name, line } = place;
    const prefix = this.bash ? (line === 0 ? name : `${name}: line ${line}`) : `${name}: ${line}`;
    await new Writer(this.descriptors.get(2)).print(`${prefix}: ${message}\n`);
  }

  /** Whether a function runs, and not only a file that is sourced. */
  get inFunction(): boolean {
    return this.callStack.some(({ kind }) => kind === 'function');
  }

  /** What stands in front of a message about the current command; bash names the file of the function that runs. */
  errorPlace(): ErrorPlace {
    const line = this.position < 0 ? 0 : lineAt(this.source, this.position);
    const call = this.bash ? this.callStack.at(-1) : undefined;
    const name =
      call && !this.interactive ? (call.file ?? (this.fromCommandLine ? 'environment' : this.name)) : this.name;
    return { name, line };
  }

  async capture(script: ParsedScript): Promise<string> {
    return await captureOutput(this, script);
  }
}

import type { Function as FunctionNode, ParsedScript } from 'unbash';
import type { Sys } from '../process/sys.ts';
import { Descriptor, type DescriptorTable } from './descriptor.ts';
import { ExitRequest, errorCode, ReturnRequest, ShellError } from './errors.ts';
import { runScript, runSource } from './execute.ts';
import type { ExpansionHost } from './expand.ts';
import { absolutePath } from './paths.ts';
import { concatenate, Reader, Writer } from './streams.ts';
import { lineAt } from './syntax.ts';

export interface Variable {
  value: string | undefined;
  exported: boolean;
  readOnly: boolean;
}

export interface ShellFunction {
  node: FunctionNode;
  source: string;
}

export interface ShellOptions {
  errexit: boolean;
  nounset: boolean;
  xtrace: boolean;
  pipefail: boolean;
  noglob: boolean;
  noexec: boolean;
  allexport: boolean;
  verbose: boolean;
}

/** A background job. Parts of a script that run in this Worker have numbers above those of real processes. */
export interface Job {
  pid: number;
  status: Promise<number>;
  abort: AbortController;
  done: boolean;
}

/** What every scope of one shell shares. */
export interface ShellWorld {
  readonly sys: Sys;
  readonly pid: number;
  readonly ppid: number;
  /** `sh` or `bash`: they differ in messages and in a few builtins. */
  readonly bash: boolean;
}

export interface ShellStart extends ShellWorld {
  name: string;
  positional: readonly string[];
  env: ReadonlyMap<string, string>;
  cwd: string;
  descriptors: DescriptorTable;
}

const FIRST_VIRTUAL_PID = 1_000_000;
let virtualPids = 0;

export function nextVirtualPid(): number {
  virtualPids += 1;
  return FIRST_VIRTUAL_PID + virtualPids;
}

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
  aliases = new Map<string, string>();
  options: ShellOptions = {
    errexit: false,
    nounset: false,
    xtrace: false,
    pipefail: false,
    noglob: false,
    noexec: false,
    allexport: false,
    verbose: false,
  };
  /** Values to put back when a function returns, innermost last. */
  locals: Map<string, Variable | undefined>[] = [];
  jobs = new Map<number, Job>();
  status = 0;
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
  abort: AbortController = new AbortController();
  pendingSignals: string[] = [];
  /** Told the pid of the first process this scope starts, or undefined when it starts something else. */
  onStart: ((pid: number | undefined) => void) | undefined;

  constructor(start: ShellStart) {
    this.sys = start.sys;
    this.world = start;
    this.name = start.name;
    this.positional = [...start.positional];
    this.cwd = start.cwd;
    this.descriptors = start.descriptors;
    for (const [name, value] of start.env) {
      if (/^[A-Za-z_]\w*$/.test(name)) this.variables.set(name, { value, exported: true, readOnly: false });
    }
    this.variables.set('PWD', { value: start.cwd, exported: this.variables.has('PWD'), readOnly: false });
    this.variables.set('PPID', { value: String(start.ppid), exported: false, readOnly: false });
    for (const [name, value] of [
      ['OPTIND', '1'],
      ['IFS', ' \t\n'],
      ['PS1', '$ '],
      ['PS2', '> '],
      ['PS4', '+ '],
    ] as const) {
      this.variables.set(name, { value, exported: false, readOnly: false });
    }
  }

  get bash(): boolean {
    return this.world.bash;
  }

  get noGlob(): boolean {
    return this.options.noglob;
  }

  /** A subshell. The caller lets it run and then releases its descriptors. */
  fork(): Shell {
    const copy: Shell = Object.assign(Object.create(Shell.prototype), this);
    copy.descriptors = this.descriptors.clone();
    copy.positional = [...this.positional];
    copy.variables = new Map([...this.variables].map(([name, variable]) => [name, { ...variable }]));
    copy.functions = new Map(this.functions);
    copy.aliases = new Map(this.aliases);
    copy.traps = new Map([...this.traps].filter(([, action]) => action === ''));
    copy.options = { ...this.options };
    copy.locals = this.locals.map((scope) => new Map(scope));
    copy.jobs = new Map();
    copy.pendingSignals = [];
    copy.onStart = undefined;
    copy.loopDepth = 0;
    copy.interactive = false;
    return copy;
  }

  getVariable(name: string): string | undefined {
    return this.variables.get(name)?.value;
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
        return String(lineAt(this.source, this.position));
      case 'RANDOM':
        return this.bash ? String(Math.floor(Math.random() * 32768)) : this.getVariable(name);
      default:
        return this.getVariable(name);
    }
  }

  optionLetters(): string {
    const { options } = this;
    return `${options.errexit ? 'e' : ''}${options.noglob ? 'f' : ''}${options.nounset ? 'u' : ''}${options.xtrace ? 'x' : ''}${this.interactive ? 'i' : ''}`;
  }

  requireParameter(name: string): string {
    const value = this.getParameter(name);
    if (value === undefined && this.options.nounset && name !== '!' && name !== '@' && name !== '*') {
      throw new ShellError(this.bash ? `${name}: unbound variable` : `${name}: parameter not set`);
    }
    return value ?? '';
  }

  setVariable(name: string, value: string): void {
    const old = this.variables.get(name);
    if (old?.readOnly) throw new ShellError(`${name}: is read only`);
    if (old) old.value = value;
    else this.variables.set(name, { value, exported: this.options.allexport, readOnly: false });
  }

  unsetVariable(name: string): void {
    if (this.variables.get(name)?.readOnly) throw new ShellError(`unset: ${name}: is read only`);
    this.variables.delete(name);
  }

  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const [name, variable] of this.variables) {
      if (variable.exported && variable.value !== undefined) env.set(name, variable.value);
    }
    return env;
  }

  resolve(path: string): string {
    return absolutePath(this.cwd, path);
  }

  /** `sh: 3: message`. */
  async complain(message: string): Promise<void> {
    const line = this.position < 0 ? 0 : lineAt(this.source, this.position);
    const prefix = this.bash ? `${this.name}: line ${line}` : `${this.name}: ${line}`;
    await new Writer(this.descriptors.get(2)).print(`${prefix}: ${message}\n`);
  }

  async capture(script: ParsedScript): Promise<string> {
    const [readEnd, writeEnd] = this.sys.call('pipe');
    const child = this.fork();
    child.descriptors.set(1, new Descriptor(this.sys, writeEnd));
    const input = new Descriptor(this.sys, readEnd);
    const source = script.source ?? this.source;
    const running = runScope(child, async () => await runScript(child, script, source));
    const chunks: Uint8Array[] = [];
    for await (const chunk of new Reader(input).chunks()) chunks.push(chunk);
    input.release();
    this.substitutionStatus = await running;
    this.status = this.substitutionStatus;
    return new TextDecoder().decode(concatenate(chunks)).replaceAll('\0', '');
  }
}

/** Runs a subshell to its end, whatever ends it, and lets its descriptors go. */
export async function runScope(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    let status = await settle(shell, body);
    const action = shell.traps.get('EXIT');
    if (action) {
      shell.traps.delete('EXIT');
      shell.status = status;
      status = await settle(shell, async () => {
        await runSource(shell, action);
        return status;
      });
    }
    return status;
  } finally {
    shell.descriptors.releaseAll();
  }
}

/** 128 + SIGPIPE. */
export const BROKEN_PIPE = 141;

async function settle(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof ExitRequest || error instanceof ReturnRequest) return error.status;
    if (error instanceof ShellError) {
      await shell.complain(error.message);
      return error.status;
    }
    if (errorCode(error) === 'EPIPE') return BROKEN_PIPE;
    if (shell.abort.signal.aborted) return 143;
    throw error;
  }
}

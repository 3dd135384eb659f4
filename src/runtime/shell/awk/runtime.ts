/** What a compiled awk program works on: the record, the special variables, input and output. */
import { Descriptor } from '../descriptor.ts';
import { describeError, errorCode } from '../errors.ts';
import { openPath } from '../open.ts';
import { Reader, Writer } from '../streams.ts';
import type { UtilityContext } from '../utility.ts';
import { RecordReader } from './records.ts';
import { compare, fromInput, numberText, regExpOf, toNumber, toText, type Value } from './values.ts';

export type AwkArray = Map<string, Value>;

/** `exit`, and errors that end a program: the message is on stderr already. */
export class AwkExit {
  readonly status: number;
  constructor(status: number) {
    this.status = status;
  }
}

/** `next` in a function. */
export class AwkNext {}

/** An error of the program that runs. */
export class AwkError extends Error {
  override name = 'AwkError';
}

interface Output {
  writer: Writer;
  /** Waits for the command that reads it; its exit code. */
  finish(): Promise<number>;
}

interface Input {
  records: RecordReader;
  finish(): Promise<number>;
}

const O_WRITE_NEW = 0o1101;
const O_APPEND_NEW = 0o2101;
const FLUSH_AT = 32768;

export class AwkRuntime {
  readonly context: UtilityContext;
  NR: Value = 0;
  FNR: Value = 0;
  FS: Value = ' ';
  OFS: Value = ' ';
  ORS: Value = '\n';
  RS: Value = '\n';
  SUBSEP: Value = '\x1c';
  CONVFMT: Value = '%.6g';
  OFMT: Value = '%.6g';
  RSTART: Value = 0;
  RLENGTH: Value = -1;
  FILENAME: Value = undefined;
  RT: Value = '';
  ARGC: Value = 0;
  readonly ARGV: AwkArray = new Map();
  readonly ENVIRON: AwkArray = new Map();
  exitStatus = 0;
  /** Made before the program begins. */
  assignments: readonly [string, string][] = [];
  /** Sets a global variable of the program by name: for `x=1` among the operands. */
  assign: (name: string, value: Value) => void = () => undefined;
  readonly #outputs = new Map<string, Output>();
  readonly #inputs = new Map<string, Input>();
  #output = '';
  #record = '';
  #recordValid = true;
  #fields: Value[] = [];
  #split = true;
  #main: RecordReader | undefined;
  #mainDescriptor: Descriptor | undefined;
  #nextArgument = 1;
  #usedFile = false;
  #ended = false;

  constructor(context: UtilityContext) {
    this.context = context;
    for (const [name, value] of context.env) this.ENVIRON.set(name, fromInput(value));
  }

  // -- records and fields ----------------------------------------------------------------------------------------

  get NF(): Value {
    this.#splitRecord();
    return this.#fields.length;
  }

  set NF(value: Value) {
    this.#splitRecord();
    const count = Math.max(0, Math.trunc(toNumber(value)));
    while (this.#fields.length < count) this.#fields.push('');
    this.#fields.length = count;
    this.#recordValid = false;
  }

  setRecord(text: string): void {
    this.#record = text;
    this.#recordValid = true;
    this.#split = false;
  }

  field(index: number): Value {
    if (index === 0) return fromInput(this.record);
    if (!(index > 0)) throw new AwkError(`attempt to access field ${Math.trunc(index)}`);
    this.#splitRecord();
    return this.#fields[Math.trunc(index) - 1];
  }

  setField(index: number, value: Value): Value {
    if (index === 0) this.setRecord(this.text(value));
    else {
      if (!(index > 0)) throw new AwkError(`attempt to access field ${Math.trunc(index)}`);
      this.#splitRecord();
      while (this.#fields.length < index) this.#fields.push('');
      this.#fields[Math.trunc(index) - 1] = value;
      this.#recordValid = false;
    }
    return value;
  }

  get record(): string {
    if (!this.#recordValid) {
      this.#record = this.#fields.map((value) => this.text(value)).join(this.text(this.OFS));
      this.#recordValid = true;
    }
    return this.#record;
  }

  #splitRecord(): void {
    if (this.#split) return;
    this.#split = true;
    this.#fields = this.splitText(this.#record, this.text(this.FS)).map(fromInput);
  }

  /** Fields of a text; `separator` as FS. */
  splitText(text: string, separator: string): string[] {
    if (separator === ' ') return text.trim() === '' ? [] : text.replace(/^[ \t\n]+|[ \t\n]+$/g, '').split(/[ \t\n]+/);
    if (text === '') return [];
    if (separator === '') return [...text];
    const paragraph = this.text(this.RS) === '' ? '\n' : '';
    if (separator.length === 1 && separator !== '\\' && !paragraph) return text.split(separator);
    const single =
      separator.length === 1
        ? `[${separator === '^' || separator === '\\' ? `\\${separator}` : separator}]`
        : separator;
    return splitAt(text, regExpOf(paragraph ? `(${single})|\n` : single));
  }

  // -- conversions -----------------------------------------------------------------------------------------------

  text(value: Value): string {
    return typeof value === 'string' ? value : toText(value, typeof this.CONVFMT === 'string' ? this.CONVFMT : '%.6g');
  }

  outputText(value: Value): string {
    return typeof value === 'number' ? numberText(value, toText(this.OFMT, '%.6g')) : this.text(value);
  }

  compare(left: Value, right: Value): number {
    return compare(left, right, toText(this.CONVFMT, '%.6g'));
  }

  key(values: readonly Value[]): string {
    return values.map((value) => this.text(value)).join(this.text(this.SUBSEP));
  }

  divide(left: number, right: number): number {
    if (right === 0) throw new AwkError('division by zero');
    return left / right;
  }

  modulo(left: number, right: number): number {
    if (right === 0) throw new AwkError('division by zero in %');
    return left % right;
  }

  // -- output ----------------------------------------------------------------------------------------------------

  get full(): boolean {
    return this.#output.length >= FLUSH_AT;
  }

  print(text: string): void {
    this.#output += text;
  }

  async flush(): Promise<void> {
    const text = this.#output;
    this.#output = '';
    if (text !== '') await this.context.stdout.write(text);
    await this.context.stdout.flush();
    this.context.signal.throwIfAborted();
  }

  async printTo(text: string, operator: '>' | '>>' | '|', target: string): Promise<void> {
    if (target === '/dev/stdout' || target === '-') this.print(text);
    else if (target === '/dev/stderr') {
      await this.flush();
      await this.context.stderr.print(text);
    } else {
      let output = this.#outputs.get(target);
      if (!output) {
        await this.flush();
        output = operator === '|' ? this.#startWriter(target) : await this.#openWriter(target, operator);
        this.#outputs.set(target, output);
      }
      await output.writer.write(text);
    }
  }

  async #openWriter(path: string, operator: '>' | '>>'): Promise<Output> {
    const flags = operator === '>' ? O_WRITE_NEW : O_APPEND_NEW;
    const descriptor = await this.#open(path, flags, `can't redirect to ${path}`);
    const writer = new Writer(descriptor);
    const finish = async () => {
      await writer.flush();
      descriptor.release();
      return 0;
    };
    return { writer, finish };
  }

  async #open(path: string, flags: number, problem: string): Promise<Descriptor> {
    try {
      return await openPath(this.context.sys, this.context.resolve(path), flags, this.context);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      throw new AwkError(`${problem} (${describeError(error)})`);
    }
  }

  #pipe(): [Descriptor, Descriptor] {
    const [readEnd, writeEnd] = this.context.sys.call('pipe');
    return [new Descriptor(this.context.sys, readEnd), new Descriptor(this.context.sys, writeEnd)];
  }

  #startWriter(command: string): Output {
    const [readEnd, writeEnd] = this.#pipe();
    const ended = this.context.run(['sh', '-c', command], { descriptors: new Map([[0, readEnd]]) });
    const writer = new Writer(writeEnd);
    const finish = async () => {
      try {
        await writer.flush();
      } catch (error) {
        if (errorCode(error) !== 'EPIPE') throw error; // The command did not want the rest.
      }
      writeEnd.release();
      return await ended;
    };
    return { writer, finish };
  }

  /** `close`: its exit code, -1 for what is not open. */
  async close(name: string): Promise<number> {
    const open = this.#outputs.get(name) ?? this.#inputs.get(name);
    if (!open) return -1;
    this.#outputs.delete(name);
    this.#inputs.delete(name);
    await this.flush();
    return await open.finish();
  }

  async flushAll(): Promise<number> {
    await this.flush();
    for (const { writer } of this.#outputs.values()) await writer.flush();
    return 0;
  }

  async system(command: string): Promise<number> {
    await this.flushAll();
    return await this.context.run(['sh', '-c', command]);
  }

  /** Ends the program: what is open is closed. */
  async finish(): Promise<void> {
    await this.flush();
    for (const name of [...this.#outputs.keys(), ...this.#inputs.keys()]) await this.close(name);
    this.#mainDescriptor?.release();
    this.#mainDescriptor = undefined;
  }

  // -- input -----------------------------------------------------------------------------------------------------

  /** A record that is in memory already: the way that most records take. */
  nextBuffered(): string | undefined {
    const text = this.#main?.buffered(this.text(this.RS));
    if (text !== undefined) this.#count();
    return text;
  }

  #count(): void {
    this.NR = toNumber(this.NR) + 1;
    this.FNR = toNumber(this.FNR) + 1;
    this.RT = this.#main?.terminator ?? '';
  }

  /** The next record of the main input; undefined at its end. */
  async nextRecord(): Promise<string | undefined> {
    for (;;) {
      if (!this.#main && !(await this.#openNext())) return undefined;
      const text = await this.#main?.next(this.text(this.RS));
      if (text !== undefined) {
        this.#count();
        return text;
      }
      this.skipFile();
    }
  }

  skipFile(): void {
    this.#main = undefined;
    this.#mainDescriptor?.release();
    this.#mainDescriptor = undefined;
  }

  async #openNext(): Promise<boolean> {
    while (this.#nextArgument < toNumber(this.ARGC)) {
      const argument = this.text(this.ARGV.get(String(this.#nextArgument)));
      this.#nextArgument += 1;
      const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(argument);
      if (assignment) this.assign(assignment[1] ?? '', fromInput(assignment[2] ?? ''));
      else if (argument !== '') {
        this.#usedFile = true;
        await this.#startMain(argument);
        return true;
      }
    }
    if (this.#usedFile || this.#ended) return false;
    this.#ended = true;
    await this.#startMain('-');
    return true;
  }

  async #startMain(path: string): Promise<void> {
    this.FILENAME = path === '-' ? '' : path;
    this.FNR = 0;
    if (path === '-' || path === '/dev/stdin') {
      const reader = new Reader(this.context.stdin.descriptor, () => this.flush());
      this.#main = new RecordReader(reader);
    } else {
      const descriptor = await this.#open(path, 0, `cannot open ${path}`);
      this.#mainDescriptor = descriptor;
      this.#main = new RecordReader(new Reader(descriptor, () => this.flush()));
    }
  }

  /** A record of a file or of a command; undefined at the end, null when it cannot be opened. */
  async getlineFrom(from: 'file' | 'command', name: string): Promise<string | undefined | null> {
    let input = this.#inputs.get(name);
    if (!input) {
      await this.flushAll();
      try {
        input = from === 'file' ? await this.#openReader(name) : this.#startReader(name);
      } catch (error) {
        if (error instanceof AwkError) return null;
        throw error;
      }
      this.#inputs.set(name, input);
    }
    return await input.records.next(this.text(this.RS));
  }

  async #openReader(path: string): Promise<Input> {
    if (path === '-' || path === '/dev/stdin')
      return { records: new RecordReader(this.context.stdin), finish: async () => 0 };
    const descriptor = await this.#open(path, 0, path);
    const finish = async () => {
      descriptor.release();
      return 0;
    };
    return { records: new RecordReader(new Reader(descriptor)), finish };
  }

  #startReader(command: string): Input {
    const [readEnd, writeEnd] = this.#pipe();
    const ended = this.context.run(['sh', '-c', command], { descriptors: new Map([[1, writeEnd]]) });
    const finish = async () => {
      readEnd.release();
      return await ended;
    };
    return { records: new RecordReader(new Reader(readEnd)), finish };
  }
}

/** As `split`, but groups in the expression give no parts. */
export function splitAt(text: string, pattern: RegExp): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const match of text.matchAll(new RegExp(pattern.source, 'gsu'))) {
    if (match[0] === '') continue;
    parts.push(text.slice(start, match.index));
    start = match.index + match[0].length;
  }
  parts.push(text.slice(start));
  return parts;
}

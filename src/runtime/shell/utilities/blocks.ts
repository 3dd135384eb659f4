/** truncate fallocate dd install unlink link: files by their bytes and names. */
import { O_CREAT, O_RDWR, O_TRUNC, O_WRONLY } from '../../kernel/file-modes.ts';
import type { Descriptor } from '../descriptor.ts';
import { openPath } from '../open.ts';
import { baseName, directoryName, joinPath } from '../paths.ts';
import { type Reader, Writer } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { attempt, changeMode, isDirectory, missingFolders } from './files.ts';
import { formatSize } from './format.ts';
import { openInput } from './inputs.ts';
import { lastValue, parseOptions } from './options.ts';
import { suffixFactor, UNITS } from './size-suffix.ts';
import { wrongUse } from './wrong-use.ts';

/** `10`, `1K` (1024), `1KB` (1000), `2MiB`; undefined for what is no size. */
function sizeOf(text: string): number | undefined {
  const [, number, suffix = ''] = /^(\d+)([KMGTPEkmg](?:B|iB)?|b|c|w)?$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * suffixFactor(suffix);
}

function setLength(context: UtilityContext, name: string, length: (old: number) => number): void {
  const fd = context.sys.call('open', context.resolve(name), O_RDWR | O_CREAT, 0o666);
  try {
    context.sys.call('ftruncate', fd, length(context.sys.call('fstat', fd).size));
  } finally {
    context.sys.call('close', fd);
  }
}

/** What `truncate -s` makes of a file's size. */
function newLength(operator: string, size: number): (old: number) => number {
  switch (operator) {
    case '+':
      return (old) => old + size;
    case '-':
      return (old) => Math.max(0, old - size);
    case '<':
      return (old) => Math.min(old, size);
    case '>':
      return (old) => Math.max(old, size);
    case '/':
      return (old) => old - (old % size);
    case '%':
      return (old) => Math.ceil(old / size) * size;
    default:
      return () => size;
  }
}

export const truncate: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'cs:r:o',
    long: { 'no-create': 'c', 'size=': 's', 'reference=': 'r', 'io-blocks': 'o' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const [text, reference] = [lastValue(options, 's'), lastValue(options, 'r')];
  if (text === undefined && reference === undefined)
    return await wrongUse(context, 'you must specify either ‘--size’ or ‘--reference’');
  if (options.operands.length === 0) return await wrongUse(context, 'missing file operand');
  const [, operator = '', digits = ''] = /^\s*([-+<>/%]?)(.*)$/s.exec(text ?? '') ?? [];
  const size = text === undefined ? 0 : sizeOf(digits);
  if (size === undefined) {
    await context.complain(`Invalid number: ‘${digits}’`);
    return 1;
  }
  const base = reference === undefined ? undefined : context.sys.call('stat', context.resolve(reference), true).size;
  const change = newLength(operator, size);
  const length = (old: number) => (base === undefined ? change(old) : text === undefined ? base : change(base));
  let status = 0;
  for (const name of options.operands) {
    if (options.flags.has('c') && !context.sys.call('statOrNull', context.resolve(name), true)) continue;
    if (!(await attempt(context, `cannot open '${name}' for writing`, () => setLength(context, name, length))))
      status = 1;
  }
  return status;
};

export const fallocate: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'l:no:', long: { 'length=': 'l' } });
  if (options.problem) return await wrongUse(context, options.problem);
  const size = sizeOf(lastValue(options, 'l') ?? '');
  const [name] = options.operands;
  if (size === undefined || size === 0) {
    await context.complain('no length argument specified');
    return 1;
  }
  if (name === undefined) {
    await context.complain('no filename specified');
    return 1;
  }
  setLength(context, name, (old) => Math.max(old, size));
  return 0;
};

interface Copying {
  input: string | undefined;
  output: string | undefined;
  inputBlock: number;
  outputBlock: number;
  count: number;
  skip: number;
  seek: number;
  conversions: string[];
  status: string;
}

function copyingOf(args: readonly string[]): Copying | { problem: string } {
  const values = new Map<string, string>();
  for (const arg of args) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(arg) ?? [];
    const known = ['if', 'of', 'bs', 'ibs', 'obs', 'count', 'skip', 'seek', 'conv', 'status', 'iflag', 'oflag'];
    if (name === undefined || !known.includes(name)) return { problem: `unrecognized operand ‘${arg}’` };
    values.set(name, value ?? '');
  }
  const numbers: Record<string, number> = {};
  for (const name of ['bs', 'ibs', 'obs', 'count', 'skip', 'seek']) {
    const text = values.get(name);
    if (text === undefined) continue;
    const size = sizeOf(text);
    if (size === undefined) return { problem: `invalid number: ‘${text}’` };
    numbers[name] = size;
  }
  return {
    input: values.get('if'),
    output: values.get('of'),
    inputBlock: numbers['bs'] ?? numbers['ibs'] ?? 512,
    outputBlock: numbers['bs'] ?? numbers['obs'] ?? 512,
    count: numbers['count'] ?? Number.POSITIVE_INFINITY,
    skip: numbers['skip'] ?? 0,
    seek: numbers['seek'] ?? 0,
    conversions: (values.get('conv') ?? '').split(','),
    status: values.get('status') ?? '',
  };
}

function converted(bytes: Uint8Array, conversions: readonly string[]): Uint8Array {
  const upper = conversions.includes('ucase');
  if (!upper && !conversions.includes('lcase')) return bytes;
  const first = upper ? 97 : 65;
  return bytes.map((byte) => (byte >= first && byte < first + 26 ? byte ^ 32 : byte));
}

export const dd: Utility = async (context) => {
  const job = copyingOf(context.args);
  if ('problem' in job) return await wrongUse(context, job.problem);
  const started = performance.now();
  const input = await opening(context, job.input ?? 'stdin', () => openInput(context, job.input ?? '-'));
  if (!input) return 1;
  let output: Descriptor | undefined;
  try {
    if (job.output !== undefined) {
      const { output: name, seek, outputBlock } = job;
      const keep = job.conversions.includes('notrunc');
      const flags = O_WRONLY | O_CREAT | (keep || seek > 0 ? 0 : O_TRUNC);
      output = await opening(context, name, () => openPath(context.sys, context.resolve(name), flags, context));
      if (output === undefined) return 1;
      if (seek > 0 && !keep) context.sys.call('ftruncate', output.fd, seek * outputBlock);
    }
    const total = await copyBlocks(job, input.reader, sink(context, job, output));
    await report(context, job, { ...total, seconds: (performance.now() - started) / 1000 });
    return 0;
  } finally {
    input.close();
    output?.release();
  }
};

async function opening<Result>(
  context: UtilityContext,
  name: string,
  open: () => Promise<Result>,
): Promise<Result | undefined> {
  let result: Result | undefined;
  await attempt(context, `failed to open '${name}'`, async () => {
    result = await open();
  });
  return result;
}

/** Writes one block after the other. */
function sink(
  context: UtilityContext,
  job: Copying,
  output: Descriptor | undefined,
): (bytes: Uint8Array) => Promise<void> {
  let position = job.seek * job.outputBlock;
  // A stream has no places.
  const stream = output?.immediate === false ? new Writer(output, true) : undefined;
  return async (bytes) => {
    const data = converted(bytes, job.conversions);
    if (output === undefined) {
      await context.stdout.write(data);
      return;
    }
    await stream?.write(data);
    const { sys, fd } = output;
    for (let at = stream ? data.length : 0; at < data.length; )
      at += sys.call('write', fd, data.subarray(at), position + at);
    position += data.length;
  };
}

async function copyBlocks(
  job: Copying,
  input: Reader,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<{ whole: number; partial: number; bytes: number }> {
  let [whole, partial, bytes] = [0, 0, 0];
  for (let i = 0; i < job.skip; i += 1) if ((await input.read(job.inputBlock)).length === 0) break;
  while (whole + partial < job.count) {
    const block = await input.read(job.inputBlock);
    if (block.length === 0) break;
    if (block.length === job.inputBlock) whole += 1;
    else partial += 1;
    bytes += block.length;
    await write(block);
  }
  return { whole, partial, bytes };
}

async function report(
  context: UtilityContext,
  job: Copying,
  { whole, partial, bytes, seconds }: { whole: number; partial: number; bytes: number; seconds: number },
): Promise<void> {
  if (job.status === 'none') return;
  const out = `${Math.floor(bytes / job.outputBlock)}+${bytes % job.outputBlock === 0 ? 0 : 1}`;
  await context.stderr.write(`${whole}+${partial} records in\n${out} records out\n`);
  if (job.status === 'noxfer') return;
  const units =
    bytes >= 1024 ? ` (${decimal(bytes)}B, ${formatSize(bytes)}iB)` : bytes >= 1000 ? ` (${decimal(bytes)}B)` : '';
  const speed = decimal(bytes / Math.max(seconds, 1e-6));
  await context.stderr.write(`${bytes} bytes${units} copied, ${seconds.toPrecision(6)} s, ${speed}B/s\n`);
}

/** `2.0 k`, `16 M`. */
function decimal(bytes: number): string {
  let value = bytes;
  let unit = -1;
  while (value >= 1000 && unit < 5) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 10 && unit >= 0 ? value.toFixed(1) : String(Math.round(value));
  return `${digits} ${unit < 0 ? '' : unit === 0 ? 'k' : UNITS[unit]}`;
}

export const install: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'cdDm:o:g:psvt:TC',
    long: {
      directory: 'd',
      'mode=': 'm',
      verbose: 'v',
      'target-directory=': 't',
      compare: 'C',
      'preserve-timestamps': 'p',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const text = lastValue(options, 'm') ?? '755';
  const mode = /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : changeMode(0, text, false);
  if (mode === undefined) {
    await context.complain(`invalid mode ‘${text}’`);
    return 1;
  }
  const { operands } = options;
  if (operands.length === 0) return await wrongUse(context, 'missing file operand');
  let status = 0;
  if (options.flags.has('d')) {
    for (const name of operands) {
      const missing = missingFolders(context, name);
      const made = await attempt(context, `cannot create directory '${name}'`, () => {
        context.sys.call('mkdir', context.resolve(name), 0o777, true);
        context.sys.call('chmod', context.resolve(name), mode);
      });
      if (!made) status = 1;
      else if (options.flags.has('v'))
        for (const folder of missing) await context.stdout.line(`install: creating directory '${folder}'`);
    }
    return status;
  }
  const folder = lastValue(options, 't');
  const target = folder ?? operands.at(-1) ?? '';
  const sources = folder === undefined ? operands.slice(0, -1) : operands;
  if (sources.length === 0) return await wrongUse(context, `missing destination file operand after '${target}'`);
  if (options.flags.has('D')) context.sys.call('mkdir', context.resolve(folder ?? directoryName(target)), 0o777, true);
  const into = folder !== undefined || isDirectory(context, target);
  if (!into && sources.length > 1) {
    await context.complain(`target '${target}': No such file or directory`);
    return 1;
  }
  for (const source of sources) {
    const destination = into ? joinPath(target, baseName(source)) : target;
    if (!(await installOne(context, source, { destination, mode }))) status = 1;
    else if (options.flags.has('v')) await context.stdout.line(`'${source}' -> '${destination}'`);
  }
  return status;
};

async function installOne(
  context: UtilityContext,
  source: string,
  { destination, mode }: { destination: string; mode: number },
): Promise<boolean> {
  const { sys } = context;
  if (!sys.call('statOrNull', context.resolve(source), true)) {
    await context.complain(`cannot stat '${source}': No such file or directory`);
    return false;
  }
  if (isDirectory(context, source)) {
    await context.complain(`omitting directory '${source}'`);
    return false;
  }
  return await attempt(context, `cannot create regular file '${destination}'`, () => {
    sys.call('copyFile', context.resolve(source), context.resolve(destination), 0);
    sys.call('chmod', context.resolve(destination), mode);
  });
}

export const unlink: Utility = async (context) => {
  const [name, extra] = context.args;
  if (name === undefined) return await wrongUse(context, 'missing operand');
  if (extra !== undefined) return await wrongUse(context, `extra operand ‘${extra}’`);
  const done = await attempt(context, `cannot unlink '${name}'`, () =>
    context.sys.call('unlink', context.resolve(name)),
  );
  return done ? 0 : 1;
};

export const link: Utility = async (context) => {
  const [from, to] = context.args;
  if (from === undefined) return await wrongUse(context, 'missing operand');
  if (to === undefined) return await wrongUse(context, `missing operand after ‘${from}’`);
  const done = await attempt(context, `cannot create link '${to}' to '${from}'`, () =>
    context.sys.call('link', context.resolve(from), context.resolve(to)),
  );
  return done ? 0 : 1;
};

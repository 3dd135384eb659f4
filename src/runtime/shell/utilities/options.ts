/** Command lines as getopt_long reads them. */

export interface OptionSpec {
  /** Letters; a colon after a letter: it takes a value. */
  short: string;
  /** Long name -> the letter it stands for, or a name of its own; `=` at its end: it takes a value. */
  long?: Readonly<Record<string, string>>;
  /** Stop at the first operand (env, xargs). */
  stopEarly?: boolean;
}

export interface Options {
  flags: ReadonlySet<string>;
  /** Values in the order given. */
  values: ReadonlyMap<string, readonly string[]>;
  operands: string[];
  /** Of each operand, how many values each option had been given before it. */
  given: readonly ReadonlyMap<string, number>[];
  /** What is wrong, as GNU says it, without the program's name. */
  problem: string | undefined;
}

export function parseOptions(args: readonly string[], spec: OptionSpec): Options {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  const given: ReadonlyMap<string, number>[] = [];
  let counts: ReadonlyMap<string, number> = new Map();
  let problem: string | undefined;
  const addValue = (name: string, value: string) => {
    flags.add(name);
    values.set(name, [...(values.get(name) ?? []), value]);
    counts = new Map([...counts, [name, (counts.get(name) ?? 0) + 1]]);
  };
  const addOperand = (operand: string) => {
    operands.push(operand);
    given.push(counts);
  };
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      for (const operand of args.slice(i + 1)) addOperand(operand);
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', ...rest] = arg.slice(2).split('=');
      const known = findLong(spec.long ?? {}, name, arg.includes('='));
      if (!known) problem ??= `unrecognized option '${arg}'`;
      else if (!known.takesValue) flags.add(known.target);
      else if (arg.includes('=')) addValue(known.target, rest.join('='));
      else {
        i += 1;
        if (args[i] === undefined) problem ??= `option '${arg}' requires an argument`;
        addValue(known.target, args[i] ?? '');
      }
      continue;
    }
    if (!/^-./.test(arg)) {
      addOperand(arg);
      if (spec.stopEarly) {
        for (const operand of args.slice(i + 1)) addOperand(operand);
        break;
      }
      continue;
    }
    for (let at = 1; at < arg.length; at += 1) {
      const letter = arg[at] ?? '';
      const index = letter === ':' ? -1 : spec.short.indexOf(letter);
      if (index === -1) problem ??= `invalid option -- '${letter}'`;
      else if (spec.short[index + 1] !== ':') flags.add(letter);
      else {
        const inline = arg.slice(at + 1);
        if (inline === '') i += 1;
        const value = inline === '' ? args[i] : inline;
        if (value === undefined) problem ??= `option requires an argument -- '${letter}'`;
        addValue(letter, value ?? '');
        break;
      }
    }
  }
  return { flags, values, operands, given, problem };
}

/** All GNU utilities have these: what means one of them is no beginning of another. */
const OF_ALL = ['help', 'version'];

/** By its whole name or a beginning that only one has; where a name can go with and without a value, `=` decides. */
function findLong(
  long: Readonly<Record<string, string>>,
  name: string,
  given: boolean,
): { target: string; takesValue: boolean } | undefined {
  const known = Object.entries(long).map(([key, target]) => {
    const takesValue = key.endsWith('=');
    return { name: takesValue ? key.slice(0, -1) : key, target, takesValue };
  });
  const exact = known.filter((option) => option.name === name);
  if (exact.length === 0 && OF_ALL.some((option) => option.startsWith(name))) return undefined;
  const found = exact.length > 0 ? exact : known.filter((option) => option.name.startsWith(name));
  if (new Set(found.map(({ target }) => target)).size > 1 && exact.length === 0) return undefined;
  return found.find(({ takesValue }) => takesValue === given) ?? found[0];
}

/** The last value given. */
export function lastValue(options: Options, name: string): string | undefined {
  return options.values.get(name)?.at(-1);
}

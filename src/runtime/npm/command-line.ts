/** npm's command line: flags anywhere before `--`, then words. */
import { isOption, SHORTHANDS, SWITCHES } from './flags.ts';

export interface GivenLine {
  command: string;
  args: string[];
  /** By the names of {@link SWITCHES} and {@link SETTINGS}, and what npm does not know; a switch is `true` or `false`. */
  given: Map<string, string>;
  /** Names or folders of workspaces that the command is for. */
  workspaces: string[];
  /** What npm says of flags that it does not take so for much longer. */
  warnings: string[];
}

/** `execute`: as `npx` reads it, where all behind the program's name is the program's own. */
export function parseNpmCommandLine(argv: readonly string[], execute = false): GivenLine {
  const given = new Map<string, string>();
  const line: GivenLine = { command: '', args: [], given, workspaces: [], warnings: [] };
  const unknown = new Set<string>();
  const words: string[] = [];
  const rest = [...argv];
  for (const name of SHORTHANDS.keys())
    if (name.length > 1 && argv.includes(`-${name}`))
      line.warnings.push(`-${name} is not a valid single-hyphen cli flag and will be removed in the future`);
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (/^-{2,}$/.test(arg)) {
      words.push(...rest);
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg);
      if (execute) {
        words.push(...rest);
        break;
      }
      continue;
    }
    const [, dashed = '', inline] = /^-+([^=]*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const expanded = expandShorthand(dashed, execute);
    if (expanded) rest.unshift(...withValue(expanded, inline));
    else takeFlag(line, { dashed, inline, rest, unknown });
  }
  line.warnings.push(
    ...[...unknown].map(
      (name) => `Unknown cli config "--${name}". This will stop working in the next major version of npm.`,
    ),
  );
  line.command = execute ? 'exec' : (words.shift() ?? '');
  line.args = words;
  return line;
}

function withValue(flags: readonly string[], value: string | undefined): string[] {
  const last = flags.at(-1) ?? '';
  return value === undefined ? [...flags] : [...flags.slice(0, -1), `${last}=${value}`];
}

/** What a shorthand, or several in one word (`-gp`), stands for. */
function expandShorthand(name: string, execute: boolean): string[] | undefined {
  if (execute && name === 'p') return ['--package'];
  if (execute && name === 'no-install') return ['--yes=false'];
  if (isOption(name)) return undefined;
  const long = SHORTHANDS.get(name);
  if (long !== undefined) return [`--${long}`];
  const each = [...name].map((letter) => SHORTHANDS.get(letter));
  return name !== '' && each.every((flag) => flag !== undefined) ? each.map((flag) => `--${flag}`) : undefined;
}

interface Flag {
  dashed: string;
  inline: string | undefined;
  /** What follows; values are taken off its start. */
  rest: string[];
  unknown: Set<string>;
}

function takeFlag(line: GivenLine, { dashed, inline, rest, unknown }: Flag): void {
  const name = dashed.replace(/^(?:no-)+/i, '');
  const isNegated = ((dashed.length - name.length) / 3) % 2 === 1;
  const next = rest[0];
  const isKnown = isOption(name);
  if (!isKnown) {
    unknown.add(name);
    const hangs = inline === undefined && next !== undefined && !next.startsWith('-') && !/^(?:true|false)$/.test(next);
    if (hangs) line.warnings.push(`"${next}" is being parsed as a normal command line argument.`);
  }
  if (isNegated || SWITCHES.has(name) || (!isKnown && inline === undefined)) {
    let value = inline ?? 'true';
    if (inline === undefined && (next === 'true' || next === 'false')) value = rest.shift() ?? 'true';
    line.given.set(name, String((value !== 'false') !== isNegated));
    return;
  }
  const isValue = next !== undefined && (next === '-' || !next.startsWith('-'));
  const value = inline ?? (isValue ? (rest.shift() ?? '') : '');
  if (name === 'workspace') line.workspaces.push(value);
  else line.given.set(name, value);
}

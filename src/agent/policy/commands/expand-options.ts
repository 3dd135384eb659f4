/** Options by which programs load code or start others. */
import { type CommandStep, type Expansion, textOf } from './command-steps.ts';
import { fileOf } from './expand-node.ts';
import type { SimpleCommand } from './read-commands.ts';
import { type Argument, knownValue, literal } from './words.ts';

/** Of programs of the system: the option names a program that is started. */
const STARTS: Readonly<Record<string, RegExp>> = {
  tar: /^--(?:to-command|checkpoint-action|use-compress-program|info-script|new-volume-script|rsh-command|rmt-command)\b|^-(?:I|F)/,
  zip: /^-TT$|^--unzip-command\b/,
  sort: /^--compress-program\b/,
  split: /^--filter\b/,
  hash: /^-p/,
  enable: /^-f/,
  bind: /^-x/,
  script: /^-[a-z]*c|^--command\b/,
  rsync: /^-[a-z]*e$|^--rs(?:h|ync-path)\b/,
  man: /^-P/,
  make: /^SHELL=|^--eval\b/,
};
/** Programs of Node, and their options that name code. */
const TOOLS =
  /^(?:mocha|_mocha|jest|vitest|ava|tap|tape|uvu|c8|nyc|eslint|prettier|tsx|ts-node|vite|webpack|rollup|babel|xo|standard|esbuild)$/;
const LOADS =
  /^(?:-r|-c|-R|--(?:require|import|loader|config|reporters?|opts|file|rulesdir|plugin|parser|formatter|resolver|runner|transform|setup\w*|global\w+|test\w*Environment|environment))(?:=|$)/i;

export function expandOptions(name: string, command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const args = command.words.slice(1);
  const starts = Object.hasOwn(STARTS, name) ? STARTS[name] : undefined;
  const starting = starts && args.find(({ text }) => starts.test(text));
  if (starting) return [expansion.unclear(textOf(command.words), `${starting.text} names a program that it starts`)];
  return TOOLS.test(name) ? args.flatMap((arg, at) => loadedBy(arg, args[at + 1], { command, expansion })) : [];
}

interface Place {
  readonly command: SimpleCommand;
  readonly expansion: Expansion;
}

/** Code of the project, or of /tmp; the name of a package is none. */
function loadedBy(arg: Argument, next: Argument | undefined, { command, expansion }: Place): CommandStep[] {
  if (!LOADS.test(arg.text)) return [];
  const own = knownValue(arg) ?? '';
  const path = own.includes('=') ? own.slice(own.indexOf('=') + 1) : knownValue(next);
  if (path === null || !/^[./]|\.[cm]?[jt]s$/.test(path)) return [];
  return fileOf(literal(path), command, expansion);
}

/** Programs that start others. */
import { type CommandStep, type Expansion, restOf, textOf } from './command-steps.ts';
import type { SimpleCommand } from './read-commands.ts';
import { type Argument, knownValue, literal, unknownWord } from './words.ts';

/** Options that take a word of their own, and how many words stand before the command. */
const WRAPPERS: Readonly<Record<string, { readonly valued: RegExp; readonly skip?: number }>> = {
  command: { valued: /^$/ },
  builtin: { valued: /^$/ },
  exec: { valued: /^-a$/ },
  nohup: { valued: /^$/ },
  time: { valued: /^-[fo]$/ },
  setsid: { valued: /^$/ },
  nice: { valued: /^(?:-n|--adjustment)$/ },
  ionice: { valued: /^-[cnp]$/ },
  stdbuf: { valued: /^-[ioe]$/ },
  timeout: { valued: /^(?:-[sk]|--signal|--kill-after)$/, skip: 1 },
  env: { valued: /^(?:-[uCS]|--unset|--chdir|--split-string)$/ },
  xargs: { valued: /^-[InPLdEas]$/ },
  sudo: { valued: /^-[ugCDhpRTU]$/ },
  doas: { valued: /^-[uC]$/ },
  busybox: { valued: /^$/ },
  toybox: { valued: /^$/ },
  chroot: { valued: /^$/, skip: 1 },
  flock: { valued: /^-[wE]$/, skip: 1 },
  watch: { valued: /^-[n]$/ },
  'cross-env': { valued: /^$/ },
  'cross-env-shell': { valued: /^$/ },
  c8: { valued: /^-[cr]$/ },
  nyc: { valued: /^-[cr]$/ },
  dotenv: { valued: /^-[ecpv]$/ },
};

const MOST_FED = 20;

export function unwrap(name: string, command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  if (!wrapper) return [];
  const args = command.words.slice(1);
  if (name === 'command' && /^-[vV]$/.test(args[0]?.text ?? '')) return [];
  let at = 0;
  while (at < args.length && (/^-./.test(args[at]?.text ?? '') || /^\w+=/.test(args[at]?.text ?? ''))) {
    const text = args[at]?.text ?? '';
    if (name === 'env' && /^(?:-S|--split-string)/.test(text)) return splitString(args.slice(at), command, expansion);
    at += wrapper.valued.test(text) ? 2 : 1;
    if (text === '--') break;
  }
  const rest = args.slice(at + (wrapper.skip ?? 0));
  if (rest.length === 0) return [];
  const assignments = args.slice(0, at).flatMap((arg) => {
    const match = /^(\w+)=(.*)$/s.exec(knownValue(arg) ?? arg.text);
    return match
      ? [{ name: match[1] ?? '', value: arg.values ? literal(match[2] ?? '') : unknownWord(match[2] ?? '') }]
      : [];
  });
  const inner = restOf(command, name === 'xargs' ? fedTo(rest, args.slice(0, at), command) : rest);
  return expansion.command({ ...inner, assignments, input: name === 'xargs' ? 'unknown' : command.input }, name);
}

/** The words that xargs adds, or puts in the place of its mark, as far as its input is known. */
function fedTo(rest: readonly Argument[], options: readonly Argument[], { input }: SimpleCommand): readonly Argument[] {
  const words = input === null || input === 'unknown' ? null : input.text.split(/\s+/).filter((word) => word !== '');
  const fed = words === null || words.length > MOST_FED ? [unknownWord('…')] : words.map(literal);
  const at = options.findIndex(({ text }) => /^-[Ii]/.test(text));
  const mark = options[at]?.text.slice(2) || (options[at]?.text === '-I' ? options[at + 1]?.text : '{}');
  if (at < 0 || mark === undefined) return [...rest, ...fed];
  return rest.flatMap((word) =>
    word.text === mark ? fed : word.text.includes(mark) ? [unknownWord(word.text)] : [word],
  );
}

function splitString(
  [first, ...rest]: readonly Argument[],
  command: SimpleCommand,
  expansion: Expansion,
): CommandStep[] {
  const inline = /^(?:-S|--split-string=)(.+)$/s.exec(knownValue(first) ?? '')?.[1];
  const text = inline ?? knownValue(rest[0]);
  if (text === null) return [expansion.unclear(textOf(command.words), 'what it starts is known only then')];
  return expansion.line(
    [text, ...rest.slice(inline === undefined ? 1 : 0).map((arg) => arg.source)].join(' '),
    command.folder,
    'env -S',
  );
}

/** `find … -exec`: each command up to ";" or "+", "{}" stands for what is found. */
export function expandFind(command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const steps: CommandStep[] = [];
  const { words } = command;
  const named = words.flatMap((word, at) =>
    /^-i?(?:name|path|wholename)$/.test(words[at - 1]?.text ?? '') ? (word.values ?? []) : [],
  );
  const found = (word: Argument): Argument =>
    knownValue(word) === '{}' && named.length > 0
      ? { source: word.source, text: named.join(' '), values: named, glob: true }
      : unknownWord(word.text);
  for (let at = 0; at < words.length; at += 1) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(words[at]?.text ?? '')) continue;
    const rest = words.slice(at + 1);
    const end = rest.findIndex((word) => knownValue(word) === ';' || knownValue(word) === '+');
    const own = (end < 0 ? rest : rest.slice(0, end)).map(
      (word): Argument => (word.text.includes('{}') ? found(word) : word),
    );
    if (own.length > 0) steps.push(...expansion.command({ ...restOf(command, own), folder: null }, 'find -exec'));
  }
  return steps;
}

/** Languages that can start programs: only their plain uses are read. */
export function expandAwk(command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const isSed = knownValue(command.words[0]) === 'sed';
  const starts = isSed
    ? /^\d*,?\d*\s*e\s|(?:^|[;{}\n])\s*[\d$,/]*e(?:\s|$)|\/[gipm\d]*e[gipm\d]*\s*(?:$|[;}\n])/
    : /\bsystem\s*\(|\|\s*(?:&\s*)?(?:getline|")|getline|"\s*\|/;
  return command.words.slice(1).flatMap((word) => {
    const text = knownValue(word);
    if (text === null || (text.startsWith('-') && !/^-e./.test(text)) || !starts.test(text)) return [];
    return [expansion.unclear(textOf(command.words), 'its program starts others')];
  });
}

/** Settings given on the line can name programs that git starts. */
export function expandGit(command: SimpleCommand, expansion: Expansion): CommandStep[] {
  const odd = command.words.find(({ text }) =>
    /^(?:--exec-path=|--upload-pack|--receive-pack|--config-env|--open-files-in-pager)/.test(text),
  );
  const at = command.words.findIndex(({ text }) => text === '-c');
  const setting = at < 0 ? undefined : command.words[at + 1];
  const harmless =
    /^(?:user\.(?:name|email)|color\.\w+|core\.(?:quotepath|autocrlf|abbrev)|advice\.\w+|init\.defaultbranch|diff\.(?:context|renames))=/i;
  const risky = setting && !harmless.test(knownValue(setting) ?? '') ? setting : odd;
  const has = (...texts: string[]) => command.words.some(({ text }) => texts.includes(text));
  const nested = has('bisect', 'filter-branch', 'foreach') || (has('rebase') && has('-x', '--exec'));
  if (risky) return [expansion.unclear(textOf(command.words), `${risky.text} may name a program that git starts`)];
  return nested ? [expansion.unclear(textOf(command.words), 'it starts other programs')] : [];
}

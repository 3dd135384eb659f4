/** What rsync leaves out: `--exclude`, `--include`, `--filter`, and the files of such rules. */
import { patternSource } from '../expansion/pattern.ts';
import type { UtilityContext } from '../utility.ts';
import type { Options } from './options.ts';

export interface Rule {
  kind: 'include' | 'exclude';
  foldersOnly: boolean;
  /** Fits the whole name from the top of the transfer. */
  test: RegExp;
}

/** In the order of the command line, as the first that fits decides. */
export function readRules(context: UtilityContext, options: Options): Rule[] {
  const rules: Rule[] = [];
  const left = new Map([...options.values].map(([name, values]) => [name, [...values]]));
  const read = (file: string) =>
    new TextDecoder()
      .decode(context.sys.call('readFile', context.resolve(file)))
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '' && !/^[#;]/.test(line));
  const add = (kind: Rule['kind'], text: string) => {
    const marked = /^([-+]) (.*)$/.exec(text);
    if (marked) rules.push(ruleOf(marked[1] === '+' ? 'include' : 'exclude', marked[2] ?? ''));
    else rules.push(ruleOf(kind, text));
  };
  for (const arg of context.args) {
    const name = /^--(exclude-from|include-from|exclude|include|filter)(?:=|$)/.exec(arg)?.[1];
    const value = name === undefined ? undefined : left.get(name)?.shift();
    if (name === undefined || value === undefined) continue;
    const kind = name.startsWith('include') ? 'include' : 'exclude';
    if (name.endsWith('-from')) for (const line of read(value)) add(kind, line);
    else
      add(
        kind,
        value.replace(/^(exclude|include),? /, (_, word: string) => (word === 'include' ? '+ ' : '- ')),
      );
  }
  if (options.flags.has('C'))
    for (const name of ['.git/', '.svn/', '.hg/', 'CVS/', '*~', '*.o', '*.orig', '*.rej', '*.bak', 'core'])
      rules.push(ruleOf('exclude', name));
  return rules;
}

function ruleOf(kind: Rule['kind'], text: string): Rule {
  const foldersOnly = text.endsWith('/');
  const pattern = text.replace(/\/$/, '');
  const whole = /\/\*\*\*$/.test(pattern);
  const plain = pattern.replace(/\/\*\*\*$/, '').replace(/^\//, '');
  const source = plain
    .split('**')
    .map((part) => (part === '' ? '' : patternSource(part, { path: true })))
    .join('.*');
  const start = pattern.startsWith('/') ? '^' : '^(?:.*/)?';
  return { kind, foldersOnly, test: new RegExp(`${start}${source}${whole ? '(?:/.*)?' : ''}$`, 'su') };
}

/** Undefined where no rule speaks of a name. */
export function ruleFor(rules: readonly Rule[], name: string, isFolder: boolean): Rule['kind'] | undefined {
  return rules.find(({ test, foldersOnly }) => (isFolder || !foldersOnly) && test.test(name))?.kind;
}

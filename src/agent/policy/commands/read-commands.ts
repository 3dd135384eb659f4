/** The simple commands of a line of sh, wherever they stand: in lists, pipelines, subshells, substitutions, functions, conditions. */
import { type Command, forEachChild, parse, type Redirection, type SyntaxNode } from 'unbash';
import { posixResolve } from './places.ts';
import { type Argument, literal, type Pattern, toArgument, unknownWord, type Variables } from './words.ts';

export interface Redirected {
  readonly operator: string;
  readonly target: Argument;
}

/** What a command reads: a text that is known, or "unknown" for the output of another command. */
export type Input = { readonly text: string } | 'unknown' | null;

export interface SimpleCommand {
  /** Its name first. Empty for assignments and redirections alone. */
  readonly words: readonly Argument[];
  readonly assignments: readonly { readonly name: string; readonly value: Argument }[];
  readonly redirects: readonly Redirected[];
  readonly input: Input;
  /** Absolute; null: it cannot be told. */
  readonly folder: string | null;
}

export interface ReadLine {
  readonly commands: readonly SimpleCommand[];
  /** Names of functions that the line defines. */
  readonly functions: ReadonlySet<string>;
  /** What is wrong with its syntax. */
  readonly error: string | null;
}

interface Scope {
  folder: string | null;
}

export function readCommands(line: string, folder: string | null): ReadLine {
  const script = parse(line);
  const variables = collectVariables(script);
  const commands: SimpleCommand[] = [];
  const functions = new Set<string>();
  const error = script.errors?.[0]?.message ?? null;

  const visit = (node: SyntaxNode, scope: Scope, input: Input): void => {
    switch (node.type) {
      case 'Command':
        visitParts(node, { ...scope });
        add(readCommand(node, { variables, input, folder: scope.folder }), scope);
        return;
      case 'Pipeline': {
        let fed = input;
        for (const command of node.commands) {
          const own = node.commands.length === 1 ? scope : { ...scope };
          visit(command, own, fed);
          fed = command.type === 'Command' ? outputOf(command, variables) : 'unknown';
        }
        return;
      }
      case 'Redirected': {
        visitParts(node, scope, input);
        const redirects = node.redirects.flatMap((each) => readRedirect(each, variables));
        commands.push({ words: [], assignments: [], redirects, input: null, folder: scope.folder });
        return;
      }
      case 'Function':
        functions.add(node.name.value);
        visitParts(node, { ...scope });
        return;
      case 'Subshell':
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion':
        visitParts(node, { ...scope }, node.type === 'Subshell' ? input : null);
        return;
      default:
        visitParts(node, scope, input);
    }
  };
  const visitParts = (node: SyntaxNode, scope: Scope, input: Input = null): void =>
    forEachChild(node, (child) => visit(child, scope, input));
  const add = (command: SimpleCommand, scope: Scope): void => {
    commands.push(command);
    scope.folder = folderAfter(command, scope.folder);
  };
  visit(script, { folder }, null);
  return { commands, functions, error };
}

/** Every value that some assignment of the line may give to a variable. */
function collectVariables(script: SyntaxNode): Variables {
  const variables = new Map<string, (string | Pattern | null)[]>();
  const add = (name: string, values: readonly (string | Pattern | null)[]) =>
    variables.set(name, [...(variables.get(name) ?? []), ...values]);
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Assignment') {
      const value = node.value.type === 'Word' && !node.append && !node.index ? node.value : null;
      add(node.name, (value && toArgument(value, new Map()).values) ?? [null]);
    }
    if (node.type === 'For' || node.type === 'Select') {
      const lists = (node.wordlist ?? []).map((word) => toArgument(word, new Map()));
      add(
        node.name.value,
        lists.length > 0
          ? lists.flatMap(({ values, glob }): readonly (string | Pattern | null)[] =>
              glob ? (values ?? ['*']).map((pattern) => ({ pattern })) : (values ?? [null]),
            )
          : [null],
      );
    }
    if (node.type === 'Command') for (const name of namesRead(node)) add(name, [null]);
    forEachChild(node, visit);
  };
  visit(script);
  return variables;
}

/** Variables that a builtin fills with what cannot be told. */
function namesRead({ name, args }: Command): readonly string[] {
  const words = args.flatMap((word) => (word.type === 'Word' ? [word.value] : []));
  const command = name?.value ?? '';
  if (command === 'printf') return words[0] === '-v' ? words.slice(1, 2) : [];
  return ['read', 'getopts', 'mapfile', 'readarray', 'unset', 'let', 'declare', 'typeset', 'local'].includes(command)
    ? words.filter((word) => !word.startsWith('-')).map((word) => word.replace(/[=+[].*$/s, ''))
    : [];
}

function readCommand(
  { name, args, prefix, redirects }: Command,
  { variables, input, folder }: { variables: Variables; input: Input; folder: string | null },
): SimpleCommand {
  const words = [...(name ? [name] : []), ...args].map(
    (word): Argument =>
      word.type === 'Word'
        ? toArgument(word, variables)
        : withValues(unknownWord(word.text), assignedText(word, variables)),
  );
  const assignments = prefix.flatMap((each) =>
    each.type === 'Assignment'
      ? [
          {
            name: each.name,
            value: each.value.type === 'Word' ? toArgument(each.value, variables) : unknownWord(each.text),
          },
        ]
      : [],
  );
  const given = redirects.flatMap((each): Input[] => {
    if (each.type === 'HereDoc')
      return [hereDocument(each.body.text, each.body.parts?.some((part) => part.type !== 'Literal') ?? false)];
    if (each.type === 'HereString') {
      const value = each.target && toArgument(each.target, variables).values;
      return [value?.length === 1 ? { text: `${value[0]}\n` } : 'unknown'];
    }
    return each.operator === '<' ? ['unknown'] : [];
  });
  return {
    words,
    assignments,
    redirects: redirects.flatMap((each) => readRedirect(each, variables)),
    input: given.at(-1) ?? input,
    folder,
  };
}

const withValues = (word: Argument, values: readonly string[] | null): Argument => ({
  ...word,
  text: values?.length === 1 ? (values[0] ?? word.text) : word.text,
  values,
});

function assignedText(
  word: Extract<Command['args'][number], { type: 'Assignment' }>,
  variables: Variables,
): readonly string[] | null {
  if (word.value.type !== 'Word') return null;
  return toArgument(word.value, variables).values?.map((value) => `${word.name}=${value}`) ?? null;
}

const hereDocument = (text: string, expands: boolean): Input => (expands ? 'unknown' : { text });

function readRedirect(redirect: Redirection, variables: Variables): Redirected[] {
  if (redirect.type !== 'Redirect' || !redirect.target) return [];
  const target = toArgument(redirect.target, variables);
  // "2>&1" duplicates a descriptor; ">&file" does not.
  if (/&$/.test(redirect.operator) && /^(\d+-?|-)$/.test(redirect.target.value)) return [];
  return [{ operator: redirect.operator, target }];
}

/** What `echo` and `printf` write is known where their words are. */
function outputOf(command: Command, variables: Variables): Input {
  const name = command.name?.value;
  if (name !== 'echo' && name !== 'printf') return 'unknown';
  const words = command.args.map((word) => (word.type === 'Word' ? toArgument(word, variables) : literal(word.text)));
  const values = words.map(({ values: all }) => (all?.length === 1 ? all[0] : undefined));
  if (values.some((value) => value === undefined || value.includes('\\') || /%[^s\n]/.test(value))) return 'unknown';
  const text =
    name === 'echo' ? values.filter((value) => !/^-[neE]+$/.test(value ?? '')).join(' ') : printed(values.map(String));
  return { text: `${text}\n` };
}

/** `printf '%s\n' a b` writes each of its arguments. */
function printed([format = '', ...args]: readonly string[]): string {
  return format.includes('%s') ? args.map((each) => format.replace('%s', () => each)).join('') : format;
}

function folderAfter({ words }: SimpleCommand, folder: string | null): string | null {
  const name = words[0]?.values?.[0];
  if (name === 'popd') return null;
  if (name !== 'cd' && name !== 'pushd' && name !== 'chdir') return folder;
  const targets = words.slice(1).filter(({ text }) => !/^-[LPe@]+$/.test(text) && text !== '--');
  const [target] = targets;
  if (!target) return name === 'pushd' ? null : '~';
  if (folder === null || target.glob || target.values?.length !== 1 || target.values[0] === '-') return null;
  return posixResolve(folder, target.values[0] ?? '');
}

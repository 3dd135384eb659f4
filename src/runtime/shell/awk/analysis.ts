/** What the compiler must know of a program beforehand: which names are arrays, which functions wait for input or output. */
import type { Expression, FunctionDefinition, Program, Statement } from './syntax.ts';

export interface Analysis {
  /** Global names that are arrays. */
  arrays: ReadonlySet<string>;
  /** All global names. */
  globals: ReadonlySet<string>;
  /** For each function the parameters that are arrays. */
  arrayParameters: ReadonlyMap<string, ReadonlySet<string>>;
  /** Functions whose call must be awaited. */
  waiting: ReadonlySet<string>;
}

type Node = Expression | Statement;

/** Every node of a tree. */
function* nodesOf(tree: unknown): Generator<Node> {
  if (Array.isArray(tree)) for (const item of tree) yield* nodesOf(item);
  else if (typeof tree === 'object' && tree !== null) {
    if ('type' in tree) yield tree as Node;
    for (const value of Object.values(tree)) if (typeof value === 'object') yield* nodesOf(value);
  }
}

const WAITING_BUILTINS = new Set(['close', 'fflush', 'system']);

function waits(tree: unknown, waiting: ReadonlySet<string>): boolean {
  for (const node of nodesOf(tree)) {
    if (node.type === 'print' || node.type === 'printf' || node.type === 'getline') return true;
    if (node.type === 'call' && (node.builtin ? WAITING_BUILTINS : waiting).has(node.name)) return true;
  }
  return false;
}

const ARRAY_ARGUMENTS: Readonly<Record<string, number>> = { split: 1, asort: 0, asorti: 0 };

/** Names that are used as arrays in a tree, given what is known of the functions it calls. */
function arrayNames(tree: unknown, known: ReadonlyMap<string, ReadonlySet<string>>, program: Program): Set<string> {
  const names = new Set<string>();
  for (const node of nodesOf(tree)) {
    if ('array' in node && typeof node.array === 'string') names.add(node.array);
    if (node.type !== 'call') continue;
    const parameters = program.functions.get(node.name)?.parameters ?? [];
    node.args.forEach((argument, index) => {
      if (argument.type !== 'name') return;
      const byFunction = known.get(node.name)?.has(parameters[index] ?? '');
      if (byFunction || (node.builtin && ARRAY_ARGUMENTS[node.name] === index)) names.add(argument.name);
    });
  }
  return names;
}

function parametersThatAreArrays(
  definition: FunctionDefinition,
  known: ReadonlyMap<string, ReadonlySet<string>>,
  program: Program,
): Set<string> {
  const names = arrayNames(definition.body, known, program);
  return new Set(definition.parameters.filter((parameter) => names.has(parameter)));
}

export function analyse(program: Program): Analysis {
  const arrayParameters = new Map<string, ReadonlySet<string>>();
  const waiting = new Set<string>();
  const definitions = [...program.functions.values()];
  // Functions call each other: repeat until nothing new comes out.
  for (let changed = true; changed; ) {
    changed = false;
    for (const definition of definitions) {
      const found = parametersThatAreArrays(definition, arrayParameters, program);
      if (found.size !== (arrayParameters.get(definition.name)?.size ?? 0)) {
        arrayParameters.set(definition.name, found);
        changed = true;
      }
      if (!waiting.has(definition.name) && waits(definition.body, waiting)) {
        waiting.add(definition.name);
        changed = true;
      }
    }
  }
  const arrays = arrayNames(program.rules, arrayParameters, program);
  const globals = new Set<string>();
  const collect = (tree: unknown, locals: readonly string[]) => {
    for (const node of nodesOf(tree)) {
      const name = node.type === 'name' || node.type === 'each' ? node.name : undefined;
      if (name !== undefined && !locals.includes(name)) globals.add(name);
      if ('array' in node && typeof node.array === 'string' && !locals.includes(node.array)) globals.add(node.array);
    }
  };
  collect(program.rules, []);
  for (const definition of definitions) {
    collect(definition.body, definition.parameters);
    for (const name of arrayNames(definition.body, arrayParameters, program)) {
      if (!definition.parameters.includes(name)) arrays.add(name);
    }
  }
  return { arrays, globals, arrayParameters, waiting };
}

/**
 * `vm` contexts. A browser has no second global object to give, so a script of a context runs inside `with` over a Proxy
 * of the context object: free names are its properties, then the language's own globals. The built-in objects are those of
 * the process itself, and a global of the process that the context has not reads as undefined instead of failing: there
 * it differs from Node.
 */
import type { ProcessContext } from '../context.ts';
import { applyEdits, type Edit } from './edits.ts';
import { parserOf } from './parser.ts';
import { type AnyNode, declaredNames, forEachChild, patternNames } from './syntax-tree.ts';

export type ContextObject = Record<PropertyKey, unknown>;

const LANGUAGE_GLOBALS = new Set(
  (
    'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error ' +
    'AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math Intl ArrayBuffer Atomics ' +
    'Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array Uint8ClampedArray ' +
    'BigUint64Array BigInt64Array DataView Map BigInt Set Iterator WeakMap WeakSet WeakRef Proxy Reflect ' +
    'FinalizationRegistry decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN ' +
    'SharedArrayBuffer WebAssembly'
  ).split(' '),
);

interface ContextState {
  scope: object;
  /** Top-level let, const and class of its scripts. */
  lexicals: Map<PropertyKey, unknown>;
  /** Names that its scripts assign to: without a declaration, they become properties of the object. */
  assigned: Set<PropertyKey>;
  /** Names that the scope hides while function declarations are taken out of a script. */
  hidden: Set<PropertyKey>;
}

const states = new WeakMap<object, ContextState>();

/** Makes an object a context; a value that is no object (`vm.constants.DONT_CONTEXTIFY`) gives a new one. */
export function createContextObject(context: ProcessContext, value: unknown): ContextObject {
  const object = typeof value === 'object' && value !== null ? (value as ContextObject) : {};
  const symbol = context.privateSymbols['contextify_context_private_symbol'] as symbol;
  object[symbol] = object;
  states.set(object, createState(context, object));
  return object;
}

function createState(context: ProcessContext, object: ContextObject): ContextState {
  const lexicals = new Map<PropertyKey, unknown>();
  const hidden = new Set<PropertyKey>();
  const assigned = new Set<PropertyKey>();
  const isKnown = (key: string): boolean =>
    key === 'globalThis' || lexicals.has(key) || key in object || LANGUAGE_GLOBALS.has(key);
  const scope = new context.host.Proxy(object, {
    // What the process has and the context has not is hidden too; any other name is the engine's to refuse.
    has(_, key) {
      if (typeof key !== 'string' || hidden.has(key) || key.startsWith('__fixpoint')) return false;
      return isKnown(key) || assigned.has(key) || key in context.global;
    },
    get(_, key) {
      if (key === Symbol.unscopables) return undefined;
      if (lexicals.has(key)) return lexicals.get(key);
      if (key in object) return object[key];
      if (key === 'globalThis') return object;
      if (LANGUAGE_GLOBALS.has(String(key))) return context.global[key];
      if (assigned.has(key)) throw new ReferenceError(`${String(key)} is not defined`);
      return undefined;
    },
    set(_, key, value) {
      if (lexicals.has(key)) lexicals.set(key, value);
      else object[key] = value;
      return true;
    },
    deleteProperty: (_, key) => Reflect.deleteProperty(object, key),
  });
  return { scope, lexicals, assigned, hidden };
}

/** Runs a script's text in the context; the result is its completion value. */
export function runInContextObject(context: ProcessContext, object: ContextObject, text: string): unknown {
  const state = states.get(object);
  if (!state) throw new TypeError('The object is not a vm context');
  const { code, functions } = prepareScript(context, { object, state, text });
  const run = context.host.evaluate(
    '(function(__fixpointScope,__fixpointHoist,__fixpointCode){with(__fixpointScope){return eval(__fixpointCode)}})',
  ) as (scope: object, hoist: (take: () => unknown[]) => void, code: string) => unknown;
  const hoist = (take: () => unknown[]): void => {
    for (const name of functions) state.hidden.add(name);
    const values = take();
    state.hidden.clear();
    functions.forEach((name, index) => {
      object[name] = values[index];
    });
  };
  const prefix = functions.length > 0 ? `__fixpointHoist(()=>[${functions.join(',')}]);` : '';
  return run.call(object, state.scope, hoist, prefix + code);
}

interface Preparation {
  object: ContextObject;
  state: ContextState;
  text: string;
}

/** Declares the script's names in the context; let, const and class become assignments to what is declared. */
function prepareScript(context: ProcessContext, { object, state, text }: Preparation) {
  const program = parserOf(context)(text, { ecmaVersion: 'latest', allowHashBang: true });
  const edits: Edit[] = [];
  const functions: string[] = [];
  collectAssigned(program, state.assigned);
  for (const statement of program.body) {
    if (statement.type === 'FunctionDeclaration') functions.push(statement.id.name);
    else if (statement.type === 'ClassDeclaration') {
      state.lexicals.set(statement.id.name, undefined);
      edits.push({ start: statement.start, end: statement.start, text: `var ${statement.id.name}=` });
      edits.push({ start: statement.end, end: statement.end, text: ';' });
    } else if (statement.type === 'VariableDeclaration') {
      for (const name of declaredNames(statement)) {
        if (statement.kind !== 'var') state.lexicals.set(name, undefined);
        else if (!(name in object)) object[name] = undefined;
      }
      if (statement.kind === 'let' || statement.kind === 'const') {
        edits.push({ start: statement.start, end: statement.start + statement.kind.length, text: 'var' });
      }
    }
  }
  return { code: applyEdits(text, edits).code, functions };
}

function collectAssigned(node: AnyNode, assigned: Set<PropertyKey>): void {
  const target =
    node.type === 'AssignmentExpression' || node.type === 'ForInStatement' || node.type === 'ForOfStatement'
      ? node.left
      : null;
  for (const name of patternNames(target)) assigned.add(name);
  forEachChild(node, (child) => collectAssigned(child, assigned));
}

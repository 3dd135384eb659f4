/**
 * Keeps the async context across `await`: a browser has no promise hooks, so `await x` becomes
 * `__restoreContext(__captureContext(), await x)`; `catch`, `finally` and `for await` bodies, which are entered without
 * passing such an expression, restore what the function started with.
 */
import type * as acorn from 'acorn';

/** Names of the two functions that boot puts on the global object (see `async-context.ts`). */
export const CAPTURE_CONTEXT = '__captureContext';
export const RESTORE_CONTEXT = '__restoreContext';
const ENTRY_CONTEXT = '__entryContext';

export interface AwaitTransform {
  /** The function's body, to be compiled in place of the source. */
  code: string;
  /** Flat pairs: offset in `code`, offset in the source; ascending. */
  segments: number[];
}

type Parse = (source: string, options: acorn.Options) => acorn.Program;
type Insertion = [offset: number, text: string];
type AnyNode = acorn.AnyNode;
type FunctionNode = acorn.FunctionDeclaration | acorn.FunctionExpression | acorn.ArrowFunctionExpression;

/**
 * Transforms the body of a function with these parameters; null when there is nothing to do, or when the text does not
 * parse (compiling it will report why).
 */
export function transformAwait(source: string, parameters: readonly string[], parse: Parse): AwaitTransform | null {
  if (!/\bawait\b/.test(source)) return null;
  const prefix = `(function (${parameters.join(', ')}) {`;
  let program: acorn.Program;
  try {
    program = parse(`${prefix}${source}\n})`, { ecmaVersion: 'latest' });
  } catch {
    return null;
  }
  const insertions = collectInsertions(program);
  if (insertions.length === 0) return null;
  return applyInsertions(source, insertions, prefix.length);
}

/** Where to insert what, to keep the context over the awaits of a parsed program; offsets are the program's. */
export function collectInsertions(program: acorn.Program): Insertion[] {
  const insertions: Insertion[] = [];
  visit(program, false, insertions);
  return insertions.sort((a, b) => a[0] - b[0]);
}

function visit(node: AnyNode, hasEntry: boolean, insertions: Insertion[]): void {
  let inner = hasEntry;
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      inner = enterFunction(node, insertions);
      break;
    case 'AwaitExpression':
      insertions.push([node.start, `${RESTORE_CONTEXT}(${CAPTURE_CONTEXT}(), `], [node.end, ')']);
      break;
    case 'TryStatement':
      if (hasEntry && node.handler) insertions.push([node.handler.body.start + 1, restoreEntry]);
      if (hasEntry && node.finalizer) insertions.push([node.finalizer.start + 1, restoreEntry]);
      break;
    case 'ForOfStatement':
      if (hasEntry && node.await && node.body.type === 'BlockStatement') {
        insertions.push([node.body.start + 1, restoreEntry]);
      }
      break;
  }
  forEachChild(node, (child) => visit(child, inner, insertions));
}

const restoreEntry = `${RESTORE_CONTEXT}(${ENTRY_CONTEXT});`;

/** Remembers the context at the function's start, if a `try` or a `for await` inside will need it. */
function enterFunction(node: FunctionNode, insertions: Insertion[]): boolean {
  if (!node.async || node.body.type !== 'BlockStatement' || !needsEntry(node.body)) return false;
  let at = node.body.start + 1;
  for (const statement of node.body.body) {
    if (!('directive' in statement) || statement.directive === undefined) break;
    at = statement.end;
  }
  insertions.push([at, `;const ${ENTRY_CONTEXT}=${CAPTURE_CONTEXT}();`]);
  return true;
}

function needsEntry(node: AnyNode): boolean {
  if (node.type === 'TryStatement' || (node.type === 'ForOfStatement' && node.await)) return true;
  let found = false;
  forEachChild(node, (child) => {
    if (!found && !isFunction(child)) found = needsEntry(child);
  });
  return found;
}

const isFunction = (node: AnyNode): boolean =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

function forEachChild(node: AnyNode, callback: (child: AnyNode) => void): void {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) callback(item);
    } else if (isNode(value)) {
      callback(value);
    }
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** Applies sorted insertions; `shift` is subtracted from their offsets. */
export function applyInsertions(source: string, insertions: readonly Insertion[], shift: number): AwaitTransform {
  const segments = [0, 0];
  const parts: string[] = [];
  let position = 0;
  let length = 0;
  for (const [offset, text] of insertions) {
    const at = offset - shift;
    parts.push(source.slice(position, at), text);
    length += at - position + text.length;
    // What is inserted stands at `at`; the source goes on behind it.
    segments.push(length - text.length, at, length, at);
    position = at;
  }
  parts.push(source.slice(position));
  return { code: parts.join(''), segments };
}

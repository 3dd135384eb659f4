/**
 * Keeps the async context across `await`: a browser has no promise hooks, so `await x` becomes
 * `__restoreContext(__captureContext(), await x)`. What is entered without passing such an expression (`catch`, `finally`,
 * the body and the end of `for await`, the end of a block with `await using`) restores what the last await captured.
 */
import type * as acorn from 'acorn';
import { applyEdits, type Edit, type Edited, insertion } from './edits.ts';
import { CAPTURE_CONTEXT, LAST_CONTEXT, RESTORE_CONTEXT } from './injected-names.ts';
import { type AnyNode, type FunctionNode, forEachChild, isFunction, type Parse } from './syntax-tree.ts';

export { CAPTURE_CONTEXT, RESTORE_CONTEXT } from './injected-names.ts';

/**
 * Transforms the body of a function with these parameters; null when there is nothing to do, or when the text does not
 * parse (compiling it will report why). `code` is to be compiled in place of the source; `segments` are flat pairs,
 * offset in `code` and offset in the source.
 */
export function transformAwait(source: string, parameters: readonly string[], parse: Parse): Edited | null {
  const edits = findAwaitEdits(source, parameters, parse);
  return edits.length === 0 ? null : applyEdits(source, edits);
}

/** The edits of {@link transformAwait}; none when the text does not parse. */
export function findAwaitEdits(source: string, parameters: readonly string[], parse: Parse): Edit[] {
  if (!mayAwait(source)) return [];
  const prefix = `(function (${parameters.join(', ')}) {`;
  let program: acorn.Program;
  try {
    program = parse(`${prefix}${source}\n})`, { ecmaVersion: 'latest' });
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  return collectAwaitEdits(program).map((edit) => ({
    ...edit,
    start: edit.start - prefix.length,
    end: edit.end - prefix.length,
  }));
}

/** False only when the source certainly awaits nothing. */
export const mayAwait = (source: string): boolean => /\bawait\b/.test(source);

/** The edits that keep the context over the awaits of a parsed program. */
export function collectAwaitEdits(program: acorn.Program): Edit[] {
  const edits: Edit[] = [];
  const topLevel = program.body.some(needsLastContext);
  if (topLevel) edits.push(insertion(endOfDirectives(program.body, 0), declareLastContext));
  visit(program, topLevel, edits);
  return edits;
}

const declareLastContext = `;let ${LAST_CONTEXT}=${CAPTURE_CONTEXT}();`;
const restoreLast = `${RESTORE_CONTEXT}(${LAST_CONTEXT});`;

function visit(node: AnyNode, remembers: boolean, edits: Edit[]): void {
  let inner = remembers;
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      inner = enterFunction(node, edits);
      break;
    case 'AwaitExpression': {
      const capture = remembers ? `${LAST_CONTEXT}=${CAPTURE_CONTEXT}()` : `${CAPTURE_CONTEXT}()`;
      edits.push(insertion(node.start, `${RESTORE_CONTEXT}(${capture}, `));
      forEachChild(node, (child) => visit(child, inner, edits));
      edits.push(insertion(node.end, ')'));
      return;
    }
    case 'TryStatement':
      if (remembers && node.handler) edits.push(insertion(node.handler.body.start + 1, restoreLast));
      if (remembers && node.finalizer) edits.push(insertion(node.finalizer.start + 1, restoreLast));
      break;
    case 'ForOfStatement':
      if (remembers && node.await) {
        visitForAwait(node, edits);
        return;
      }
      break;
  }
  forEachChild(node, (child, key) => {
    visit(child, inner, edits);
    const isListed = key === 'consequent' ? node.type === 'SwitchCase' : key === 'body' && isStatementList(node);
    if (inner && isListed && awaitsAtEnd(child)) edits.push(insertion(child.end, restoreLast));
  });
}

const isStatementList = (node: AnyNode): boolean => node.type === 'BlockStatement' || node.type === 'Program';

/** Statements whose last await is not an expression of the source. */
const awaitsAtEnd = (node: AnyNode): boolean =>
  (node.type === 'ForOfStatement' && node.await) || (node.type === 'BlockStatement' && node.body.some(isAwaitUsing));

function visitForAwait(node: acorn.ForOfStatement, edits: Edit[]): void {
  const { body } = node;
  const isBlock = body.type === 'BlockStatement';
  visit(node.left, true, edits);
  visit(node.right, true, edits);
  edits.push(insertion(isBlock ? body.start + 1 : body.start, isBlock ? restoreLast : `{${restoreLast}`));
  visit(body, true, edits);
  if (!isBlock) edits.push(insertion(node.end, '}'));
}

/** Declares the variable of the last context, if something inside the function will need it. */
function enterFunction(node: FunctionNode, edits: Edit[]): boolean {
  if (!node.async || node.body.type !== 'BlockStatement' || !node.body.body.some(needsLastContext)) return false;
  edits.push(insertion(endOfDirectives(node.body.body, node.body.start + 1), declareLastContext));
  return true;
}

export function endOfDirectives(body: readonly AnyNode[], start: number): number {
  let at = start;
  for (const statement of body) {
    if (!('directive' in statement) || statement.directive === undefined) break;
    at = statement.end;
  }
  return at;
}

const isAwaitUsing = (node: AnyNode): boolean =>
  node.type === 'VariableDeclaration' && (node.kind as string) === 'await using';

function needsLastContext(node: AnyNode): boolean {
  if (isFunction(node)) return false;
  if (node.type === 'TryStatement' || isAwaitUsing(node) || (node.type === 'ForOfStatement' && node.await)) return true;
  let found = false;
  forEachChild(node, (child) => {
    if (!found) found = needsLastContext(child);
  });
  return found;
}

/**
 * Keeps the async context across `await`: a browser has no promise hooks, so `await x` becomes
 * `__restoreContext(await __awaitedValue(__lastContext=__captureContext(x)), __lastContext, __lastContext=0)`: what counts is
 * the context that x leaves, and its `then`, if x is no promise, is called in it. `await` stays where it is, for the lines of stacks.
 * What may be entered straight from a wait, without passing such an expression (`catch`, `finally`, the body and the end of
 * `for await`, the end of a block with `await using`), restores what was captured, unless nothing has waited since (0): then the
 * context is as the code before has left it.
 */
import type * as acorn from 'acorn';
import { applyEdits, type Edit, type Edited, insertion } from './edits.ts';
import { AWAITED_VALUE, CAPTURE_CONTEXT, LAST_CONTEXT, MODULE_WAITING, RESTORE_CONTEXT } from './injected-names.ts';
import { type AnyNode, type FunctionNode, forEachChild, isFunction, type Parse } from './syntax-tree.ts';

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
  const text = `${prefix}${source}\n})`;
  let program: acorn.Program;
  try {
    program = parse(text, { ecmaVersion: 'latest' });
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  return collectAwaitEdits(program, text).map((edit) => ({
    ...edit,
    start: edit.start - prefix.length,
    end: edit.end - prefix.length,
  }));
}

/** False only when the source certainly awaits nothing. */
export const mayAwait = (source: string): boolean => AWAIT.test(source);
/** Not a property's name (`x.await`, `await: 1`), nor what else has no operand behind it. */
export const AWAIT = /(?<![\w$]|(?:^|[^.])\.)await\b(?!\s*(?:[:,;)\]}=?&|*%^>]|\.[A-Za-z_$]))/;

/**
 * The edits that keep the context over the awaits of a parsed program. `noted` are the places of those at which a module notes
 * that it waits.
 */
export function collectAwaitEdits(program: acorn.Program, source: string, noted?: ReadonlySet<number>): Edit[] {
  const collector = new AwaitEdits(source, noted);
  collector.visitProgram(program);
  return collector.edits;
}

const CAPTURE_LAST = `${LAST_CONTEXT}=${CAPTURE_CONTEXT}();`;
const RESTORE_LAST = `${LAST_CONTEXT}===0||${RESTORE_CONTEXT}(0,${LAST_CONTEXT});`;

class AwaitEdits {
  readonly edits: Edit[] = [];
  readonly #source: string;
  readonly #noted: ReadonlySet<number> | undefined;
  /** The function around has the variable of its last context. */
  #remembers = false;
  /** What follows a wait may wait again with no expression of its own: the context of the last one stays. */
  #keepsLast = false;

  constructor(source: string, noted: ReadonlySet<number> | undefined) {
    this.#source = source;
    this.#noted = noted;
  }

  visitProgram(program: acorn.Program): void {
    const declaration = declarationFor(program.body);
    if (declaration !== '') this.#insert(endOfDirectives(program.body, 0), declaration);
    this.#remembers = declaration !== '';
    this.#keepsLast = program.body.some((node) => containsOwn(node, isAwaitUsing));
    this.#visitChildren(program);
  }

  #insert(at: number, text: string): void {
    this.edits.push(insertion(at, text));
  }

  #visit(node: AnyNode): void {
    if (isFunction(node)) this.#visitFunction(node);
    else if (node.type === 'AwaitExpression') this.#visitAwait(node);
    else if (isForAwait(unlabelled(node))) this.#visitForAwait(node);
    else {
      if (node.type === 'TryStatement' && this.#remembers) this.#restoreInHandlers(node);
      this.#visitChildren(node);
      if (awaitsAtEnd(node)) this.#insert(node.end - 1, `;${CAPTURE_LAST}`);
    }
  }

  #visitChildren(node: AnyNode): void {
    forEachChild(node, (child, key) => {
      this.#visit(child);
      const isListed = key === 'consequent' ? node.type === 'SwitchCase' : key === 'body' && isStatementList(node);
      if (isListed && awaitsAtEnd(child)) this.#insert(child.end, RESTORE_LAST);
    });
  }

  #visitFunction(node: FunctionNode): void {
    const outer = { remembers: this.#remembers, keepsLast: this.#keepsLast };
    const { body } = node;
    const isBlock = body.type === 'BlockStatement';
    const declaration = node.async ? declarationFor(isBlock ? body.body : [body]) : '';
    this.#remembers = declaration !== '';
    this.#keepsLast = declaration !== '' && isBlock && body.body.some((child) => containsOwn(child, isAwaitUsing));
    if (declaration !== '' && isBlock) this.#insert(endOfDirectives(body.body, body.start + 1), declaration);
    if (declaration !== '' && !isBlock) this.#insert(this.#endOfArrow(node), `{${declaration}return(`);
    this.#visitChildren(node);
    if (declaration !== '' && !isBlock) this.#insert(node.end, ')}');
    this.#remembers = outer.remembers;
    this.#keepsLast = outer.keepsLast;
  }

  /** Where the text behind `=>` starts: there may be parentheses before the body. */
  #endOfArrow({ params, start, body }: FunctionNode): number {
    const from = params.at(-1)?.end ?? start;
    const between = this.#source
      .slice(from, body.start)
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => ' '.repeat(comment.length));
    return from + between.indexOf('=>') + '=>'.length;
  }

  #visitAwait(node: acorn.AwaitExpression): void {
    const [note, end] = this.#noted?.has(node.start) ? [`${MODULE_WAITING}(${node.start},`, ')'] : ['', ''];
    this.#insert(node.start, `${RESTORE_CONTEXT}(`);
    this.#insert(node.start + 'await'.length, ` ${note}${AWAITED_VALUE}(${LAST_CONTEXT}=${CAPTURE_CONTEXT}(`);
    this.#visitChildren(node);
    this.#insert(node.end, `))${end},${LAST_CONTEXT}${this.#keepsLast ? '' : `,${LAST_CONTEXT}=0`})`);
  }

  /** It waits before each round, and at its end, whatever ends it or leaves it: each time in the context that it has then. */
  #visitForAwait(statement: AnyNode): void {
    const { left, right, body } = unlabelled(statement) as acorn.ForOfStatement;
    this.#insert(statement.start, `{${CAPTURE_LAST}try{`);
    this.#visit(left);
    const outer = this.#keepsLast;
    this.#keepsLast = true;
    this.#visit(right);
    this.#keepsLast = outer;
    const reset = outer ? '' : `${LAST_CONTEXT}=0;`;
    this.#insert(body.start, `{${RESTORE_LAST}${reset}try{`);
    this.#visit(body);
    this.#insert(body.end, `}finally{${RESTORE_LAST}${CAPTURE_LAST}}}}finally{${RESTORE_LAST}${reset}}}`);
  }

  #restoreInHandlers({ handler, finalizer }: acorn.TryStatement): void {
    if (handler) this.#insert(handler.body.start + 1, RESTORE_LAST);
    if (finalizer) this.#insert(finalizer.start + 1, RESTORE_LAST);
  }
}

const isStatementList = (node: AnyNode): boolean => node.type === 'BlockStatement' || node.type === 'Program';

/** Statements of which the last wait is no expression of the source, and that do not restore themselves. */
const awaitsAtEnd = (node: AnyNode): boolean => node.type === 'BlockStatement' && node.body.some(isAwaitUsing);

const isForAwait = (node: AnyNode): boolean => node.type === 'ForOfStatement' && node.await;

const unlabelled = (node: AnyNode): AnyNode => (node.type === 'LabeledStatement' ? unlabelled(node.body) : node);

/** The variable of the last context, of a function with this body; empty when nothing in it waits. */
function declarationFor(body: readonly AnyNode[]): string {
  const inside = (test: (node: AnyNode) => boolean) => body.some((node) => containsOwn(node, test));
  if (!inside(waits)) return '';
  return inside(isAwaitUsing) ? `;let ${CAPTURE_LAST}` : `;let ${LAST_CONTEXT}=0;`;
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

const waits = (node: AnyNode): boolean => node.type === 'AwaitExpression' || isAwaitUsing(node) || isForAwait(node);

/** Whether the node, or one in it that is in no inner function, passes. */
function containsOwn(node: AnyNode, test: (node: AnyNode) => boolean): boolean {
  if (isFunction(node)) return false;
  if (test(node)) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= containsOwn(child, test);
  });
  return found;
}

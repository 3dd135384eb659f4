/** The statements of a function as V8 counts them: branches, bodies of loops, clauses, and where control goes on behind each. */
import type * as acorn from 'acorn';
import { type AnyNode, declaredNames, forEachChild, isFunction } from '../modules/transform/syntax-tree.ts';
import type { CountedSource, Frame, JumpTarget } from './counted-source.ts';
import { constantTruth } from './function-facts.ts';
import { findToken } from './source-tokens.ts';

/** Reads what is in a statement and is none. */
export type Visit = (node: AnyNode | null | undefined, frame: Frame) => void;

interface Position {
  /** Nothing follows in the list: control goes on behind what is around. */
  isLast: boolean;
  labels: readonly string[];
}

const ALONE: Position = { isLast: false, labels: [] };
type Loop =
  | acorn.ForStatement
  | acorn.ForInStatement
  | acorn.ForOfStatement
  | acorn.WhileStatement
  | acorn.DoWhileStatement;

export class StatementCounter {
  readonly #counted: CountedSource;
  readonly #visit: Visit;

  constructor(counted: CountedSource, visit: Visit) {
    this.#counted = counted;
    this.#visit = visit;
  }

  /** True when control gets behind the list. What it never gets to, V8 does not compile, but for declared functions. */
  list(statements: readonly AnyNode[], frame: Frame, dropsLast: boolean): boolean {
    let alive = true;
    const last = dropsLast
      ? statements.findLast((node) => !isDeclaredFunction(node) && node.type !== 'EmptyStatement')
      : null;
    for (const statement of statements) {
      if (isDeclaredFunction(statement)) this.#visit(statement, frame);
      else if (alive) alive = this.#statement(statement, frame, { isLast: statement === last, labels: [] });
    }
    return alive;
  }

  #statement(node: AnyNode, frame: Frame, position: Position): boolean {
    switch (node.type) {
      case 'BlockStatement':
        return this.#block(node, frame, position);
      case 'IfStatement':
        return this.#if(node, frame, position);
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        return this.#loop(node, frame, position);
      case 'SwitchStatement':
        return this.#switch(node, frame, position);
      case 'TryStatement':
        return this.#try(node, frame, position);
      case 'LabeledStatement':
        return this.#statement(node.body, frame, { ...position, labels: [...position.labels, node.label.name] });
      case 'WithStatement':
        this.#visit(node.object, frame);
        return this.#embedded(node.body, frame, '');
      case 'ReturnStatement':
      case 'ThrowStatement':
        this.#counted.unreached(frame, node.end, position.isLast);
        this.#visit(node.argument, frame);
        return false;
      case 'BreakStatement':
      case 'ContinueStatement':
        this.#counted.unreached(frame, node.end, position.isLast);
        this.#jump(node, frame);
        return false;
      default:
        this.#visit(node, frame);
        return true;
    }
  }

  #countedStatement(frame: Frame, counter: number | undefined): string {
    return counter === undefined ? '' : this.#counted.statement(frame, counter);
  }

  #block(node: acorn.BlockStatement, frame: Frame, { isLast, labels }: Position): boolean {
    const after = this.#counted.continuation(frame, node.end, isLast);
    if (labels.length === 0) return this.#braced(node, frame, this.#countedStatement(frame, after));
    const target = enter(frame, labels, 'block');
    const alive = this.#braced(node, frame, '');
    frame.targets.pop();
    this.#counted.insert(node.end, this.#countedStatement(frame, after));
    return alive || target.isBroken;
  }

  /** The statements of a block; `atEnd` runs when control gets to its end. */
  #braced(node: acorn.BlockStatement, frame: Frame, atEnd: string): boolean {
    const alive = this.list(node.body, frame, true);
    if (alive && atEnd !== '') this.#counted.insert(node.end - 1, atEnd);
    return alive;
  }

  /** A block, or one statement that becomes one; `atStart` runs first. */
  #embedded(node: AnyNode, frame: Frame, atStart: string): boolean {
    if (node.type === 'BlockStatement') {
      this.#counted.insert(node.start + 1, atStart);
      return this.#block(node, frame, ALONE);
    }
    this.#counted.insert(node.start, `{${atStart}`);
    const alive = isDeclaredFunction(node) ? this.list([node], frame, false) : this.#statement(node, frame, ALONE);
    this.#counted.insert(node.end, '}');
    return alive;
  }

  #branch(node: AnyNode, frame: Frame, start: number): boolean {
    return this.#embedded(node, frame, this.#countedStatement(frame, this.#counted.block(frame, start, node.end)));
  }

  #if(node: acorn.IfStatement, frame: Frame, { isLast }: Position): boolean {
    const { test, consequent, alternate } = node;
    const after = this.#counted.continuation(frame, node.end, isLast);
    const truth = constantTruth(test);
    this.#visit(test, frame);
    // What follows the first branch is the second, which counts itself.
    if (alternate) frame.continuations.add(consequent.end);
    let alive = false;
    if (truth !== false) alive = this.#branch(consequent, frame, consequent.start);
    else this.#never(frame, consequent.start, consequent.end);
    if (!alternate) alive ||= truth !== true;
    else if (truth !== true) alive = this.#branch(alternate, frame, consequent.end) || alive;
    else this.#never(frame, consequent.end, alternate.end);
    this.#after(node, frame, after);
    return alive;
  }

  #never(frame: Frame, start: number, end: number): void {
    this.#counted.block(frame, start, end);
  }

  #jump({ type, label, start }: acorn.BreakStatement | acorn.ContinueStatement, frame: Frame): void {
    const continues = type === 'ContinueStatement';
    const target = frame.targets.findLast(({ labels, kind }) =>
      label ? labels.includes(label.name) : continues ? kind === 'loop' : kind !== 'block',
    );
    if (!target) return;
    if (continues) target.isContinued = true;
    else {
      target.isBroken = true;
      if (target.counter !== undefined) this.#counted.insert(start, this.#countedStatement(frame, target.counter));
    }
  }

  #after(node: AnyNode, frame: Frame, counter: number | undefined): void {
    if (counter !== undefined) this.#counted.insert(node.end, this.#countedStatement(frame, counter));
  }

  #loop(node: Loop, frame: Frame, { isLast, labels }: Position): boolean {
    const { body } = node;
    const after = this.#counted.continuation(frame, body.end, isLast && !bindsNames(node));
    if (copiesBindings(node)) return this.#copyingLoop(node, frame, { labels, after });
    this.#head(node, frame);
    const truth = 'test' in node ? (node.test ? constantTruth(node.test) : true) : undefined;
    const isLate = node.type === 'DoWhileStatement';
    let ends = truth !== true;
    if (truth === false && !isLate) this.#never(frame, body.start, body.end);
    else {
      const target = enter(frame, labels, 'loop');
      const alive = this.#branch(body, frame, body.start);
      frame.targets.pop();
      if (isLate) {
        this.#visit(node.test, frame);
        ends &&= alive || target.isContinued;
      }
      ends ||= target.isBroken;
    }
    this.#after(node, frame, after);
    return ends;
  }

  /** Each turn is a loop of its own to V8, behind which control goes on. */
  #copyingLoop(
    node: acorn.ForStatement,
    frame: Frame,
    { labels, after }: { labels: readonly string[]; after: number | undefined },
  ): boolean {
    const { init, test, update, body } = node;
    for (const part of [init, test]) this.#visit(part, frame);
    if (after !== undefined) {
      const count = this.#counted.text.count(after);
      if (update) this.#counted.insert(update.start, `${count},`);
      else this.#counted.insert(endOfHead(this.#counted.source, node), count);
    }
    this.#visit(update, frame);
    const target = enter(frame, labels, 'loop');
    target.counter = after;
    this.#branch(body, frame, body.start);
    frame.targets.pop();
    return true;
  }

  #head(node: Loop, frame: Frame): void {
    switch (node.type) {
      case 'ForStatement':
        for (const part of [node.init, node.test, node.update]) this.#visit(part, frame);
        break;
      case 'WhileStatement':
        this.#visit(node.test, frame);
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#visit(node.left, frame);
        this.#visit(node.right, frame);
    }
  }

  #switch(node: acorn.SwitchStatement, frame: Frame, { isLast, labels }: Position): boolean {
    const declares = node.cases.some(({ consequent }) => consequent.some(isDeclaration));
    const after = this.#counted.continuation(frame, node.end, isLast && !declares);
    this.#visit(node.discriminant, frame);
    const target = enter(frame, labels, 'switch');
    let alive = true;
    for (const clause of node.cases) {
      this.#visit(clause.test, frame);
      const counter = this.#counted.block(frame, clause.start, clause.end);
      this.#counted.insert(clause.consequent[0]?.start ?? clause.end, this.#countedStatement(frame, counter));
      alive = this.list(clause.consequent, frame, true);
    }
    frame.targets.pop();
    this.#after(node, frame, after);
    return alive || target.isBroken || node.cases.every(({ test }) => test);
  }

  #try(node: acorn.TryStatement, frame: Frame, { isLast }: Position): boolean {
    const { block, handler, finalizer } = node;
    const after = this.#counted.continuation(frame, node.end, isLast);
    const behind = handler && finalizer ? this.#counted.continuation(frame, handler.end, false) : undefined;
    const atEnd = this.#countedStatement(frame, behind);
    let alive = this.#braced(block, frame, atEnd);
    if (handler) {
      const counter = this.#counted.block(frame, handler.start, handler.end);
      this.#counted.insert(handler.body.start + 1, this.#countedStatement(frame, counter));
      this.#visit(handler.param, frame);
      // Where control goes on behind it is told already.
      frame.continuations.add(handler.end);
      alive = this.#braced(handler.body, frame, atEnd) || alive;
    }
    if (finalizer) {
      const start = findToken(this.#counted.source, (handler ?? block).end, 'finally');
      const counter = this.#counted.block(frame, start, finalizer.end);
      this.#counted.insert(finalizer.start + 1, this.#countedStatement(frame, counter));
      // What was on its way out of the other blocks is decided behind it.
      alive = this.#braced(finalizer, frame, '');
    }
    this.#after(node, frame, after);
    return alive;
  }
}

/** It is in a block of its own, with its names: nothing is the last statement around. */
const bindsNames = (node: Loop): boolean => {
  const head = node.type === 'ForStatement' ? node.init : 'left' in node ? node.left : null;
  return head?.type === 'VariableDeclaration' && head.kind !== 'var';
};

/** What closes over the names of the loop sees those of its own turn. */
const copiesBindings = (node: Loop): node is acorn.ForStatement =>
  node.type === 'ForStatement' &&
  node.init?.type === 'VariableDeclaration' &&
  node.init.kind !== 'var' &&
  constantTruth(node.test) !== false &&
  declaredNames(node.init).length > 0 &&
  mayClose(node);

function mayClose(node: AnyNode): boolean {
  if (isFunction(node) || node.type === 'PropertyDefinition' || node.type === 'StaticBlock') return true;
  if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'eval') return true;
  let closes = false;
  forEachChild(node, (child) => {
    closes ||= mayClose(child);
  });
  return closes;
}

/** The parenthesis that closes the head of a loop without update. */
const endOfHead = (source: string, { init, test, body }: acorn.ForStatement): number => {
  const from = test
    ? findToken(source, test.end, ';')
    : findToken(source, findToken(source, init?.end ?? 0, ';') + 1, ';');
  return Math.min(findToken(source, from, ')'), body.start);
};

const isDeclaration = (node: AnyNode): boolean =>
  (node.type === 'VariableDeclaration' && node.kind !== 'var') ||
  node.type === 'ClassDeclaration' ||
  node.type === 'FunctionDeclaration';

const isDeclaredFunction = (node: AnyNode): boolean =>
  node.type === 'FunctionDeclaration' ||
  ((node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration') &&
    node.declaration?.type === 'FunctionDeclaration');

function enter(frame: Frame, labels: readonly string[], kind: JumpTarget['kind']): JumpTarget {
  const target: JumpTarget = { labels, kind, isBroken: false, isContinued: false };
  frame.targets.push(target);
  return target;
}

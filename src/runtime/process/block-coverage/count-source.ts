/** Reads a parsed source as V8 does when it counts blocks: functions, and the expressions that branch or wait. */
import type * as acorn from 'acorn';
import {
  type AnyNode,
  type FunctionNode,
  forEachChild,
  isFunction,
  patternNames,
} from '../modules/transform/syntax-tree.ts';
import { endOfDirectives } from '../modules/transform/transform-await.ts';
import { StatementCounter } from './count-statements.ts';
import { type CountedFunction, CountedSource, type CounterText, type Frame } from './counted-source.ts';
import { constantTruth, isAnonymous, isCalledAtOnce, keyName } from './function-facts.ts';
import { inferNames } from './inferred-names.ts';
import { endOfClosing, findToken, nextToken } from './source-tokens.ts';

/** `isScript`: the value of its last statement may be looked at. */
export function countSource(
  program: acorn.Program,
  source: string,
  text: CounterText,
  isScript: boolean,
): CountedSource {
  const reader = new SourceReader(new CountedSource(source, text));
  reader.readProgram(program, isScript);
  const inferred = inferNames(program, source, (node) => reader.read.get(node)?.name ?? '');
  for (const [node, counted] of reader.read) counted.name ||= inferred.get(node) ?? '';
  return reader.counted;
}

class SourceReader {
  readonly counted: CountedSource;
  readonly #source: string;
  readonly read = new Map<FunctionNode, CountedFunction>();
  readonly #statements: StatementCounter;

  constructor(counted: CountedSource) {
    this.counted = counted;
    this.#source = counted.source;
    this.#statements = new StatementCounter(counted, (node, frame) => {
      if (node) this.#visit(node, frame);
    });
  }

  /** The counter of the whole is 0; in a script, who runs it counts. */
  readProgram(program: acorn.Program, isScript: boolean): void {
    const end = this.#source.length;
    const frame = this.counted.enter({ name: '', start: 0, end, eager: true, hasValue: isScript });
    if (!isScript) {
      const [first] = program.body;
      const behind = endOfDirectives(program.body, first?.start ?? end);
      // The text may end in a comment.
      this.counted.insert(behind, `${first ? '' : '\n'}${this.counted.statement(frame, frame.counted.counter)}`);
    }
    this.#statements.list(program.body, frame, true);
    this.counted.functions.sort((a, b) => a.start - b.start || b.end - a.end);
  }

  #count(counter: number): string {
    return this.counted.text.count(counter);
  }

  /** `name` is what the value is called that has none of its own. */
  #visit(node: AnyNode, frame: Frame, name = '', callParenthesis = -1): void {
    if (isFunction(node)) {
      this.#visitFunction(node, { name, start: node.start, callParenthesis });
      return;
    }
    switch (node.type) {
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#visitClass(node, frame, name);
        break;
      case 'ConditionalExpression':
        this.#visitConditional(node, frame);
        break;
      case 'LogicalExpression':
        this.#visitLogical(node, frame);
        break;
      case 'AwaitExpression':
      case 'YieldExpression':
        this.#visitSuspending(node, frame);
        break;
      case 'ChainExpression':
        this.#visitLink(node.expression, frame, undefined);
        break;
      case 'CallExpression':
        this.#visit(node.callee, frame);
        this.#visitArguments(node, frame, undefined);
        break;
      case 'NewExpression':
        this.#visit(node.callee, frame);
        this.#visitArguments(node, frame, undefined);
        break;
      case 'Property':
        this.#visitProperty(node, frame);
        break;
      case 'VariableDeclarator':
        this.#visit(node.id, frame);
        if (node.init) this.#visit(node.init, frame, node.id.type === 'Identifier' ? node.id.name : '');
        break;
      case 'AssignmentPattern':
        this.#visit(node.left, frame);
        this.#visit(node.right, frame, node.left.type === 'Identifier' ? node.left.name : '');
        break;
      case 'AssignmentExpression':
        this.#visit(node.left, frame);
        this.#visit(node.right, frame, node.left.type === 'Identifier' ? node.left.name : '');
        break;
      case 'ExportDefaultDeclaration':
        this.#visit(node.declaration, frame, 'default');
        break;
      default:
        forEachChild(node, (child) => this.#visit(child, frame));
    }
  }

  #visitProperty(node: acorn.Property | acorn.AssignmentProperty, frame: Frame): void {
    if (node.computed) this.#visit(node.key, frame);
    const own = keyName(node);
    if (!isFunction(node.value) || (!node.method && node.kind === 'init')) this.#visit(node.value, frame, own);
    else {
      const prefix = node.kind === 'init' ? '' : `${node.kind} `;
      this.#visitFunction(node.value, { name: own === undefined ? '' : prefix + own, start: node.start });
    }
  }

  #visitConditional(node: acorn.ConditionalExpression, frame: Frame): void {
    const { test, consequent, alternate } = node;
    const source = this.#source;
    this.#visit(test, frame);
    const truth = constantTruth(test);
    const question = nextToken(source, endOfClosing(source, test.end));
    const thenEnd = endOfClosing(source, consequent.end);
    const colon = nextToken(source, thenEnd);
    const [first, second] = [this.counted.block(frame, question, thenEnd), this.counted.block(frame, colon, node.end)];
    if (truth !== false) this.#branch(consequent, frame, { counter: first, start: question + 1, end: thenEnd });
    if (truth !== true) this.#branch(alternate, frame, { counter: second, start: colon + 1, end: node.end });
  }

  #branch(node: AnyNode, frame: Frame, at: { counter: number; start: number; end: number }): void {
    this.counted.insert(at.start, `(${this.#count(at.counter)},`);
    this.#visit(node, frame);
    this.counted.insert(at.end, ')');
  }

  #visitLogical({ left, right, operator, end }: acorn.LogicalExpression, frame: Frame): void {
    this.#visit(left, frame);
    const start = nextToken(this.#source, endOfClosing(this.#source, left.end));
    const counter = this.counted.block(frame, start, end);
    const truth = constantTruth(left);
    if (truth !== undefined && operator !== '??' && truth === (operator === '||')) return;
    this.#branch(right, frame, { counter, start: start + operator.length, end });
  }

  #visitSuspending(node: acorn.AwaitExpression | acorn.YieldExpression, frame: Frame): void {
    const next = nextToken(this.#source, node.end);
    const after = this.counted.continuation(frame, this.#source[next] === ';' ? next + 1 : node.end, false);
    if (after !== undefined) this.counted.insert(node.start, this.counted.text.valueOpening);
    if (node.argument) this.#visit(node.argument, frame);
    if (after !== undefined) this.counted.insert(node.end, `,${this.#count(after)})`);
  }

  /** A part of an optional chain; `call` is the one that is made with it when it is no nullish value. */
  #visitLink(node: AnyNode, frame: Frame, call: acorn.CallExpression | undefined): number | undefined {
    if (node.type === 'CallExpression') {
      const before = this.#visitLink(node.callee, frame, node.optional ? undefined : node);
      const own = node.optional ? this.#blockOfLink(node.callee, node, frame) : before;
      this.#visitArguments(node, frame, own);
      return undefined;
    }
    if (node.type !== 'MemberExpression') {
      this.#visit(node, frame);
      return undefined;
    }
    if (!node.optional) {
      const counter = this.#visitLink(node.object, frame, call);
      if (node.computed) this.#visit(node.property, frame);
      return counter;
    }
    const counter = this.#blockOfLink(node.object, node, frame);
    // Messages of errors show what is called: there the arguments count.
    if (!call) this.counted.insert(node.object.start, this.counted.text.linkOpening(counter));
    this.#visitLink(node.object, frame, undefined);
    if (!call) this.counted.insert(node.object.end, '))');
    if (node.computed) this.#visit(node.property, frame);
    return call && counter;
  }

  #blockOfLink(before: AnyNode, { end }: AnyNode, frame: Frame): number {
    return this.counted.block(frame, nextToken(this.#source, endOfClosing(this.#source, before.end)), end);
  }

  /** The arguments, which count with `counter`. */
  #visitArguments(node: acorn.CallExpression | acorn.NewExpression, frame: Frame, counter: number | undefined): void {
    const [first] = node.arguments;
    const opening = findToken(this.#source, endOfClosing(this.#source, node.callee.end), '(');
    const end = first && endOfClosing(this.#source, first.end, node.end - 1);
    if (counter !== undefined) {
      const isSpread = first?.type === 'SpreadElement';
      const at = isSpread ? first.start + '...'.length : opening + 1;
      const count = this.#count(counter);
      this.counted.insert(at, first ? `(${count},` : `...(${count},[])`);
    }
    for (const argument of node.arguments) {
      this.#visit(argument, frame, '', argument === first ? opening : -1);
      if (argument === first && counter !== undefined) this.counted.insert(end ?? 0, ')');
    }
  }

  #visitFunction(node: FunctionNode, told: { name: string; start: number; callParenthesis?: number }): void {
    const { body, id } = node;
    const eager = isCalledAtOnce(this.#source, node, told.callParenthesis ?? -1);
    const frame = this.counted.enter({ name: id?.name ?? told.name, start: told.start, end: node.end, eager });
    this.read.set(node, frame.counted);
    const { counter } = frame.counted;
    if (body.type !== 'BlockStatement') {
      for (const parameter of node.params) this.#visit(parameter, frame);
      const arrow = findToken(this.#source, node.params.at(-1)?.end ?? node.start, '=>');
      this.#branch(body, frame, { counter, start: arrow + '=>'.length, end: node.end });
      return;
    }
    const isCounted = node.generator && this.#countInParameters(node, counter);
    for (const parameter of node.params) this.#visit(parameter, frame);
    if (!isCounted) {
      const at = endOfDirectives(body.body, body.start + 1);
      this.counted.insert(at, this.counted.statement(frame, counter));
    }
    this.#statements.list(body.body, frame, true);
  }

  /** The body of a generator does not begin when it is called. */
  #countInParameters({ params, body, id, start }: FunctionNode, counter: number): boolean {
    const last = params.at(-1);
    const hasDirective = body.type === 'BlockStatement' && endOfDirectives(body.body, -1) !== -1;
    const names = params.flatMap((parameter) => patternNames(parameter));
    if (last?.type === 'RestElement' || hasDirective || new Set(names).size < names.length) return false;
    const opening = last ? last.end : findToken(this.#source, id?.end ?? start, '(') + 1;
    const closing = findToken(this.#source, opening, ')');
    const comma = last && !this.#source.slice(opening, closing).includes(',') ? ',' : '';
    this.counted.insert(closing, `${comma}...[__coverageCalls=${this.#count(counter)}]`);
    return true;
  }

  #visitClass(node: acorn.Class | acorn.AnonymousClassDeclaration, frame: Frame, name: string): void {
    if (node.superClass) this.#visit(node.superClass, frame);
    const className = node.id?.name ?? name;
    const elements = node.body.body;
    const isField = (element: AnyNode): element is acorn.PropertyDefinition => element.type === 'PropertyDefinition';
    const staticParts = elements.filter((item) => item.type === 'StaticBlock' || (isField(item) && item.static));
    const fields = elements.filter((item) => isField(item)).filter((item) => !item.static);
    const ofStatic = this.#enterInitializer('<static_initializer>', staticParts);
    const ofFields = this.#enterInitializer('<instance_members_initializer>', fields);
    const counting = fields.find(({ value }) => !value || !isAnonymous(value));
    for (const element of elements) {
      if (element === staticParts[0] && ofStatic) {
        this.counted.insert(element.start, `static{${this.#count(ofStatic.counted.counter)}}`);
      }
      if (element === fields[0] && !counting && ofFields) {
        const { counter } = ofFields.counted;
        this.counted.insert(element.start, `#__coverage${counter}=${this.#count(counter)};`);
      }
      if (element.type === 'StaticBlock') {
        if (ofStatic) this.#statements.list([{ ...element, type: 'BlockStatement' }], ofStatic, false);
      } else if (isField(element)) {
        const inner = element.static ? ofStatic : ofFields;
        if (inner) this.#visitField(element, { outer: frame, inner, counts: element === counting });
      } else this.#visitMethod(element, frame, className);
    }
  }

  #enterInitializer(name: string, parts: readonly AnyNode[]): Frame | undefined {
    const [first, last] = [parts[0], parts.at(-1)];
    if (!first || !last) return undefined;
    const end = last.type === 'PropertyDefinition' ? this.#endOfField(last) : last.end;
    return this.counted.enter({ name, start: first.start, end, eager: true });
  }

  /** Without its semicolon. */
  #endOfField({ key, value, computed }: acorn.PropertyDefinition): number {
    if (value) return endOfClosing(this.#source, value.end);
    return computed ? findToken(this.#source, key.end, ']') + 1 : key.end;
  }

  #visitField(
    node: acorn.PropertyDefinition,
    { outer, inner, counts }: { outer: Frame; inner: Frame; counts: boolean },
  ): void {
    if (node.computed) this.#visit(node.key, outer);
    const { value } = node;
    const count = this.#count(inner.counted.counter);
    const name = keyName(node);
    if (!value) {
      if (counts) this.counted.insert(this.#endOfField(node), `=void ${count}`);
      return;
    }
    if (counts) {
      const behindKey = node.computed ? findToken(this.#source, node.key.end, ']') + 1 : node.key.end;
      this.counted.insert(findToken(this.#source, behindKey, '=') + 1, `(${count},`);
    }
    this.#visit(value, inner, name);
    if (counts) this.counted.insert(this.#endOfField(node), ')');
  }

  #visitMethod(node: acorn.MethodDefinition, frame: Frame, className: string): void {
    if (node.computed) this.#visit(node.key, frame);
    const start = node.static ? nextToken(this.#source, node.start + 'static'.length) : node.start;
    const own = keyName(node);
    const prefix = node.kind === 'get' || node.kind === 'set' ? `${node.kind} ` : '';
    const name = node.kind === 'constructor' ? className : own === undefined ? '' : prefix + own;
    this.#visitFunction(node.value, { name, start });
  }
}

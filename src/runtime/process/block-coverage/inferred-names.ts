/**
 * The names that V8 infers for functions that have none: those of what they are assigned to, `exports.parse`. Its parser collects the names
 * that it passes, and gives them to all functions that wait for one where a value ends: so they may come from further than one would think.
 */
import type * as acorn from 'acorn';
import { type AnyNode, type FunctionNode, forEachChild, isFunction } from '../modules/transform/syntax-tree.ts';
import { isCalledAtOnce } from './function-facts.ts';
import { endOfClosing, findToken, nextToken, openingBefore } from './source-tokens.ts';

export function inferNames(
  program: acorn.Program,
  source: string,
  ownName: (node: FunctionNode) => string,
): ReadonlyMap<FunctionNode, string> {
  const inference = new NameInference(source, ownName);
  inference.inferAll(program);
  return inference.inferred;
}

interface PassedName {
  text: string;
  isVariable: boolean;
}

class NameInference {
  readonly inferred = new Map<FunctionNode, string>();
  readonly #source: string;
  readonly #ownName: (node: FunctionNode) => string;
  /** Functions whose names nobody keeps. */
  readonly #compiled = new Set<FunctionNode>();
  /** Functions that are compiled later, by themselves. */
  readonly #later: FunctionNode[] = [];
  #names: PassedName[] = [];
  /** Undefined is the constructor of a class that has no text. */
  #waiting: (FunctionNode | undefined)[] = [];
  #isOpen = false;

  constructor(source: string, ownName: (node: FunctionNode) => string) {
    this.#source = source;
    this.#ownName = ownName;
  }

  inferAll(program: acorn.Program): void {
    this.#walk(program);
    for (let node = this.#later.pop(); node; node = this.#later.pop()) this.#inferIn(node);
  }

  #inferIn(node: FunctionNode): void {
    this.#names = [];
    this.#waiting = [];
    this.#scope(() => {
      const name = this.#ownName(node);
      if (/^\p{Lu}/u.test(name)) this.#names.push({ text: name, isVariable: false });
      this.#walkInside(node);
    });
  }

  /** The names that are passed in it are forgotten. */
  #scope(walk: () => void): void {
    const count = this.#names.length;
    const wasOpen = this.#isOpen;
    this.#isOpen = true;
    walk();
    this.#isOpen = wasOpen;
    this.#names.length = count;
  }

  #pass(text: string, isVariable: boolean): void {
    if (this.#isOpen && (isVariable || text !== 'prototype')) this.#names.push({ text, isVariable });
  }

  #infer(): void {
    if (this.#waiting.length === 0) return;
    const names = this.#names;
    // Of variables that follow each other the last counts.
    const kept = names.filter(({ isVariable }, index) => !(isVariable && names[index + 1]?.isVariable));
    const name = kept.map(({ text }) => text).join('.');
    for (const node of this.#waiting.splice(0)) {
      if (node && !this.#compiled.has(node)) this.inferred.set(node, name);
    }
  }

  /** A value that is called at once is not what is assigned. */
  #inferUnlessCalled({ type }: AnyNode): void {
    if (type === 'CallExpression' || type === 'NewExpression') this.#waiting.pop();
    else this.#infer();
  }

  #values(nodes: readonly (AnyNode | null | undefined)[]): void {
    for (const node of nodes) if (node) this.#value(node);
  }

  #value(node: AnyNode, callParenthesis = -1): void {
    if (node.type === 'SequenceExpression') this.#values(node.expressions);
    else this.#scope(() => this.#walk(node, callParenthesis));
  }

  /** An operand: within parentheses it is a value of its own. */
  #operand(node: AnyNode): void {
    const isEnclosed =
      openingBefore(this.#source, node.start) >= 0 && this.#source[nextToken(this.#source, node.end)] === ')';
    if (isEnclosed) this.#value(node);
    else this.#walk(node);
  }

  #walk(node: AnyNode, callParenthesis = -1): void {
    if (isFunction(node)) {
      this.#function(node, callParenthesis);
      return;
    }
    switch (node.type) {
      case 'Identifier':
        this.#pass(node.name, true);
        break;
      case 'MemberExpression':
        this.#member(node);
        break;
      case 'CallExpression':
      case 'NewExpression':
        this.#call(node);
        break;
      case 'AssignmentExpression':
      case 'AssignmentPattern':
        this.#assignment(node);
        break;
      case 'VariableDeclarator':
        this.#declarator(node);
        break;
      case 'ConditionalExpression':
        this.#operand(node.test);
        this.#values([node.consequent, node.alternate]);
        break;
      case 'LogicalExpression':
      case 'BinaryExpression':
        this.#operand(node.left);
        this.#operand(node.right);
        break;
      case 'UnaryExpression':
      case 'UpdateExpression':
      case 'AwaitExpression':
      case 'SpreadElement':
      case 'ChainExpression':
        this.#operand(node.type === 'ChainExpression' ? node.expression : node.argument);
        break;
      case 'ObjectExpression':
      case 'ObjectPattern':
        for (const property of node.properties) this.#property(property);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node.superClass) this.#value(node.superClass);
        for (const element of node.body.body) this.#element(element);
        this.#waiting.push(constructorOf(node));
        break;
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'MetaProperty':
      case 'PrivateIdentifier':
        break;
      case 'LabeledStatement':
        this.#walk(node.body);
        break;
      case 'ExportNamedDeclaration':
        if (node.declaration) this.#walk(node.declaration);
        break;
      default:
        this.#children(node);
    }
  }

  /** Statements as they are, expressions in them as values. */
  #children(node: AnyNode): void {
    forEachChild(node, (child) => {
      if (/Statement$|Declaration$|^(?:VariableDeclarator|SwitchCase|CatchClause|TemplateElement)$/.test(child.type)) {
        this.#walk(child);
      } else this.#value(child);
    });
  }

  #member(node: acorn.MemberExpression): void {
    const { object, property, computed } = node;
    this.#operand(object);
    if (!computed) {
      this.#pass(
        property.type === 'PrivateIdentifier' ? `#${property.name}` : (property as acorn.Identifier).name,
        false,
      );
      return;
    }
    this.#value(property);
    if (isBehindCall(object)) return;
    const isName = property.type === 'Literal' && typeof property.value === 'string';
    this.#pass(isName ? String(property.value) : '<computed>', false);
  }

  #call(node: acorn.CallExpression | acorn.NewExpression): void {
    this.#operand(node.callee);
    const opening = findToken(this.#source, endOfClosing(this.#source, node.callee.end), '(');
    for (const [index, argument] of node.arguments.entries()) {
      if (argument.type === 'SpreadElement') this.#value(argument.argument);
      else this.#value(argument, index === 0 ? opening : -1);
    }
    if (node.type === 'CallExpression') this.#waiting.pop();
  }

  #assignment(node: acorn.AssignmentExpression | acorn.AssignmentPattern): void {
    this.#walk(node.left);
    this.#value(node.right);
    const operator = node.type === 'AssignmentExpression' ? node.operator : '=';
    if (/^(?:=|\|\|=|&&=|\?\?=)$/.test(operator)) this.#inferUnlessCalled(node.right);
    else this.#waiting.pop();
  }

  #declarator({ id, init }: acorn.VariableDeclarator): void {
    this.#scope(() => {
      if (init || id.type !== 'Identifier') this.#walk(id);
      if (!init) return;
      this.#value(init);
      if (id.type === 'Identifier') this.#inferUnlessCalled(init);
    });
  }

  #property(node: acorn.Property | acorn.AssignmentProperty | acorn.SpreadElement | acorn.RestElement): void {
    this.#scope(() => {
      if (node.type === 'SpreadElement' || node.type === 'RestElement') this.#value(node.argument);
      else {
        this.#key(node);
        if (isFunction(node.value) && (node.method || node.kind !== 'init')) this.#method(node.value, node.computed);
        else if (node.shorthand) this.#walk(node.value);
        else this.#value(node.value);
      }
      this.#infer();
    });
  }

  #element(node: acorn.ClassBody['body'][number]): void {
    if (node.type === 'StaticBlock') {
      for (const statement of node.body) this.#walk(statement);
      return;
    }
    this.#scope(() => {
      this.#key(node);
      if (node.type === 'MethodDefinition') this.#method(node.value, node.computed);
      else if (node.value) this.#value(node.value);
      this.#infer();
    });
  }

  #key({ key, computed }: { key: AnyNode; computed: boolean }): void {
    if (computed) this.#value(key);
    else if (key.type === 'Identifier' || key.type === 'Literal') {
      this.#pass(key.type === 'Identifier' ? key.name : String(key.value), false);
    } else if (key.type === 'PrivateIdentifier') this.#pass(`#${key.name}`, false);
  }

  #method(node: FunctionNode, computed: boolean): void {
    this.#wait(node, computed);
    this.#later.push(node);
  }

  /** What is compiled with the text around it is read with it, and so is an arrow function; others are read later. */
  #function(node: FunctionNode, callParenthesis: number): void {
    const isEager = isCalledAtOnce(this.#source, node, callParenthesis);
    const isArrow = node.type === 'ArrowFunctionExpression';
    if (isEager || isArrow) {
      const [parameter] = node.params;
      const isBare = isArrow && parameter?.type === 'Identifier' && openingBefore(this.#source, parameter.start) < 0;
      if (isBare) this.#pass(parameter.name, true);
      this.#walkInside(node);
    }
    // The name is kept with what is to be compiled later.
    if (!isEager) this.#later.push(node);
    this.#wait(node, !node.id, isEager);
  }

  #wait(node: FunctionNode, isNameless: boolean, isEager = false): void {
    this.inferred.set(node, '');
    if (isEager) this.#compiled.add(node);
    if (isNameless) this.#waiting.push(node);
  }

  #walkInside({ params, body }: FunctionNode): void {
    for (const parameter of params) this.#scope(() => this.#walk(parameter));
    if (body.type === 'BlockStatement') this.#walk(body);
    else this.#value(body);
  }
}

/** The member belongs to what a call gives: computed names are not passed there. */
function isBehindCall(node: AnyNode): boolean {
  if (node.type === 'MemberExpression') return isBehindCall(node.object);
  return node.type === 'CallExpression';
}

function constructorOf({ body }: acorn.Class | acorn.AnonymousClassDeclaration): FunctionNode | undefined {
  for (const element of body.body) {
    if (element.type === 'MethodDefinition' && element.kind === 'constructor') return element.value;
  }
  return undefined;
}

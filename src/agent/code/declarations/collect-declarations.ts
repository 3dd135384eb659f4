/** Walks a syntax tree and collects what it declares. */

import type { Lines } from '../lines.ts';
import { below, child, children, nameOf, type SyntaxNode } from '../syntax.ts';
import {
  bodyOf,
  calleeName,
  dotted,
  FUNCTIONS,
  isFunction,
  MEMBERS,
  namesIn,
  ownerOf,
  requiredBy,
  TYPES,
  titleOf,
} from '../syntax-names.ts';
import type { Declaration, DeclarationKind } from './declaration.ts';

interface Place {
  readonly owner: string | null;
  readonly depth: number;
  readonly within: number;
  readonly exported: boolean;
}

const SUITES = new Set(['describe', 'suite', 'context']);
const TESTS = new Set(['it', 'test', 'specify']);
const LONGEST = 160;

export function collectDeclarations(program: SyntaxNode, text: string, lines: Lines): readonly Declaration[] {
  return new Collector(text, lines).collect(program);
}

class Collector {
  readonly #text: string;
  readonly #lines: Lines;
  readonly #found: Declaration[] = [];
  /** Local names that are exported by a statement of their own. */
  readonly #exports = new Set<string>();

  constructor(text: string, lines: Lines) {
    this.#text = text;
    this.#lines = lines;
  }

  collect(program: SyntaxNode): readonly Declaration[] {
    this.#visitBelow(program, { owner: null, depth: 0, within: 0, exported: false });
    return this.#found.map((each) => {
      const exported = each.exported || (each.owner === null && each.depth === 0 && this.#exports.has(each.name));
      return exported === each.exported ? each : { ...each, exported };
    });
  }

  #visitBelow(node: SyntaxNode, place: Place): void {
    for (const each of below(node)) this.#visit(each, place);
  }

  #visit(node: SyntaxNode, place: Place): void {
    if (TYPES.has(node.type)) {
      this.#visitType(node, place);
      return;
    }
    if (MEMBERS.has(node.type)) {
      this.#visitMember(node, place);
      return;
    }
    switch (node.type) {
      case 'ImportDeclaration':
        this.#visitImport(node, place);
        return;
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
      case 'ExportAllDeclaration':
        this.#visitExport(node, place);
        return;
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
        this.#add(nameOf(child(node, 'id')) ?? 'default', 'function', node, place);
        this.#visitFunction(node, place, nameOf(child(node, 'id')));
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#visitClass(node, place);
        return;
      case 'VariableDeclaration':
        for (const each of children(node, 'declarations')) this.#visitVariable(each, node, place);
        return;
      case 'AssignmentExpression':
        this.#visitAssignment(node, place);
        return;
      case 'Property':
        this.#visitProperty(node, place);
        return;
      case 'CallExpression':
        this.#visitCall(node, place);
        return;
      default:
        if (FUNCTIONS.has(node.type)) this.#visitFunction(node, place, null);
        else this.#visitBelow(node, { ...place, exported: false });
    }
  }

  #visitFunction(node: SyntaxNode, place: Place, name: string | null): void {
    const within = this.#lines.lineAt(node.end) - this.#lines.lineAt(node.start) + 1;
    this.#visitBelow(node, { owner: name ?? place.owner, depth: place.depth + 1, within, exported: false });
  }

  #visitClass(node: SyntaxNode, place: Place): void {
    const name = nameOf(child(node, 'id'));
    if (node.type === 'ClassDeclaration') this.#add(name ?? 'default', 'class', node, place);
    this.#visitBelow(node, { ...place, owner: name ?? place.owner, exported: false });
  }

  #visitMember(node: SyntaxNode, place: Place): void {
    const name = nameOf(child(node, 'key'));
    const value = child(node, 'value');
    const isMethod = node.type !== 'PropertyDefinition' ? node.type.includes('Method') : isFunction(value);
    if (name !== null) this.#add(name, isMethod ? 'method' : 'property', node, place);
    if (value) this.#visitValue(value, place, name);
  }

  #visitType(node: SyntaxNode, place: Place): void {
    const name = nameOf(child(node, 'id'));
    if (name !== null) this.#add(name, 'type', node, place);
    const body = child(node, 'body');
    if (node.type === 'TSModuleDeclaration' && body) this.#visitBelow(body, { ...place, owner: name });
  }

  #visitImport(node: SyntaxNode, place: Place): void {
    const source = nameOf(child(node, 'source')) ?? '';
    for (const each of children(node, 'specifiers')) {
      const name = nameOf(child(each, 'local'));
      if (name !== null) this.#add(name, 'import', node, place, source);
    }
  }

  #visitExport(node: SyntaxNode, place: Place): void {
    const declaration = child(node, 'declaration');
    const source = nameOf(child(node, 'source'));
    for (const each of children(node, 'specifiers')) {
      const local = nameOf(child(each, 'local'));
      const name = nameOf(child(each, 'exported'));
      if (local !== null && source === null) this.#exports.add(local);
      if (name !== null && (source !== null || name !== local))
        this.#add(name, 're-export', node, place, source ?? local ?? '');
    }
    if (!declaration) return;
    if (declaration.type === 'Identifier') this.#exports.add(String(declaration.name));
    else if (isFunction(declaration) && !/Declaration$|^TSDeclare/.test(declaration.type)) {
      this.#add('default', 'function', node, { ...place, exported: true });
      this.#visitFunction(declaration, place, null);
    } else this.#visit(declaration, { ...place, exported: true });
  }

  #visitVariable(node: SyntaxNode, statement: SyntaxNode, place: Place): void {
    const value = child(node, 'init');
    const source = requiredBy(value);
    // One statement may declare many: each is told by its own part, the first with its keyword.
    const whole = children(statement, 'declarations')[0] === node ? { start: statement.start, end: node.end } : node;
    for (const name of namesIn(child(node, 'id'))) {
      if (source !== null) this.#add(name, 'import', whole, place, source);
      else
        this.#add(
          name,
          isFunction(value) ? 'function' : value?.type === 'ClassExpression' ? 'class' : 'variable',
          whole,
          place,
          undefined,
          value,
        );
    }
    if (value) this.#visitValue(value, place, nameOf(child(node, 'id')));
  }

  /** A value that has a name: what is in it belongs to that name. */
  #visitValue(value: SyntaxNode, place: Place, name: string | null): void {
    const inside = { ...place, owner: name ?? place.owner, exported: false };
    if (isFunction(value)) this.#visitFunction(value, place, name);
    else if (value.type === 'ClassExpression') this.#visitBelow(value, inside);
    else if (value.type === 'ObjectExpression') this.#visitBelow(value, inside);
    else this.#visit(value, { ...place, exported: false });
  }

  #visitProperty(node: SyntaxNode, place: Place): void {
    const name = nameOf(child(node, 'key'));
    const value = child(node, 'value');
    if (name !== null && node.computed !== true && isFunction(value))
      this.#add(name, 'method', node, place, undefined, value);
    if (value) this.#visitValue(value, place, name);
  }

  #visitAssignment(node: SyntaxNode, place: Place): void {
    const left = child(node, 'left');
    const right = child(node, 'right');
    if (left?.type !== 'MemberExpression' || !right) {
      this.#visitBelow(node, place);
      return;
    }
    const target = dotted(left);
    const name = target?.at(-1) ?? null;
    const owner = target ? ownerOf(target.slice(0, -1), place.owner) : undefined;
    if (name === null || owner === undefined) {
      this.#visitBelow(node, place);
      return;
    }
    const isExport = owner === '';
    const into = { ...place, owner: isExport ? null : owner, exported: isExport };
    if (isExport && target?.length === 2 && target[0] === 'module') {
      this.#visitWholeExport(right, node, place);
      return;
    }
    if (name === 'prototype') {
      this.#visitValue(right, { ...place, owner }, owner);
      return;
    }
    if (isExport && right.type === 'Identifier') {
      this.#exports.add(String(right.name));
      if (right.name !== name) this.#add(name, 'variable', node, into, String(right.name));
      return;
    }
    const kind = isFunction(right)
      ? isExport
        ? 'function'
        : 'method'
      : right.type === 'ClassExpression'
        ? 'class'
        : 'property';
    // Every assignment to a member would be noise: exports and functions are what is looked for.
    if (isExport || kind !== 'property')
      this.#add(name, kind === 'property' ? 'variable' : kind, node, into, undefined, right);
    this.#visitValue(right, place, name);
  }

  /** `module.exports = …` */
  #visitWholeExport(value: SyntaxNode, node: SyntaxNode, place: Place): void {
    if (value.type === 'Identifier') this.#exports.add(String(value.name));
    else if (value.type === 'ObjectExpression') {
      for (const each of children(value, 'properties')) {
        const name = nameOf(child(each, 'key'));
        const own = child(each, 'value');
        if (own?.type === 'Identifier') {
          this.#exports.add(String(own.name));
          if (name !== null && name !== own.name)
            this.#add(name, 're-export', each, { ...place, exported: true }, String(own.name));
        } else if (name !== null && own) {
          this.#add(
            name,
            isFunction(own) ? 'function' : 'variable',
            each,
            { ...place, exported: true },
            undefined,
            own,
          );
          this.#visitValue(own, place, name);
        } else this.#visit(each, place);
      }
    } else {
      if (isFunction(value) || value.type === 'ClassExpression') {
        const kind = isFunction(value) ? 'function' : 'class';
        this.#add(
          nameOf(child(value, 'id')) ?? 'module.exports',
          kind,
          node,
          { ...place, exported: true },
          undefined,
          value,
        );
      }
      this.#visitValue(value, place, nameOf(child(value, 'id')));
    }
  }

  #visitCall(node: SyntaxNode, place: Place): void {
    const [first, ...rest] = children(node, 'arguments');
    const callee = calleeName(node);
    const title = first ? titleOf(first) : null;
    if (title !== null && callee !== null && rest.some(isFunction) && (SUITES.has(callee) || TESTS.has(callee))) {
      const kind = SUITES.has(callee) ? 'suite' : 'test';
      this.#add(title, kind, node, place);
      for (const each of rest) this.#visitValue(each, place, kind === 'suite' ? title : null);
      return;
    }
    const [, key, descriptor] = children(node, 'arguments');
    const defined = callee === 'defineProperty' && first && key && descriptor ? nameOf(key) : null;
    const owner = first ? ownerOf(dotted(first) ?? [], place.owner) : undefined;
    if (defined !== null && owner !== undefined)
      this.#add(defined, 'property', node, { ...place, owner: owner === '' ? null : owner, exported: owner === '' });
    this.#visitBelow(node, { ...place, exported: false });
  }

  #add(
    name: string,
    kind: DeclarationKind,
    node: Pick<SyntaxNode, 'start' | 'end'>,
    place: Place,
    source?: string,
    value: SyntaxNode | null = null,
  ): void {
    const { owner, depth, within, exported } = place;
    const from = this.#lines.lineAt(node.start);
    const to = this.#lines.lineAt(Math.max(node.start, node.end - 1));
    const signature = this.#signature(node, value);
    const about = source === undefined ? {} : { source };
    this.#found.push({ name, owner, kind, from, to, signature, exported, depth, within, ...about });
  }

  /** The source up to where the body begins, in one line. */
  #signature(node: Pick<SyntaxNode, 'start' | 'end'>, value: SyntaxNode | null): string {
    const body = bodyOf(value) ?? ('type' in node ? bodyOf(node as SyntaxNode) : null);
    const end = Math.min(body ?? node.end, node.start + 2 * LONGEST);
    const code = this.#text.slice(node.start, end).replace(/\s+/g, ' ').trim();
    const head = code.replace(/\s*(?:=>)?\s*[{;]?$/, '');
    return head.length > LONGEST ? `${head.slice(0, LONGEST)}…` : head;
  }
}

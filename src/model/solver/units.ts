import { type AnyNode, child, isFunction, nameOf, namesIn, type Source, walk } from './source.ts';

/** A named piece of a module: a function, a method, a constant. */
export interface Unit {
  readonly source: Source;
  readonly name: string;
  readonly node: AnyNode;
  /** Names that it mentions, and by which it reaches other units. */
  readonly mentions: ReadonlySet<string>;
}

/** The module's units, and last the module itself for whatever stands in none of them. */
export function unitsOf(source: Source): Unit[] {
  const units: Unit[] = [];
  walk(source.program, ({ node, ancestors }) => {
    const name = unitName(node, ancestors);
    if (name !== null) units.push({ source, name, node, mentions: namesIn(node) });
  });
  units.push({ source, name: '', node: source.program, mentions: new Set() });
  return units;
}

/** The innermost unit around an offset. */
export function unitAt(units: readonly Unit[], offset: number): Unit | null {
  let best: Unit | null = null;
  for (const unit of units) {
    const { start, end } = unit.node;
    if (offset < start || offset >= end) continue;
    if (best === null || end - start < best.node.end - best.node.start) best = unit;
  }
  return best;
}

function unitName(node: AnyNode, ancestors: readonly AnyNode[]): string | null {
  switch (node.type) {
    case 'FunctionDeclaration':
      return nameOf(child(node, 'id')) ?? 'default';
    case 'VariableDeclarator': {
      const isTopLevel = ancestors.every(({ type }) =>
        /^(Program|VariableDeclaration|ExportNamedDeclaration)$/.test(type),
      );
      return isTopLevel || isFunction(child(node, 'init')) ? nameOf(child(node, 'id')) : null;
    }
    case 'MethodDefinition': {
      const name = nameOf(child(node, 'key'));
      return name === 'constructor' ? nameOf(child(classAround(ancestors) ?? node, 'id')) : name;
    }
    case 'PropertyDefinition':
      return nameOf(child(classAround(ancestors) ?? node, 'id')) ?? nameOf(child(node, 'key'));
    case 'Property':
      return isFunction(child(node, 'value')) ? nameOf(child(node, 'key')) : null;
    case 'AssignmentExpression':
      return isFunction(child(node, 'right')) ? nameOf(child(node, 'left')) : null;
    default:
      return null;
  }
}

function classAround(ancestors: readonly AnyNode[]): AnyNode | null {
  return ancestors.findLast(({ type }) => type === 'ClassDeclaration' || type === 'ClassExpression') ?? null;
}

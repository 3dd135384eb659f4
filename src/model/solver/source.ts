import { type Node, type Options, parse } from 'acorn';

/** An ESTree node whose properties are looked at without knowing its type. */
export type AnyNode = Node & Readonly<Record<string, unknown>>;

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly program: AnyNode;
  /** Offset of each line's first character. */
  readonly lineStarts: readonly number[];
}

export interface Visit {
  readonly node: AnyNode;
  readonly parent: AnyNode | null;
  /** From the program down to the parent. */
  readonly ancestors: readonly AnyNode[];
  /** The parent's property that holds the node. */
  readonly key: string;
}

const OPTIONS: Omit<Options, 'sourceType'> = {
  ecmaVersion: 'latest',
  allowHashBang: true,
  allowAwaitOutsideFunction: true,
  allowReturnOutsideFunction: true,
};

/** Null when the text is not JavaScript that acorn reads. */
export function parseSource(path: string, text: string): Source | null {
  for (const sourceType of ['module', 'script'] as const) {
    try {
      const program = parse(text, { ...OPTIONS, sourceType });
      if (isNode(program)) return { path, text, program, lineStarts: lineStartsOf(text) };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return null;
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The number of the line, from 1, that an offset lies in. */
export function lineOf(source: Source, offset: number): number {
  const after = source.lineStarts.findIndex((start) => start > offset);
  return after === -1 ? source.lineStarts.length : after;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

export function child(node: AnyNode, key: string): AnyNode | null {
  const value = node[key];
  return isNode(value) ? value : null;
}

export function childrenOf(node: AnyNode, key: string): AnyNode[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Calls `visit` for every node, parents first. */
export function walk(root: AnyNode, visit: (visit: Visit) => void): void {
  const step = (node: AnyNode, ancestors: readonly AnyNode[], key: string) => {
    visit({ node, parent: ancestors.at(-1) ?? null, ancestors, key });
    const inner = [...ancestors, node];
    for (const [name, value] of Object.entries(node)) {
      for (const item of Array.isArray(value) ? value : [value]) if (isNode(item)) step(item, inner, name);
    }
  };
  step(root, [], '');
}

export function nameOf(node: AnyNode | null): string | null {
  if (node === null) return null;
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') return String(node.name);
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'MemberExpression') return nameOf(child(node, 'property'));
  return null;
}

export type FunctionNode = AnyNode & {
  readonly type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression';
};

export function isFunction(node: AnyNode | null): node is FunctionNode {
  return node !== null && /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

export function textOf(source: Source, node: Node): string {
  return source.text.slice(node.start, node.end);
}

/** All names that a piece of code mentions. */
export function namesIn(root: AnyNode): Set<string> {
  const names = new Set<string>();
  walk(root, ({ node }) => {
    if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') names.add(String(node.name));
  });
  return names;
}

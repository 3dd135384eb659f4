/** What names and values in code stand for, where the code itself says so. */
import { below, child, children, nameOf, type SyntaxNode } from '../../code/syntax.ts';
import { posixResolve } from '../commands/places.ts';

export interface CodeValues {
  /** "child_process.exec", "process.exit", "fs.writeFileSync": what an expression names, through imports and constants; null for the rest. */
  pathOf(node: SyntaxNode | null): string | null;
  /** A text that can be told without running the code. Paths of files come relative to the project's folder. */
  textOf(node: SyntaxNode | null): string | null;
  /** The name is one of the code's own: it is declared there, or imported. */
  isOwn(name: string): boolean;
  /** It names what was imported, or another value that the code shows. */
  standsFor(name: string): boolean;
}

const DEEPEST = 100;
const KINDS: Readonly<Record<string, string>> = {
  ObjectExpression: 'Object',
  ArrayExpression: 'Array',
  TemplateLiteral: 'String',
  FunctionExpression: 'Function',
  ArrowFunctionExpression: 'Function',
};

export function readValues(program: SyntaxNode, path: string): CodeValues {
  const names = new Map<string, string>();
  const constants = new Map<string, SyntaxNode | null>();
  const declared = new Set<string>();
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';

  const note = (name: string, init: SyntaxNode | null) => {
    forget();
    constants.set(name, constants.has(name) ? null : init);
  };
  const moduleOf = (node: SyntaxNode | null): string | null => {
    const call = node?.type === 'AwaitExpression' ? child(node, 'argument') : node;
    const callee = child(call ?? null, 'callee');
    const source =
      call?.type === 'ImportExpression'
        ? child(call, 'source')
        : call?.type === 'CallExpression' && isLoader(pathOf(callee, 0))
          ? (children(call, 'arguments')[0] ?? null)
          : call?.type === 'CallExpression' && pathOf(callee, 0) === 'require.call'
            ? (children(call, 'arguments')[1] ?? null)
            : null;
    const text = textOf(source, 0);
    return text === null ? null : text.replace(/^node:(?!test$)/, '').replace(/^fs\/promises$/, 'fs');
  };
  const isLoader = (name: string | null) =>
    name === 'require' ||
    name === 'module.createRequire()' ||
    name === 'process.getBuiltinModule' ||
    name === 'module.require' ||
    name === 'process.mainModule.require' ||
    name === 'module.parent.require' ||
    name === 'module.constructor._load';

  const [paths, texts] = [createMemory(), createMemory()];
  const forget = () => {
    paths.clear();
    texts.clear();
  };
  const pathOf = (node: SyntaxNode | null, depth: number): string | null =>
    node === null || depth > DEEPEST ? null : paths.recall(node, () => findPath(node, depth));
  const textOf = (node: SyntaxNode | null, depth: number): string | null =>
    node === null || depth > DEEPEST ? null : texts.recall(node, () => findText(node, depth));
  const findPath = (node: SyntaxNode, depth: number): string | null => {
    switch (node.type) {
      case 'Identifier': {
        const name = String(node.name);
        const known = names.get(name);
        if (known !== undefined) return known;
        const init = constants.get(name);
        return init ? (pathOf(init, depth + 1) ?? name) : name;
      }
      case 'MemberExpression': {
        const object = pathOf(child(node, 'object'), depth + 1);
        const property = child(node, 'property');
        const key = node.computed ? textOf(property, depth + 1) : nameOf(property);
        const kind = key === '__proto__' || key === 'constructor' ? kindOf(child(node, 'object')) : null;
        if (kind !== null) return key === 'constructor' ? kind : `${kind}.prototype`;
        if (object === null) return null;
        return `${object === 'globalThis' || object === 'global' ? '' : `${object}.`}${key ?? '*'}`;
      }
      case 'ChainExpression':
      case 'ParenthesizedExpression':
      case 'TSNonNullExpression':
      case 'TSAsExpression':
        return pathOf(child(node, 'expression'), depth + 1);
      case 'SequenceExpression':
        return pathOf(children(node, 'expressions').at(-1) ?? null, depth + 1);
      case 'AwaitExpression':
      case 'ImportExpression':
      case 'CallExpression':
        return moduleOf(node) ?? reflected(node, depth);
      default:
        return null;
    }
  };
  /** The built-in of which a literal is one: "Array" for `[]`. */
  const kindOf = (node: SyntaxNode | null): string | null => {
    const value = node?.type === 'Identifier' ? (constants.get(String(node.name)) ?? null) : node;
    if (value?.type === 'ParenthesizedExpression') return kindOf(child(value, 'expression'));
    return (value && KINDS[value.type]) ?? null;
  };
  /** `Reflect.get(process, 'exit')`, `Object.getPrototypeOf([])` */
  const reflected = (node: SyntaxNode, depth: number): string | null => {
    const name = pathOf(child(node, 'callee'), depth + 1);
    const [object = null, key = null] = children(node, 'arguments');
    // What it makes is `require`.
    if (name === 'module.createRequire') return 'module.createRequire()';
    if (name === 'Reflect.get') return `${pathOf(object, depth + 1) ?? '*'}.${textOf(key, depth + 1) ?? '*'}`;
    if (name !== 'Reflect.getPrototypeOf' && name !== 'Object.getPrototypeOf') return null;
    const kind = kindOf(object);
    return kind === null ? null : `${kind}.prototype`;
  };
  const findText = (node: SyntaxNode, depth: number): string | null => {
    const part = (each: SyntaxNode | null) => textOf(each, depth + 1);
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'string' || typeof node.value === 'number' ? String(node.value) : null;
      case 'TemplateLiteral': {
        const quasis = children(node, 'quasis').map((quasi) =>
          String((quasi.value as { cooked?: unknown }).cooked ?? ''),
        );
        const values = children(node, 'expressions').map(part);
        return values.includes(null) ? null : quasis.map((quasi, index) => quasi + (values[index] ?? '')).join('');
      }
      case 'BinaryExpression': {
        const [left, right] = [part(child(node, 'left')), part(child(node, 'right'))];
        return node.operator === '+' && left !== null && right !== null ? left + right : null;
      }
      case 'Identifier': {
        const name = String(node.name);
        if (name === '__dirname') return folder;
        if (name === '__filename') return path;
        return part(constants.get(name) ?? null);
      }
      case 'MemberExpression': {
        const name = pathOf(node, depth + 1);
        return name === null && isImportMeta(child(node, 'object'))
          ? metaText(nameOf(child(node, 'property')), path, folder)
          : null;
      }
      case 'NewExpression': {
        if (nameOf(child(node, 'callee')) !== 'URL') return null;
        const [relative, base] = children(node, 'arguments').map(part);
        return relative && base ? joined([base, '..', relative]) : null;
      }
      case 'CallExpression':
        return textOfCall(node, part, depth);
      default:
        return null;
    }
  };
  const textOfCall = (
    node: SyntaxNode,
    part: (each: SyntaxNode | null) => string | null,
    depth: number,
  ): string | null => {
    const callee = child(node, 'callee');
    const name = pathOf(callee, depth + 1);
    const args = children(node, 'arguments');
    const texts = args.map(part);
    const known = texts.filter((text) => text !== null);
    if (name === 'process.cwd') return '.';
    if (name === 'url.fileURLToPath' || name === 'fileURLToPath') return texts[0] ?? null;
    if (/^path\.(?:posix\.)?(?:join|resolve)$/.test(name ?? ''))
      return known.length === texts.length ? joined(known) : null;
    if (/^path\.(?:posix\.)?dirname$/.test(name ?? '')) return texts[0] ? joined([texts[0], '..']) : null;
    const object = child(callee, 'object');
    const method = nameOf(child(callee, 'property'));
    if (method === 'join' && object?.type === 'ArrayExpression') {
      const items = children(object, 'elements').map(part);
      return items.includes(null) ? null : items.join(texts[0] ?? ',');
    }
    if (method === 'concat') {
      const head = part(object);
      return head === null || known.length < texts.length ? null : head + known.join('');
    }
    if (
      method === 'toString' &&
      object?.type === 'CallExpression' &&
      pathOf(child(object, 'callee'), depth + 1) === 'Buffer.from'
    ) {
      const [text, encoding] = children(object, 'arguments').map(part);
      return text && encoding === 'base64' ? decodeText(text) : (text ?? null);
    }
    if (name === 'atob') return texts[0] ? decodeText(texts[0]) : null;
    if (name === 'String.fromCharCode')
      return known.length === texts.length ? String.fromCharCode(...known.map(Number)) : null;
    return null;
  };

  const bind = (pattern: SyntaxNode | null, source: string) => {
    forget();
    if (pattern?.type === 'Identifier') names.set(String(pattern.name), source);
    if (pattern?.type !== 'ObjectPattern') return;
    for (const property of children(pattern, 'properties')) {
      const key = nameOf(child(property, 'key'));
      const value = child(property, 'value');
      bind(
        value?.type === 'AssignmentPattern' ? child(value, 'left') : value,
        key === 'promises' || key === 'default' ? source : `${source}.${key ?? '*'}`,
      );
    }
  };
  const collect = (node: SyntaxNode): void => {
    if (node.type === 'ImportDeclaration') {
      const source = (textOf(child(node, 'source'), 0) ?? '')
        .replace(/^node:(?!test$)/, '')
        .replace(/^fs\/promises$/, 'fs');
      for (const specifier of children(node, 'specifiers')) {
        const imported = specifier.type === 'ImportSpecifier' ? nameOf(child(specifier, 'imported')) : null;
        const local = nameOf(child(specifier, 'local')) ?? '';
        names.set(
          local,
          imported === null || imported === 'default' || imported === 'promises' ? source : `${source}.${imported}`,
        );
      }
    }
    for (const name of [child(node, 'id'), ...children(node, 'params')])
      if (name?.type === 'Identifier') declared.add(String(name.name));
    if (node.type === 'VariableDeclarator') {
      const [id, init] = [child(node, 'id'), child(node, 'init')];
      const source = moduleOf(init) ?? (id?.type === 'ObjectPattern' ? pathOf(init, 0) : null);
      if (source !== null) bind(id, source);
      else if (id?.type === 'Identifier') note(String(id.name), init);
    }
    if (node.type === 'CallExpression') {
      // `import('x').then((x) => …)`
      const callee = child(node, 'callee');
      const source = nameOf(child(callee, 'property')) === 'then' ? moduleOf(child(callee, 'object')) : null;
      const param = children(children(node, 'arguments')[0] ?? null, 'params')[0] ?? null;
      if (source !== null) bind(param, source);
    }
    if (node.type === 'AssignmentExpression') {
      const left = child(node, 'left');
      if (left?.type === 'Identifier') note(String(left.name), null);
    }
    for (const each of below(node)) collect(each);
  };
  collect(program);
  forget();
  return {
    pathOf: (node) =>
      pathOf(node, 0)
        ?.replace(/\.(?:default|__proto__)\b/g, '')
        .replace(/^module\.constructor\b/, 'Module')
        .replace(/^fs\.promises\./, 'fs.') ?? null,
    textOf: (node) => textOf(node, 0),
    isOwn: (name) => names.has(name) || declared.has(name),
    standsFor: (name) => names.has(name) || (constants.get(name) ?? null) !== null,
  };
}

/** What was found out before, and null for what is being found out: names may stand for one another in a circle. */
function createMemory() {
  const known = new Map<SyntaxNode, string | null>();
  return {
    clear: () => known.clear(),
    recall: (node: SyntaxNode, find: () => string | null): string | null => {
      const before = known.get(node);
      if (before !== undefined) return before;
      known.set(node, null);
      const found = find();
      known.set(node, found);
      return found;
    },
  };
}

const isImportMeta = (node: SyntaxNode | null) => node?.type === 'MetaProperty';

function metaText(property: string | null, path: string, folder: string): string | null {
  if (property === 'dirname') return folder;
  return property === 'url' || property === 'filename' ? path : null;
}

/** Relative to the project's folder, which is "/" here. */
function joined(parts: readonly string[]): string {
  const absolute = parts.findLastIndex((part) => part.startsWith('/'));
  return absolute > 0 ? parts.slice(absolute).join('/') : posixResolve('/', parts.join('/')).slice(1);
}

/** Null where it is not encoded so. */
export function decodeText(text: string, decode: (text: string) => string = atob): string | null {
  try {
    return decode(text);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Syntax trees of JavaScript, TypeScript and JSX, as ESTree has them. */
import type { Options } from 'acorn';

/** A node of any kind: what is in it is asked for by `child` and `children`. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export type ParseResult =
  | { readonly ok: true; readonly program: SyntaxNode }
  | { readonly ok: false; readonly message: string; readonly line: number };

export type ParseCode = (text: string, path: string) => ParseResult;

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

export function child(node: SyntaxNode | null, key: string): SyntaxNode | null {
  const value = node?.[key];
  return isNode(value) ? value : null;
}

export function children(node: SyntaxNode | null, key: string): readonly SyntaxNode[] {
  const value = node?.[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Every node right below this one, in the order of the source. */
export function* below(node: SyntaxNode): Generator<SyntaxNode> {
  for (const value of Object.values(node)) {
    if (isNode(value)) yield value;
    else if (Array.isArray(value)) for (const each of value) if (isNode(each)) yield each;
  }
}

/** The name of an identifier, a private name, or a literal key; null for what is computed. */
export function nameOf(node: SyntaxNode | null): string | null {
  if (node === null) return null;
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') return String(node.name);
  if (node.type === 'PrivateIdentifier' || node.type === 'PrivateName') return `#${String(node.name)}`;
  if (node.type === 'Literal' && (typeof node.value === 'string' || typeof node.value === 'number'))
    return String(node.value);
  return null;
}

type Parse = (text: string) => unknown;

let loading: Promise<ParseCode> | null = null;

/** The parsers are large: they are loaded when code is first looked into. */
export function loadParser(): Promise<ParseCode> {
  loading ??= (async () => {
    const [acorn, { tsPlugin }] = await Promise.all([import('acorn'), import('@sveltejs/acorn-typescript')]);
    const plain: Parse = (text) => acorn.Parser.parse(text, OPTIONS);
    const parserWith = (options: { jsx: boolean; dts?: boolean }): Parse => {
      const parser = acorn.Parser.extend(tsPlugin(options));
      return (text) => parser.parse(text, TYPED);
    };
    const typed = parserWith({ jsx: false });
    const declarations = parserWith({ jsx: false, dts: true });
    const withElements = parserWith({ jsx: true });
    return (text, path) => {
      if (/\.d\.[cm]?ts$/.test(path)) return tryParsers([declarations, typed], text);
      if (/\.[cm]?ts$/.test(path)) return tryParsers([typed], text);
      if (/\.[jt]sx$/.test(path)) return tryParsers([withElements], text);
      return tryParsers([plain, withElements], text);
    };
  })();
  return loading;
}

const OPTIONS: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  allowImportExportEverywhere: true,
  allowAwaitOutsideFunction: true,
  allowReturnOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowHashBang: true,
  checkPrivateFields: false,
};
const TYPED: Options = { ...OPTIONS, sourceType: 'module', locations: true };

/** The first parser's complaint is the one that counts: the others are for what it does not know. */
function tryParsers(parsers: readonly Parse[], text: string): ParseResult {
  let complaint: { message: string; line: number } | null = null;
  for (const parse of parsers) {
    try {
      const program = parse(text);
      if (isNode(program)) return { ok: true, program };
    } catch (error) {
      // The plugin has faults of its own (TypeError, RangeError), which say nothing about the text.
      if (error instanceof SyntaxError) complaint ??= { message: error.message, line: lineOf(error) };
      else if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    }
  }
  return { ok: false, ...(complaint ?? { message: 'It cannot be parsed.', line: 1 }) };
}

const lineOf = (error: SyntaxError): number => ('loc' in error ? Number(Object(error.loc).line) : 1);

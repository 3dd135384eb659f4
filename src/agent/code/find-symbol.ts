import type { Files } from '../../session/files.ts';
import { createBreath } from './breathe.ts';
import type { Declaration } from './declarations/declaration.ts';
import { loadDeclarationReader } from './declarations/declarations.ts';
import { isCode } from './imports/imports.ts';
import { linesIn } from './lines.ts';
import { scan } from './scan.ts';

/** A name to look for: "total", or with its owner "Cart.total", "Cart#total", "Cart.prototype.total". */
export interface SymbolName {
  readonly name: string;
  readonly owner: string | null;
}

export interface Definition extends Declaration {
  readonly path: string;
}

export interface Reference {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  /** The line declares the name. */
  readonly isDefinition: boolean;
}

export interface Found<Item> {
  readonly items: readonly Item[];
  /** Not every file was looked into: the time was over. */
  readonly partial: boolean;
}

const SECONDS = 8;
/** Characters of a name that anyone writes. */
const LONGEST_NAME = 200;

export function parseSymbol(written: string): SymbolName {
  const parts = written
    .trim()
    .replace(/\(.*\)$/, '')
    .split(/\.prototype\.|#(?=.)|\.|::/)
    .filter((part) => part !== '');
  return {
    name: written.trim().startsWith('#') ? written.trim() : (parts.at(-1) ?? written),
    owner: parts.at(-2) ?? null,
  };
}

/** Where a name is declared, what is most likely meant first: exports, then what stands outside of functions, imports last. */
export async function findDefinitions(
  files: Files,
  symbol: SymbolName,
  signal?: AbortSignal,
): Promise<Found<Definition>> {
  const read = await loadDeclarationReader();
  const items: Definition[] = [];
  const breath = createBreath(SECONDS, signal);
  for (const [path, text] of filesWith(files, symbol.name)) {
    if (!mayDeclare(text, symbol.name)) continue;
    if (!(await breath.pause())) return { items, partial: true };
    for (const each of read(text, path).declarations) if (isMeant(each, symbol)) items.push({ ...each, path });
  }
  const rank = ({ kind, exported, depth, owner }: Declaration) =>
    (kind === 'import' || kind === 're-export' ? 8 : 0) +
    (exported ? 0 : 2) +
    (depth > 0 ? 2 : 0) +
    (owner === null ? 0 : 1);
  const sorted = items.sort(
    (a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.from - b.from),
  );
  const real = sorted.filter(({ kind }) => kind !== 'import');
  return { items: real.length > 0 ? real : sorted, partial: false };
}

function isMeant({ name, owner }: Declaration, symbol: SymbolName): boolean {
  if (name !== symbol.name && name !== `#${symbol.name}`) return false;
  return symbol.owner === null || owner === symbol.owner || symbol.owner === 'exports' || symbol.owner === 'module';
}

/** Where a name stands in code, strings and comments left out. */
export async function findReferences(files: Files, name: string, signal?: AbortSignal): Promise<Found<Reference>> {
  const bare = name.replace(/^#/, '');
  const items: Reference[] = [];
  const breath = createBreath(SECONDS, signal);
  for (const [path, text] of filesWith(files, bare)) {
    if (!(await breath.pause())) return { items, partial: true };
    items.push(...referencesIn(path, text, bare));
  }
  return { items, partial: false };
}

function referencesIn(path: string, text: string, name: string): Reference[] {
  const found: number[] = [];
  scan(text, (kind, start, end) => {
    if (kind === 'name' && end - start === name.length && text.startsWith(name, start)) found.push(start);
  });
  if (found.length === 0) return [];
  const lines = linesIn(text);
  const defines = definingLine(name);
  return [...new Set(found.map((start) => lines.lineAt(start)))].map((line) => {
    const content = lines.text(line);
    return { path, line, text: content, isDefinition: defines.test(content) };
  });
}

/** By the look of the line: to parse every file that uses a name would take too long. */
function definingLine(name: string): RegExp {
  const word = name.replaceAll('$', '\\$');
  const declared = `\\b(?:function|class|interface|type|enum|namespace|const|let|var)\\s*\\*?\\s*${word}\\b(?!\\s*[,}].*=\\s*require)`;
  const assigned = `(?:^|\\bprototype\\.|\\bexports\\.|^\\s*)${word}\\s*[:=]\\s*(?:async\\b\\s*)?(?:function\\b|class\\b|\\(.*=>|[\\w$]+\\s*=>)`;
  const method = `^\\s*(?:(?:static|async|get|set|public|private|protected|override)\\s+|\\*\\s*)*#?${word}\\s*\\([^;]*\\)\\s*(?::[^{;]+)?\\{`;
  return new RegExp(`${declared}|${assigned}|${method}`);
}

/** Names like the one that was not found. */
export function similarNames(files: Files, name: string): string[] {
  const wanted = name.replace(/[^\w$]/g, '');
  if (wanted.length < 3) return [];
  const part = wanted.toLowerCase();
  const found = new Set<string>();
  for (const [path, text] of Object.entries(files)) {
    if (typeof text !== 'string' || !isCode(path)) continue;
    // Word by word: a pattern that looks to both sides of the name takes for ever in a long word, such as data.
    for (const [word] of text.matchAll(/[\w$]+/g))
      if (word !== name && word.length < LONGEST_NAME && word.toLowerCase().includes(part)) found.add(word);
    if (found.size > 50) break;
  }
  return [...found].sort((a, b) => a.length - b.length).slice(0, 5);
}

function* filesWith(files: Files, name: string): Generator<[path: string, text: string]> {
  for (const [path, text] of Object.entries(files))
    if (typeof text === 'string' && isCode(path) && text.includes(name)) yield [path, text];
}

/** Parsing is slow beside looking: only files that seem to declare the name are parsed. */
function mayDeclare(text: string, name: string): boolean {
  const word = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const keywords =
    'function|class|interface|type|enum|namespace|module|const|let|var|get|set|async|static|import|as|readonly|abstract|declare|public|private|protected';
  const before = `(?:\\b(?:${keywords})\\s*\\*?\\s+|[{,[:]\\s*|\\*\\s*|^\\s*|['"#.])`;
  return new RegExp(
    `${before}#?${word}['"]?\\s*(?:[=:(<,}\\]?!;]|extends\\b|implements\\b|from\\b|as\\b|\\{|$)`,
    'm',
  ).test(text);
}

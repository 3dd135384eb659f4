/**
 * Reads an ES module's text: what it imports and exports, and which edits turn it into the body of a function.
 *
 * How imported names are read is decided later, when the module is linked (`../compile-module.ts`), so the result depends
 * on the text alone and can be cached by it. It is plain data.
 */
import type * as acorn from 'acorn';
import { type Edit, insertion } from './edits.ts';
import { collectEvalCalls, mayEvaluate } from './eval-calls.ts';
import { findImportReferences } from './import-references.ts';
import { DEFAULT_EXPORT } from './injected-names.ts';
import { readExpressions } from './module-expressions.ts';
import type { ModuleTransform } from './module-transform.ts';
import { blankSourcePhase } from './source-phase.ts';
import { declaredNames, type Parse } from './syntax-tree.ts';
import { collectAwaitEdits, mayAwait } from './transform-await.ts';

/** Parses and reads a module; `editMore` gives edits beyond. Throws acorn's SyntaxError, with `pos`. */
export function transformModule(
  source: string,
  parse: Parse,
  editMore?: (program: acorn.Program) => Edit[],
): ModuleTransform {
  const { text, phased } = blankSourcePhase(source);
  const program = parse(text, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  const reader = new ModuleReader(source, phased);
  for (const statement of program.body) reader.readStatement(statement);
  reader.resolveExportedImports();
  const { result } = reader;
  // Where two edits end at the same place, the expression's comes first: `export default await x`.
  const statementEdits = result.edits.splice(0);
  const awaitsAtTop = readExpressions(program, source, result);
  const awaitEdits = mayAwait(source) ? collectAwaitEdits(program, source, awaitsAtTop) : [];
  const evalEdits = mayEvaluate(source) ? collectEvalCalls(program) : [];
  result.edits = awaitEdits.concat(result.edits, evalEdits, statementEdits, editMore?.(program) ?? []);
  if (source.startsWith('#!')) result.edits.push({ start: 0, end: 2, text: '//' });
  result.references = findImportReferences(program, new Set(result.imports.map((item) => item.local)));
  return result;
}

const gap = String.raw`(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*`;
const exportDefault = new RegExp(`export${gap}default`, 'y');
const functionKeyword = new RegExp(`(?:async${gap})?function(?:${gap}\\*)?`, 'y');

class ModuleReader {
  readonly #source: string;
  readonly #requestIndex = new Map<string, number>();
  readonly result: ModuleTransform = {
    requests: [],
    imports: [],
    localExports: [],
    indirectExports: [],
    starExports: [],
    hasTopLevelAwait: false,
    usesImportMeta: false,
    namelessDefault: false,
    edits: [],
    references: [],
  };

  readonly #phased: ReadonlySet<number>;

  /** `phased` are the places of `import source` and `import.source()`. */
  constructor(source: string, phased: ReadonlySet<number>) {
    this.#source = source;
    this.#phased = phased;
  }

  readStatement(statement: acorn.Program['body'][number]): void {
    switch (statement.type) {
      case 'ImportDeclaration':
        this.#readImport(statement);
        break;
      case 'ExportAllDeclaration':
        this.#readExportAll(statement);
        break;
      case 'ExportNamedDeclaration':
        this.#readExportNamed(statement);
        break;
      case 'ExportDefaultDeclaration':
        this.#readExportDefault(statement);
        break;
    }
  }

  #readImport(statement: acorn.ImportDeclaration): void {
    const request = this.#request(statement);
    for (const specifier of statement.specifiers) {
      const local = specifier.local.name;
      if (specifier.type === 'ImportNamespaceSpecifier') {
        this.result.imports.push({ request, imported: null, local, start: specifier.start, end: specifier.end });
        continue;
      }
      const named = specifier.type === 'ImportSpecifier' ? specifier.imported : specifier.local;
      const name = specifier.type === 'ImportSpecifier' ? exportName(specifier.imported) : 'default';
      const imported = this.result.requests[request]?.phase === 'source' ? null : name;
      this.result.imports.push({ request, imported, local, start: named.start, end: named.end });
    }
    this.#blank(statement.start, statement.end);
  }

  #readExportAll(statement: acorn.ExportAllDeclaration): void {
    const request = this.#request(statement);
    if (statement.exported) {
      const { start, end } = statement.exported;
      this.result.indirectExports.push({
        exported: exportName(statement.exported),
        request,
        imported: null,
        start,
        end,
      });
    } else {
      this.result.starExports.push(request);
    }
    this.#blank(statement.start, statement.end);
  }

  #readExportNamed(statement: acorn.ExportNamedDeclaration): void {
    const { declaration } = statement;
    if (declaration) {
      const names = declaration.type === 'VariableDeclaration' ? declaredNames(declaration) : [declaration.id.name];
      for (const name of names) this.#exportLocal(name, name);
      this.#dropExport(statement.start, declaration.start);
      return;
    }
    const request = statement.source ? this.#request(statement) : undefined;
    for (const specifier of statement.specifiers) {
      const { start, end } = specifier.local;
      const exported = exportName(specifier.exported);
      const local = exportName(specifier.local);
      if (request === undefined) this.#exportLocal(exported, local);
      else this.result.indirectExports.push({ exported, request, imported: local, start, end });
    }
    this.#blank(statement.start, statement.end);
  }

  #readExportDefault(statement: acorn.ExportDefaultDeclaration): void {
    const { declaration } = statement;
    const isDeclaration = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
    if (isDeclaration && declaration.id) {
      this.#dropExport(statement.start, declaration.start);
      this.#exportLocal('default', declaration.id.name);
      return;
    }
    this.#exportLocal('default', DEFAULT_EXPORT);
    if (declaration.type === 'FunctionDeclaration') {
      this.result.namelessDefault = true;
      this.#dropExport(statement.start, declaration.start);
      this.result.edits.push(insertion(this.#endOfMatch(functionKeyword, declaration.start), ` ${DEFAULT_EXPORT} `));
      return;
    }
    // As the value of a property, an anonymous function or class gets the name "default".
    const text = `const {default:${DEFAULT_EXPORT}}={default:`;
    const end = this.#endOfMatch(exportDefault, statement.start);
    this.result.edits.push({ start: statement.start, end, text: text + this.#lines(statement.start, end) });
    const semicolon = this.#source[statement.end - 1] === ';' && statement.end > declaration.end;
    this.result.edits.push({ start: semicolon ? statement.end - 1 : statement.end, end: statement.end, text: '};' });
  }

  #endOfMatch(pattern: RegExp, start: number): number {
    pattern.lastIndex = start;
    return start + (pattern.exec(this.#source)?.[0].length ?? 0);
  }

  #lines(start: number, end: number): string {
    return this.#source.slice(start, end).replace(/[^\n]+/g, '');
  }

  #exportLocal(exported: string, local: string): void {
    this.result.localExports.push({ exported, local, constant: false });
  }

  #request(statement: acorn.ImportDeclaration | acorn.ExportAllDeclaration | acorn.ExportNamedDeclaration): number {
    const specifier = String(statement.source?.value);
    const attributes: Record<string, string> = {};
    for (const attribute of statement.attributes ?? []) {
      attributes[exportName(attribute.key)] = String(attribute.value.value);
    }
    const phase = this.#phased.has(statement.start) ? 'source' : 'evaluation';
    const key = JSON.stringify([specifier, attributes, phase]);
    const known = this.#requestIndex.get(key);
    if (known !== undefined) return known;
    this.#requestIndex.set(key, this.result.requests.length);
    return this.result.requests.push({ specifier, phase, attributes }) - 1;
  }

  #dropExport(start: number, end: number): void {
    this.result.edits.push({ start, end, text: this.#lines(start, end) });
  }

  /** Empties a statement, keeping its lines. */
  #blank(start: number, end: number): void {
    this.result.edits.push({ start, end, text: `${this.#lines(start, end)};` });
  }

  /** `import { a } from 'x'; export { a }` exports the other module's binding. */
  resolveExportedImports(): void {
    const imports = new Map(this.result.imports.map((item) => [item.local, item]));
    this.result.localExports = this.result.localExports.filter(({ exported, local }) => {
      const item = imports.get(local);
      if (!item || this.result.requests[item.request]?.phase === 'source') return true;
      const { request, imported, start, end } = item;
      this.result.indirectExports.push({ exported, request, imported, start, end });
      return false;
    });
  }
}

function exportName(node: acorn.Identifier | acorn.Literal): string {
  return node.type === 'Literal' ? String(node.value) : node.name;
}

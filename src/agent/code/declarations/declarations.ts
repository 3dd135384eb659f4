import { type Lines, linesIn } from '../lines.ts';
import { rememberByContent } from '../remember.ts';
import { loadParser, type ParseCode } from '../syntax.ts';
import { collectDeclarations } from './collect-declarations.ts';
import type { FileDeclarations } from './declaration.ts';
import { declarationsByPattern } from './declarations-by-pattern.ts';

export type ReadDeclarations = (text: string, path: string) => FileDeclarations;

let reader: ReadDeclarations | null = null;

/** Reads what files of code declare; each text once. */
export async function loadDeclarationReader(): Promise<ReadDeclarations> {
  const parse = await loadParser();
  reader ??= rememberByContent((text, path) => readDeclarations(parse, text, path));
  return reader;
}

function readDeclarations(parse: ParseCode, text: string, path: string): FileDeclarations {
  const lines: Lines = linesIn(text);
  const result = parse(text, path);
  if (result.ok)
    return { declarations: collectDeclarations(result.program, text, lines), lines: lines.count, problem: null };
  const problem = `line ${result.line}: ${result.message.replace(/ \(\d+:\d+\)$/, '')}`;
  return { declarations: declarationsByPattern(text), lines: lines.count, problem };
}

/** A name of the function around a text (`require`, `exports` of a CommonJS module) that the text declares again. */
import { markOf, type SyntaxProblem } from './syntax-error.ts';
import { type AnyNode, type Parse, patternIdentifiers } from './transform/syntax-tree.ts';

/** What V8 marks, by its message; undefined where the text has other errors, too. */
export function findRedeclaration(source: string, message: string, parse: Parse): SyntaxProblem | undefined {
  const name = /^Identifier '(.+)' has already been declared$/.exec(message)?.[1];
  if (name === undefined) return undefined;
  for (const statement of statementsOf(source, parse)) {
    const at = declarationIn(statement, name);
    if (at) return { message, ...markOf(source, at) };
  }
  return undefined;
}

function statementsOf(source: string, parse: Parse): readonly AnyNode[] {
  try {
    const allowed = { allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true, allowHashBang: true };
    return parse(source, { ecmaVersion: 'latest', ...allowed }).body;
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function declarationIn(statement: AnyNode, name: string): { start: number; end: number } | undefined {
  // Of a class V8 marks all.
  if (statement.type === 'ClassDeclaration') return statement.id?.name === name ? statement : undefined;
  if (statement.type !== 'VariableDeclaration' || statement.kind === 'var') return undefined;
  const declared = statement.declarations.flatMap(({ id }) => patternIdentifiers(id));
  const found = declared.find((identifier) => identifier.name === name);
  return found && { start: found.start, end: found.start + 1 };
}

/** The expression of find: tests and actions, compiled to one function. */
import type { UtilityContext } from '../utility.ts';
import { print, readAction } from './find-actions.ts';
import { FindReader, FindSyntaxError, type Predicate } from './find-reader.ts';
import { readTest } from './find-tests.ts';

export interface FindPlan extends Pick<FindReader, 'minDepth' | 'maxDepth' | 'depthFirst' | 'follow' | 'state'> {
  expression: Predicate;
}

/** Throws {@link FindSyntaxError}. */
export function parseFind(words: readonly string[], context: UtilityContext): FindPlan {
  const reader = new FindReader(words, context);
  const expression = words.length === 0 ? print : readExpression(reader);
  const { minDepth, maxDepth, depthFirst, follow, state } = reader;
  return { expression, minDepth, maxDepth, depthFirst, follow, state };
}

function readExpression(reader: FindReader): Predicate {
  const expression = readList(reader);
  const rest = reader.peek();
  if (rest !== undefined)
    throw new FindSyntaxError(
      rest === ')' ? "invalid expression; you have used ')' without '('" : `paths must precede expression: \`${rest}'`,
    );
  if (reader.acts) return expression;
  return async (context, found) => (await expression(context, found)) && (await print(context, found));
}

/** `a , b`: both are done, the second counts. */
function readList(reader: FindReader): Predicate {
  let left = readOr(reader);
  while (reader.accept(',')) {
    const [a, b] = [left, readOr(reader)];
    left = async (context, found) => {
      await a(context, found);
      return await b(context, found);
    };
  }
  return left;
}

function readOr(reader: FindReader): Predicate {
  let left = readAnd(reader);
  while (reader.accept('-o', '-or')) {
    const [a, b] = [left, readAnd(reader)];
    left = async (context, found) => (await a(context, found)) || (await b(context, found));
  }
  return left;
}

function readAnd(reader: FindReader): Predicate {
  let left = readNot(reader);
  for (;;) {
    const word = reader.peek();
    if (word === undefined || [')', ',', '-o', '-or'].includes(word)) return left;
    reader.accept('-a', '-and');
    const [a, b] = [left, readNot(reader)];
    left = async (context, found) => (await a(context, found)) && (await b(context, found));
  }
}

function readNot(reader: FindReader): Predicate {
  if (reader.accept('!', '-not')) {
    const inner = readNot(reader);
    return async (context, found) => !(await inner(context, found));
  }
  if (reader.accept('(')) {
    const inner = readList(reader);
    if (!reader.accept(')'))
      throw new FindSyntaxError("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
    return inner;
  }
  return readPrimary(reader);
}

function readPrimary(reader: FindReader): Predicate {
  const name = reader.take() ?? '';
  if (!name.startsWith('-')) throw new FindSyntaxError(`paths must precede expression: \`${name}'`);
  const predicate = readTest(reader, name) ?? readAction(reader, name);
  if (!predicate) throw new FindSyntaxError(`unknown predicate \`${name}'`);
  return predicate;
}

/** `[[ … ]]`. */
import type { TestExpression } from 'unbash';
import { FatalError, ShellError } from '../errors.ts';
import { evaluateText, expandToExpression, expandToPattern, expandToString } from '../expansion/expand.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import type { Shell } from '../shell.ts';
import { traceTest } from '../trace.ts';
import { posixToRegExp } from '../utilities/posix-regexp.ts';
import { ShellArray } from '../variables/arrays.ts';
import { binaryTest, unaryTest } from './test-operators.ts';

/** A test of `[[ … ]]` that cannot be made: it is false, with a status of its own. */
export class TestError extends ShellError {
  override name = 'TestError';
}

export async function evaluateTestNode(shell: Shell, node: TestExpression, negated = false): Promise<boolean> {
  switch (node.type) {
    case 'TestGroup':
      return await evaluateTestNode(shell, node.expression);
    case 'TestNot':
      return (await evaluateTestNode(shell, node.operand, true)) !== (node.negations.length % 2 === 1);
    case 'TestLogical': {
      for (const operand of node.operands) {
        if ((await evaluateTestNode(shell, operand)) !== (node.operator === '&&')) return node.operator === '||';
      }
      return node.operator === '&&';
    }
    case 'TestUnary': {
      const operand = await expandToString(shell, node.operand);
      await traceTest(shell, [node.operator, operand], negated);
      return node.operator === '-o' ? shell.optionIsOn(operand) : unaryTest(shell, node.operator, operand);
    }
    case 'TestBinary':
      return await evaluateBinary(shell, node, negated);
    default:
      throw new ShellError('[[: this test is not supported by this shell');
  }
}

async function evaluateBinary(
  shell: Shell,
  node: Extract<TestExpression, { type: 'TestBinary' }>,
  negated: boolean,
): Promise<boolean> {
  const { operator } = node;
  const left = await expandToString(shell, node.left);
  const trace = async (right: string) => await traceTest(shell, [left, operator, right], negated);
  if (operator === '=~') {
    const expression = await expandToExpression(shell, node.right);
    await trace(expression);
    return matchExpression(shell, left, expression);
  }
  if (operator === '=' || operator === '==' || operator === '!=') {
    const text = await expandToPattern(shell, node.right);
    // bash shows each character of what was quoted escaped.
    await trace(/^["']/.test(node.right.text) ? text.replace(/\\?(.)/gs, '\\$1') : text);
    const pattern = patternToRegExp(text, { ignoreCase: shell.isSet('nocasematch') });
    return pattern.test(left) === (operator !== '!=');
  }
  const right = await expandToString(shell, node.right);
  await trace(right);
  if (!/^-(eq|ne|lt|le|gt|ge)$/.test(operator)) return binaryTest(shell, operator, [left, right]);
  try {
    return binaryTest(shell, operator, [await evaluateText(shell, left), await evaluateText(shell, right)]);
  } catch (error) {
    if (!(error instanceof ShellError) || error instanceof FatalError) throw error;
    throw new TestError(`[[: ${error.message}`, 1);
  }
}

/** Leaves what matched in BASH_REMATCH. */
function matchExpression(shell: Shell, text: string, expression: string): boolean {
  let match: RegExpExecArray | null;
  try {
    match = new RegExp(posixToRegExp(expression, true), shell.isSet('nocasematch') ? 'iu' : 'u').exec(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new TestError('', 2);
    throw error;
  }
  shell.setArray('BASH_REMATCH', ShellArray.of(match ? [...match].map((group) => group ?? '') : []));
  return match !== null;
}

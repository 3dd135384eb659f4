/** `[[ … ]]`. */
import type { TestExpression } from 'unbash';
import { ShellError } from '../errors.ts';
import { evaluateText, expandToExpression, expandToPattern, expandToString } from '../expansion/expand.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import type { Shell } from '../shell.ts';
import { posixToRegExp } from '../utilities/posix-regexp.ts';
import { ShellArray } from '../variables/arrays.ts';
import { binaryTest, unaryTest } from './test-operators.ts';

export async function evaluateTestNode(shell: Shell, node: TestExpression): Promise<boolean> {
  switch (node.type) {
    case 'TestGroup':
      return await evaluateTestNode(shell, node.expression);
    case 'TestNot':
      return (await evaluateTestNode(shell, node.operand)) !== (node.negations.length % 2 === 1);
    case 'TestLogical': {
      for (const operand of node.operands) {
        if ((await evaluateTestNode(shell, operand)) !== (node.operator === '&&')) return node.operator === '||';
      }
      return node.operator === '&&';
    }
    case 'TestUnary':
      if (node.operator === '-o') return shell.optionIsOn(await expandToString(shell, node.operand));
      return unaryTest(shell, node.operator, await expandToString(shell, node.operand));
    case 'TestBinary': {
      const left = await expandToString(shell, node.left);
      if (node.operator === '=~') return matchExpression(shell, left, await expandToExpression(shell, node.right));
      if (node.operator === '=' || node.operator === '==' || node.operator === '!=') {
        const ignoreCase = shell.isSet('nocasematch');
        const pattern = patternToRegExp(await expandToPattern(shell, node.right), { ignoreCase });
        return pattern.test(left) === (node.operator !== '!=');
      }
      const right = await expandToString(shell, node.right);
      if (!/^-(eq|ne|lt|le|gt|ge)$/.test(node.operator)) return binaryTest(shell, node.operator, [left, right]);
      const numbers: [string, string] = [await evaluateText(shell, left), await evaluateText(shell, right)];
      return binaryTest(shell, node.operator, numbers);
    }
    default:
      throw new ShellError('[[: this test is not supported by this shell');
  }
}

/** Leaves what matched in BASH_REMATCH. */
function matchExpression(shell: Shell, text: string, expression: string): boolean {
  let match: RegExpExecArray | null;
  try {
    match = new RegExp(posixToRegExp(expression, true), shell.isSet('nocasematch') ? 'iu' : 'u').exec(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new ShellError('', 2);
    throw error;
  }
  shell.setArray('BASH_REMATCH', ShellArray.of(match ? [...match].map((group) => group ?? '') : []));
  return match !== null;
}

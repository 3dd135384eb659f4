/** `[[ … ]]`. */
import type { TestExpression } from 'unbash';
import { ShellError } from './errors.ts';
import { evaluateText, expandToPattern, expandToString } from './expand.ts';
import { patternToRegExp } from './pattern.ts';
import type { Shell } from './shell.ts';
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
      return unaryTest(shell, node.operator, await expandToString(shell, node.operand));
    case 'TestBinary': {
      const left = await expandToString(shell, node.left);
      if (node.operator === '=~') return new RegExp(await expandToString(shell, node.right), 'u').test(left);
      if (node.operator === '=' || node.operator === '==' || node.operator === '!=') {
        return patternToRegExp(await expandToPattern(shell, node.right)).test(left) === (node.operator !== '!=');
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

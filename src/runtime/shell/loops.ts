/** while, until, for and select. */
import type { ArithmeticExpression, ArithmeticFor, CompoundList, For, Select, While } from 'unbash';
import { LoopRequest, ReadOnlyError } from './errors.ts';
import { inCondition, runList } from './execute.ts';
import { evaluateText, expandWords } from './expansion/expand.ts';
import { runSelect } from './select.ts';
import type { Shell } from './shell.ts';
import { traceHead } from './trace.ts';

export async function runArithmeticFor(shell: Shell, node: ArithmeticFor): Promise<number> {
  const value = async (expression: ArithmeticExpression | undefined) =>
    expression ? await evaluateText(shell, shell.source.slice(expression.pos, expression.end)) : '1';
  let status = 0;
  await loop(shell, async () => {
    for (await value(node.initialize); (await value(node.test)) !== '0'; await value(node.update)) {
      shell.abort.signal.throwIfAborted();
      const ended = await runBody(shell, node.body);
      status = shell.status;
      if (ended) return;
    }
  });
  return status;
}

/** Runs a loop's body once. True when the loop ends. */
async function runBody(shell: Shell, body: CompoundList): Promise<boolean> {
  try {
    await runList(shell, body);
    return false;
  } catch (error) {
    if (!(error instanceof LoopRequest)) throw error;
    shell.status = 0;
    if (error.levels > 1) {
      error.levels -= 1;
      throw error;
    }
    return error.kind === 'break';
  }
}

async function loop(shell: Shell, body: () => Promise<void>): Promise<void> {
  shell.loopDepth += 1;
  try {
    await body();
  } finally {
    shell.loopDepth -= 1;
  }
}

export async function runWhile(shell: Shell, node: While): Promise<number> {
  let status = 0;
  await loop(shell, async () => {
    for (;;) {
      shell.abort.signal.throwIfAborted();
      const condition = await inCondition(shell, () => runList(shell, node.clause));
      if ((condition === 0) !== (node.kind === 'while')) return;
      const ended = await runBody(shell, node.body);
      status = shell.status;
      if (ended) return;
    }
  });
  return status;
}

export async function runFor(shell: Shell, node: For): Promise<number> {
  shell.position = node.pos;
  const items = node.wordlist ? await expandWords(shell, node.wordlist) : [...shell.positional];
  let status = 0;
  await loop(shell, async () => {
    const list = node.wordlist?.map((word) => word.text).join(' ') ?? '"$@"';
    for (const item of items) {
      await traceHead(shell, `for ${node.name.text} in ${list}`);
      try {
        shell.setVariable(node.name.value, item);
      } catch (error) {
        if (!(error instanceof ReadOnlyError)) throw error;
        await shell.complain(error.message);
        status = error.status;
        return;
      }
      const ended = await runBody(shell, node.body);
      status = shell.status;
      if (ended) return;
    }
  });
  return status;
}

export async function runSelectLoop(shell: Shell, node: Select): Promise<number> {
  const items = node.wordlist ? await expandWords(shell, node.wordlist) : [...shell.positional];
  let status = 0;
  await loop(shell, async () => {
    status = await runSelect(shell, { name: node.name.value, items }, () => runBody(shell, node.body));
  });
  return status;
}

import { describe, expect, it } from 'vitest';
import { type RunSetup, replayDifferences, runScript, type Script, SUM_FILES } from '../run.test-support.ts';

async function run(script: Script, setup: RunSetup = {}) {
  return await runScript(script, { strategy: 'generate', ...setup });
}
const block = (replace: string) =>
  `src/sum.js\n<<<<<<< SEARCH\nexports.sum = (a, b) => a - b;\n=======\n${replace}\n>>>>>>> REPLACE\n`;
const solved = { text: `It subtracts.\n\n${block('exports.sum = (a, b) => a + b;')}` };

describe('generate', () => {
  it('asks once, with the files that matter, applies the answer and verifies it once', async () => {
    const ran = await run([solved], { files: { ...SUM_FILES, 'package-lock.json': '{}' } });
    expect(ran.outcome).toEqual({ kind: 'solved', explanation: 'It subtracts.' });
    expect(ran.lines).toEqual([
      'run by scripted from 0',
      'command "node test/sum.test.js" -> 1',
      'verdict on 0: 2 failed',
      'step 1',
      `replied: ${solved.text}`,
      'step 2 verifier',
      'called apply_patch (edit)',
      'changed src/sum.js',
      'finished ok',
      'step 3 verifier',
      'called finish (verify)',
      'attempt 1 from 0',
      'command "node test/sum.test.js" -> 0',
      'verdict on 1: passed',
      'finished ok',
      'run solved, best 1',
    ]);
    const [request] = ran.model.requests;
    expect(request?.tools).toEqual([]);
    const asked = request?.messages[1]?.content;
    expect(asked).toContain('src/sum.js\n```\nexports.sum = (a, b) => a - b;\n```');
    expect(asked).not.toContain('package-lock.json\n```');
    expect(await replayDifferences(ran)).toEqual([]);
  });

  it('takes whole files, too', async () => {
    const text = 'Here:\n\nsrc/sum.js\n```js\nexports.sum = (a, b) => a + b;\n```\n';
    expect((await run([{ text }])).outcome.kind).toBe('solved');
  });

  it.each([
    [
      block('exports.sum = (a, b) => a * b;'),
      'The one answer does not reach the goal. Not finished: the tests do not pass.',
    ],
    ['I would add the numbers.', 'The answer could not be applied. There is no edit in the text'],
    [block('x').replace('a - b', 'a % b'), 'The answer could not be applied.'],
    ['test/sum.test.js\n```\n\n```\n', 'is protected'],
  ])('is honest about an answer that fails: %j', async (text, explanation) => {
    const ran = await run([{ text }]);
    expect(ran.outcome.kind).toBe('gave-up');
    expect(ran.outcome.explanation).toContain(explanation);
    expect(ran.model.requests).toHaveLength(1);
    expect(await replayDifferences(ran)).toEqual([]);
  });
});

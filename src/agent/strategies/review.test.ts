import { describe, expect, it } from 'vitest';
import { createScriptedModel } from '../../model/scripted.ts';
import { fix, type RunSetup, replayDifferences, runScript, type Script, SUM_FILES } from '../run.test-support.ts';

const finish = ['finish', { summary: 'sum adds' }] as const;
const review = (approved: boolean, comments: string) => ({ calls: [['give_review', { approved, comments }] as const] });

async function run(script: Script, reviews: Script, setup: RunSetup = {}) {
  const reviewer = createScriptedModel(reviews);
  const ran = await runScript(script, { strategy: 'review', models: { reviewer }, ...setup });
  return { ...ran, reviewer };
}

describe('review', () => {
  it('shows the reviewer the diff and the tests, and accepts what is approved', async () => {
    const ran = await run(
      [{ calls: [fix, finish] }],
      [{ calls: [['read_file', { path: 'src/sum.js' }]] }, review(true, 'Right.')],
    );
    expect(ran.outcome).toEqual({ kind: 'solved', explanation: 'sum adds' });
    expect(ran.lines.slice(-15)).toEqual([
      'called finish (verify)',
      'attempt 1 from 0',
      'command "node test/sum.test.js" -> 0',
      'verdict on 1: passed',
      'step 2 reviewer',
      'replied: read_file',
      'called read_file (read)',
      'finished ok',
      'step 3 reviewer',
      'replied: give_review',
      'called give_review (verify)',
      'finished ok',
      'review of 1: approved',
      'finished ok',
      'run solved, best 1',
    ]);
    const asked = ran.reviewer.requests[0]?.messages[1]?.content;
    expect(asked).toContain('-exports.sum = (a, b) => a - b;\n+exports.sum = (a, b) => a + b;');
    expect(asked).toContain('Tests PASS: 0 failed, 3 passed');
    expect(ran.state.runs[0]?.strategy).toBe('loop+review');
    expect(ran.state.runs[0]?.reviews).toEqual([{ step: 3, attempt: '1', approved: true, comments: 'Right.' }]);
    expect(await replayDifferences(ran)).toEqual([]);
  });

  it('gives objections back, and the next review knows them', async () => {
    const better = ['edit_file', { path: 'src/sum.js', edits: [{ find: 'a + b', replace: 'b + a' }] }] as const;
    const ran = await run(
      [{ calls: [fix, finish] }, { calls: [better, finish] }],
      [review(false, 'Swap them.'), review(true, 'Now it is.')],
    );
    expect(ran.outcome.kind).toBe('solved');
    expect(ran.results.some((text) => text.includes('the reviewer objects.\nSwap them.'))).toBe(true);
    expect(ran.reviewer.requests[1]?.messages[1]?.content).toContain(
      'Objected to before (is it answered now?):\n- Swap them.',
    );
  });

  it('ends, with the attempt kept, when reviewer and agent do not agree', async () => {
    const ran = await run(
      [{ calls: [fix, finish] }, { calls: [finish] }, { calls: [finish] }],
      [review(false, 'No.'), review(false, 'Still no.'), review(false, 'Never.')],
    );
    expect(ran.outcome.kind).toBe('gave-up');
    expect(ran.outcome.explanation).toContain('he reviewer objected 3 times, at last: Never.');
    expect(ran.lines.at(-1)).toBe('run gave-up, best 1');
  });

  it('does not take a reviewer without a decision for an approval, nor a limit', async () => {
    const talk = { text: 'Looks fine to me.' };
    const ran = await run([{ calls: [fix, finish] }], [talk, talk, talk], { limits: { steps: 4 } });
    expect(ran.lines).toContain('review of 1: objected');
    expect(ran.outcome.kind).toBe('limit-reached');
  });

  it('is forced by the paths that a task wants reviewed, whatever the strategy', async () => {
    const forced = await run([{ calls: [fix, finish] }], [review(false, 'No.')], {
      strategy: 'loop',
      task: { review: ['src/*.js'] },
      limits: { steps: 2 },
    });
    expect(forced.lines).toContain('review of 1: objected');
    expect(forced.outcome.kind).toBe('limit-reached');
    const free = await run([{ calls: [fix, finish] }], [], { strategy: 'loop', task: { review: ['lib/**'] } });
    expect(free.outcome.kind).toBe('solved');
  });

  it('reviews what one answer generated, too', async () => {
    const text =
      'Add.\n\nsrc/sum.js\n<<<<<<< SEARCH\nexports.sum = (a, b) => a - b;\n=======\nexports.sum = (a, b) => a + b;\n>>>>>>> REPLACE\n';
    const ran = await run([{ text }], [review(false, 'No.')], { strategy: 'generate+review', files: SUM_FILES });
    expect(ran.outcome.kind).toBe('gave-up');
    expect(ran.outcome.explanation).toContain('the reviewer objects. No.');
  });
});

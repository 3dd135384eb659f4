import { describe, expect, it } from 'vitest';
import type { ScriptedReply } from '../../model/scripted.ts';
import { compareVerdicts } from '../../session/state/selectors.ts';
import { runScript } from '../run.test-support.ts';
import { readTask } from '../task-folder.test-support.ts';

const task = { ...readTask('markdown'), test: 'node --test' };
const { files, solution = {} } = task;
const INLINE = 'src/inline.js';
const BLOCKS = 'src/blocks.js';
const write = (path: string, content: unknown) => ['write_file', { path, content }] as const;
const edit = (path: string, find: string, replace: string) =>
  ['edit_file', { path, edits: [{ find, replace }] }] as const;
const finish = (summary: string): ScriptedReply => ({ calls: [['finish', { summary }]] });

const HEADING = edit(
  BLOCKS,
  'function toBlock(block) {',
  'function toBlock(block) {\n' +
    '  const heading = /^(#{1,3}) (.+)$/.exec(block);\n' +
    "  if (heading) return '<hN>'.replace('N', heading[1].length) + inline(heading[2]) + '</hN>'.replace('N', heading[1].length);",
);
const focusOf = (ran: Awaited<ReturnType<typeof runScript>>, request: number): string =>
  ran.model.requests[request]?.messages[1]?.content ?? '';

describe('incremental', () => {
  it('attends to one failing test after another, with all tests after each', async () => {
    const ran = await runScript(
      [
        { calls: [HEADING] },
        finish('Headings.'),
        {
          calls: [write(BLOCKS, solution[BLOCKS]), ['run_test', { file: 'test/blocks.test.js', name: 'makes lists' }]],
        },
        finish('Lists.'),
        { calls: [write(INLINE, solution[INLINE])] },
        finish('Marks.'),
      ],
      { task, files, strategy: 'incremental' },
    );
    ran.sandbox.dispose();
    expect(ran.outcome).toEqual({ kind: 'solved', explanation: 'Headings.\n\nLists.\n\nMarks.' });
    expect(focusOf(ran, 0)).toContain('one failing test only (stage 1): "toHtml > makes headings"');
    expect(focusOf(ran, 2)).toContain('one failing test only (stage 2): "toHtml > makes lists"');
    expect(focusOf(ran, 4)).toContain('one failing test only (stage 3): "inline > makes strong text"');
    const verdicts = ran.events.flatMap((event) => (event.type === 'verdict-reached' ? [event.verdict] : []));
    expect(verdicts.map(({ counts }) => counts?.failed)).toEqual([7, 6, 4, 0]);
  });

  it('refuses a stage that breaks what passed, and takes back what helped nothing', async () => {
    const ran = await runScript(
      [
        { calls: [write(BLOCKS, "export const toHtml = () => '<h1>One</h1>\\n<h3>Three</h3>';")] },
        finish('Headings.'),
        { calls: [['give_up', { explanation: 'No way.' }]] },
        { calls: [write(BLOCKS, solution[BLOCKS])] },
        finish('Lists, and headings.'),
        { calls: [write(INLINE, solution[INLINE])] },
        finish('Marks.'),
      ],
      { task, files, strategy: 'loop+incremental' },
    );
    ran.sandbox.dispose();
    expect(ran.outcome.kind).toBe('solved');
    expect(ran.results.find((result) => result.startsWith('Not finished:'))).toContain(
      '"toHtml > makes paragraphs", "toHtml > takes four signs for text" passed before and must not fail.',
    );
    expect(ran.lines).toContain('head 0');
    const best = ran.state.attempts[ran.state.head]?.verdict;
    expect(best && compareVerdicts(best, { ...best, passed: false })).toBe(-1);
  });

  it('gives up when each test was tried for itself', async () => {
    const giveUp: ScriptedReply = { calls: [['give_up', { explanation: 'No idea.' }]] };
    const ran = await runScript(
      Array.from({ length: 7 }, () => giveUp),
      { task, files, strategy: 'incremental' },
    );
    ran.sandbox.dispose();
    expect(ran.outcome.kind).toBe('gave-up');
    expect(ran.outcome.explanation).toContain('Each failing test was tried for itself (7 failed, 4 passed');
    expect(ran.model.requests).toHaveLength(7);
  });
});

import { expect, it } from 'vitest';
import { verdictOf } from '../../session/session.test-support.ts';
import { TOOLS } from '../tools/index.ts';
import { nudgeFor, type Silence } from './nudge.ts';

const CODE = 'Here it is:\n\n```js\nexport const a = 1;\n```\nAll pass now!';
const say = (text: string, replies: number, more: Partial<Silence> = {}) =>
  nudgeFor({ nudge: 'Go on.', tools: TOOLS }, { text, replies, editable: [], verdict: null, ...more });

it('says what is to be done with code that stands in the reply', () => {
  expect(say('I am done.', 1)).toBe('Go on.');
  expect(say(CODE, 1)).toMatch(/^The code in your reply has changed no file\. Call write_file .*\nGo on\.$/);
});

it('shows a call when the first word did not help', () => {
  expect(say('I am done.', 2)).toContain('<tool name="run_tests">\n</tool>');
  expect(say(CODE, 2, { editable: ['src/a.js'] })).toContain(
    '<tool name="write_file">\n<path>src/a.js</path>\n<content>',
  );
  expect(say(CODE, 2, { editable: ['src/**'] })).toContain('<path>PATH</path>');
  expect(say(CODE, 2, { verdict: verdictOf({ a: 'passed' }) })).toContain('<tool name="finish">');
});

it('says what the tests said last', () => {
  const verdict = verdictOf({ a: 'passed', b: 'failed' });
  expect(say('All pass now!', 1, { verdict })).toBe('The tests do not pass: 1 failed, 1 passed (exit code 1).\nGo on.');
});

it('speaks of no tool that the conversation does not have', () => {
  expect(nudgeFor({ nudge: 'Decide.', tools: [] }, { text: CODE, replies: 1, editable: [], verdict: null })).toBe(
    'Decide.',
  );
});

/** What is said to a model whose reply called no tool: the more it is in need of it, the more exactly. */
import type { Conversation } from './conversation.ts';

const FENCED_CODE = /^\s{0,3}```[\s\S]*?\n\s{0,3}```/m;

export interface Silence {
  /** The reply. */
  readonly text: string;
  /** Replies in a row without a call, this one included. */
  readonly replies: number;
  /** The globs of the files that may be changed. */
  readonly editable: readonly string[];
  /** The tests pass as the files are. */
  readonly passed: boolean;
}

export function nudgeFor(
  { nudge, tools }: Pick<Conversation, 'nudge' | 'tools'>,
  { text, replies, editable, passed }: Silence,
): string {
  const writes = tools.some(({ description }) => description.name === 'write_file');
  const hasCode = writes && !passed && FENCED_CODE.test(text);
  const unwritten = hasCode
    ? 'The code in your reply has changed no file. Call write_file with the path and the whole content of the file, or edit_file for a part of it; then call run_tests.'
    : '';
  return [unwritten, nudge, replies > 1 ? writtenCall(hasCode ? writeFile(editable) : passed ? FINISH : RUN_TESTS) : '']
    .filter((part) => part !== '')
    .join('\n');
}

const RUN_TESTS = '<tool name="run_tests">\n</tool>';
const FINISH = '<tool name="finish">\n<summary>WHAT WAS WRONG AND WHAT YOU CHANGED</summary>\n</tool>';

function writeFile([only, ...more]: readonly string[]): string {
  const path = only !== undefined && more.length === 0 && !/[*?{[]/.test(only) ? only : 'PATH';
  return `<tool name="write_file">\n<path>${path}</path>\n<content>\nTHE WHOLE FILE\n</content>\n</tool>`;
}

/** For models, or servers, whose tool calls do not arrive: calls in the text are read as well. */
const writtenCall = (call: string): string =>
  `If you cannot make a tool call, write it into your reply, exactly like this:\n${call}`;

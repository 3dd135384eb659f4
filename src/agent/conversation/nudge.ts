/** What is said to a model whose reply called no tool: the more it is in need of it, the more exactly. */
import type { Verdict } from '../../session/values.ts';
import { summarizeCounts } from '../verdict/describe-verdict.ts';
import type { Conversation } from './conversation.ts';

const FENCED_CODE = /^\s{0,3}```[\s\S]*?\n\s{0,3}```/m;

export interface Silence {
  /** The reply. */
  readonly text: string;
  /** Replies in a row without a call, this one included. */
  readonly replies: number;
  /** The globs of the files that may be changed. */
  readonly editable: readonly string[];
  /** Of the files as they are; null when the tests were not run on them. */
  readonly verdict: Verdict | null;
  /** The tests pass, as far as the task asks for them. */
  readonly isGood?: boolean;
}

export function nudgeFor(
  { nudge, tools }: Pick<Conversation, 'nudge' | 'tools'>,
  { text, replies, editable, verdict, isGood = verdict?.passed === true }: Silence,
): string {
  const has = (name: string) => tools.some(({ description }) => description.name === name);
  const failing = verdict && !isGood && has('finish') ? `The tests do not pass: ${summarizeCounts(verdict)}.` : '';
  const hasCode = has('write_file') && !isGood && FENCED_CODE.test(text);
  const unwritten = hasCode
    ? 'The code in your reply has changed no file. Call write_file with the path and the whole content of the file, or edit_file for a part of it; then call run_tests.'
    : '';
  const next = hasCode ? 'write_file' : isGood ? 'finish' : 'run_tests';
  const example = replies > 1 && has(next) ? writtenCall(next, editable) : '';
  return [unwritten || failing, nudge, example].filter((part) => part !== '').join('\n');
}

/** For models, or servers, whose tool calls do not arrive: calls in the text are read as well. */
function writtenCall(name: 'write_file' | 'finish' | 'run_tests', [only, ...more]: readonly string[]): string {
  const path = only !== undefined && more.length === 0 && !/[*?{[]/.test(only) ? only : 'PATH';
  const body = {
    write_file: `\n<path>${path}</path>\n<content>\nTHE WHOLE FILE\n</content>`,
    finish: '\n<summary>WHAT WAS WRONG AND WHAT YOU CHANGED</summary>',
    run_tests: '',
  }[name];
  return `If you cannot make a tool call, write it into your reply, exactly like this:\n<tool name="${name}">${body}\n</tool>`;
}

import type { Verdict } from '../../session/values.ts';
import { testKey } from '../test-key.ts';
import { ANY_FRAME } from '../verdict/own-frames.ts';

/** Characters of a message that are compared. */
const MOST = 4000;
/** What differs from run to run and says nothing of the reason. */
const NOISE: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b0x[0-9a-f]+\b/gi, '<address>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d+(?:\.\d+)? ?(?:ms|μs|ns|s|seconds?|milliseconds?)\b/g, '<duration>'],
  [/(?:\/[\w.@-]+)*\/(?:tmp|temp|var\/folders)(?:\/[\w.@-]+)+/gi, '<path>'],
  [/:\d+:\d+\b/g, ':<place>'],
  // Ports, process ids, times in milliseconds.
  [/\b\d{4,}(?:\.\d+)?\b/g, '<number>'],
  [/\s+/g, ' '],
];

/** Why a test failed, without its stack and what differs from run to run. */
export function reasonOf(message: string | undefined): string {
  const lines = (message ?? '').split('\n').filter((line) => !ANY_FRAME.test(line) && !/^\s*\d* ?\|/.test(line));
  return NOISE.reduce((text, [pattern, word]) => text.replace(pattern, word), lines.join('\n').slice(0, MOST)).trim();
}

/** A failure's first line that says something, for a sentence. */
export function firstLineOf(message: string | undefined): string {
  const [, expected] = /^\s*(?:Expected|expected):? +(\S.*)$/m.exec(message ?? '') ?? [];
  const [, received] = /^\s*(?:Received|actual):? +(\S.*)$/m.exec(message ?? '') ?? [];
  if (expected !== undefined && received !== undefined) return cut(`expected ${expected}, got ${received}`);
  const line = (message ?? '')
    .split('\n')
    .find((each) => /\w/.test(each) && !/^\s*(?:---|[a-z_]+: [|>]-?)\s*$/.test(each));
  return cut((line ?? '').trim());
}

const cut = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text);

export const isSameFailure = (one: string | undefined, other: string | undefined): boolean =>
  reasonOf(one) === reasonOf(other);

/** Keys of the tests that fail in both in the same way, as their messages tell it. */
export function failingAlike(one: Verdict, other: Verdict): ReadonlySet<string> {
  const failing = ({ tests }: Verdict) => tests.filter(({ status }) => status === 'failed');
  const messages = new Map(failing(one).map((test) => [testKey(test), test.message]));
  const alike = failing(other).filter(
    (test) => test.message !== undefined && isSameFailure(messages.get(testKey(test)), test.message),
  );
  return new Set(alike.map(testKey));
}

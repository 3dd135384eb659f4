import type { LeftFailing, TestResult, Verdict } from '../../session/values.ts';
import { summarizeCounts } from '../verdict/describe-verdict.ts';
import { firstLineOf } from './same-failure.ts';

const MOST_TOLD = 20;

/** What an outcome that is solved although tests fail says of them: other words than where all pass, and each of them. */
export function describeLeft({ by, tests }: LeftFailing, verdict: Verdict): string {
  const count = `${tests.length} ${tests.length === 1 ? 'test' : 'tests'}`;
  const who = {
    task: `The tests that the task asks for pass. ${count} that it does not ask for ${tests.length === 1 ? 'fails' : 'fail'}`,
    agent: `Not all tests pass: ${count} ${tests.length === 1 ? 'fails' : 'fail'} as before the change, and the agent says that ${tests.length === 1 ? 'it is' : 'they are'} not of this task. Nobody else has said so: read its reasons`,
    person: `Not all tests pass: ${count} ${tests.length === 1 ? 'fails' : 'fail'} as before the change. The person who was asked agreed that ${tests.length === 1 ? 'it is' : 'they are'} not of this task`,
  }[by];
  const told = tests.slice(0, MOST_TOLD).map(({ name, reason, doubt }) => {
    const failing = verdict.tests.find((test) => test.status === 'failed' && isSame(test, name));
    const message = firstLineOf(failing?.message);
    return [
      `- ${name.join(' > ')}${message === '' ? '' : `: ${message}`}`,
      ...(reason === undefined ? [] : [`  Said of it: ${reason}`]),
      ...(doubt === undefined ? [] : [`  Doubtful: ${doubt}.`]),
    ].join('\n');
  });
  const more = tests.length > MOST_TOLD ? [`- … and ${tests.length - MOST_TOLD} more`] : [];
  return `${who} (${summarizeCounts(verdict)}):\n${[...told, ...more].join('\n')}`;
}

const isSame = ({ name }: TestResult, other: readonly string[]): boolean =>
  name.length === other.length && name.every((part, at) => part === other[at]);

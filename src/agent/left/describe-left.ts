import type { LeftFailing, TestResult, Verdict } from '../../session/values.ts';
import { summarizeCounts } from '../verdict/describe-verdict.ts';
import { firstLineOf } from './same-failure.ts';

/** Tests are told by the reason that is given for them. */
const MOST_OF_ONE_REASON = 8;

/** What an outcome that is solved although tests fail says of them: other words than where all pass, and each of them. */
export function describeLeft({ by, tests }: LeftFailing, verdict: Verdict): string {
  const count = `${tests.length} ${tests.length === 1 ? 'test' : 'tests'}`;
  const who = {
    task: `The tests that the task asks for pass. ${count} that it does not ask for ${tests.length === 1 ? 'fails' : 'fail'}`,
    agent: `Not all tests pass: ${count} ${tests.length === 1 ? 'fails' : 'fail'} as before the change, and the agent says that ${tests.length === 1 ? 'it is' : 'they are'} not of this task. Nobody else has said so: read its reasons`,
    person: `Not all tests pass: ${count} ${tests.length === 1 ? 'fails' : 'fail'} as before the change. The person who was asked agreed that ${tests.length === 1 ? 'it is' : 'they are'} not of this task`,
  }[by];
  const told = [...Map.groupBy(tests, ({ reason = '', doubt = '' }) => `${reason}\n${doubt}`).values()].flatMap(
    (group) => {
      const [first] = group;
      const shown = group.slice(0, MOST_OF_ONE_REASON).map(({ name }) => {
        const message = firstLineOf(
          verdict.tests.find((test) => test.status === 'failed' && isSame(test, name))?.message,
        );
        return `- ${name.join(' > ')}${message === '' ? '' : `: ${message}`}`;
      });
      return [
        ...shown,
        ...(group.length > shown.length ? [`- … and ${group.length - shown.length} more`] : []),
        ...(first?.reason === undefined ? [] : [`  Said of ${group.length === 1 ? 'it' : 'these'}: ${first.reason}`]),
        ...(first?.doubt === undefined ? [] : [`  Doubtful: ${first.doubt}.`]),
      ];
    },
  );
  return `${who} (${summarizeCounts(verdict)}):\n${told.join('\n')}`;
}

const isSame = ({ name }: TestResult, other: readonly string[]): boolean =>
  name.length === other.length && name.every((part, at) => part === other[at]);

import { verdictChanges } from '../../session/state/selectors.ts';
import type { TestResult } from '../../session/values.ts';
import { describeCounts } from '../announce.ts';
import { useSession, useView } from '../context.tsx';
import { Icon, type IconName } from '../icons.tsx';
import { selectedAttempt } from '../selected.ts';

const ICONS: Record<TestResult['status'], IconName> = {
  passed: 'check',
  failed: 'cross',
  skipped: 'skip',
  todo: 'skip',
};

/** Results by name, and what changed since the attempt before. */
export function TestsPanel() {
  const state = useSession();
  const selection = useView((view) => view.selection);
  const attempt = selectedAttempt(state, selection);
  const verdict = attempt?.verdict;
  const changes = attempt ? verdictChanges(state, attempt.id) : null;
  const news = new Map<TestResult, string>([
    ...(changes?.newlyPassing ?? []).map((test): [TestResult, string] => [test, 'now passes']),
    ...(changes?.newlyFailing ?? []).map((test): [TestResult, string] => [test, 'now fails']),
    ...(changes?.added ?? []).map((test): [TestResult, string] => [test, 'new']),
  ]);
  const rank = (test: TestResult) => (test.status === 'failed' ? 0 : news.has(test) ? 1 : 2);
  return (
    <section className="panel" aria-label="Tests">
      <h2 className="panel-title">
        Tests
        {verdict && <span className={verdict.passed ? 'good' : 'bad'}>{describeCounts(verdict)}</span>}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="scroll" tabIndex={0} aria-label="Test results">
        {!verdict && <p className="quiet-text">No tests have been run for attempt {attempt?.id ?? '0'}.</p>}
        {verdict && verdict.tests.length === 0 && (
          <p className="quiet-text">
            The test command ended with exit code {verdict.exitCode};{' '}
            {(verdict.counts?.passed ?? 0) > 0 ? 'its reporter names failing tests only.' : 'it named no tests.'}
          </p>
        )}
        {changes?.against != null && (
          <p className="quiet-text">
            Since attempt {changes.against}: {changes.newlyPassing.length} newly passing, {changes.newlyFailing.length}{' '}
            newly failing.
          </p>
        )}
        <ul className="tests">
          {verdict?.tests
            .toSorted((one, other) => rank(one) - rank(other))
            .map((test) => (
              <Test key={JSON.stringify([test.file, test.name])} test={test} news={news.get(test)} />
            ))}
        </ul>
      </section>
    </section>
  );
}

function Test({ test, news }: { test: TestResult; news: string | undefined }) {
  const line = (
    <>
      <span className={`test-icon test-${test.status}`}>
        <Icon name={ICONS[test.status]} size={14} />
        <span className="visually-hidden">{test.status}: </span>
      </span>
      <span className="test-name">{test.name.join(' › ')}</span>
      {news && <span className={`tag ${news === 'now fails' ? 'tag-bad' : 'tag-good'}`}>{news}</span>}
    </>
  );
  if (!test.message) return <li className="test">{line}</li>;
  return (
    <li>
      <details>
        <summary className="test">{line}</summary>
        <pre>{test.message}</pre>
      </details>
    </li>
  );
}

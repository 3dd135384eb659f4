import { createTwoFilesPatch } from 'diff';
import { useState } from 'react';
import type { Ask, AskedChange } from '../../agent/person.ts';
import { useWorkbench } from '../context.tsx';

const TITLES: Record<Ask['action'], string> = {
  command: 'Run this command?',
  change: 'Make this change?',
  read: 'Read this?',
  tests: 'Run the tests?',
  finish: 'End as solved, although tests fail?',
};

/** What exactly would happen, and the ways to answer. */
export function Permission({ ask }: { ask: Ask }) {
  const { person } = useWorkbench();
  const [reason, setReason] = useState<string | null>(null);
  const hasPattern = ask.patterns.length > 0;
  return (
    <>
      <h3>{ask.action === 'tests' && ask.changes.length > 0 ? 'Take these tests?' : TITLES[ask.action]}</h3>
      {ask.action !== 'change' && <pre className="asked">{ask.what}</pre>}
      <ul className="asked-reasons">
        {ask.reasons.map((text) => (
          <li key={text}>{text}</li>
        ))}
        {ask.findings.map(({ path, line, risk, code }) => (
          <li key={`${path}:${line} ${risk}`}>
            {path}:{line} {risk}: <code>{code.trim()}</code>
          </li>
        ))}
      </ul>
      {ask.commands.length > 1 && (
        <details>
          <summary>Every command that would run ({ask.commands.length})</summary>
          <pre className="asked">{ask.commands.join('\n')}</pre>
        </details>
      )}
      {ask.changes.map((change) => (
        <pre className="asked" key={change.path}>
          {describeChange(change)}
        </pre>
      ))}
      {reason === null ? (
        <div className="asking-answers">
          <button type="button" className="button primary" onClick={() => person.decide({ decision: 'once' })}>
            Once
          </button>
          {hasPattern && (
            <>
              <button type="button" className="button" onClick={() => person.decide({ decision: 'session' })}>
                This run
              </button>
              <button
                type="button"
                className="button"
                title={`Always allow: ${ask.patterns.join(', ')}`}
                onClick={() => person.decide({ decision: 'always' })}
              >
                Always
              </button>
            </>
          )}
          <button type="button" className="button" onClick={() => setReason('')}>
            No…
          </button>
        </div>
      ) : (
        <form
          className="asking-answers"
          onSubmit={(event) => {
            event.preventDefault();
            person.decide({ decision: 'no', reason });
          }}
        >
          <input
            // biome-ignore lint/a11y/noAutofocus: the person has just asked for it
            autoFocus
            aria-label="Why not: the agent reads it"
            placeholder="Why not? The agent reads it."
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
          <button type="submit" className="button primary">
            Say no
          </button>
          <button type="button" className="button" onClick={() => setReason(null)}>
            Back
          </button>
        </form>
      )}
    </>
  );
}

function describeChange({ path, before, after }: AskedChange): string {
  if (after === null) return `${path} is removed.`;
  if (typeof after !== 'string' || (before !== null && typeof before !== 'string')) return `${path}: a binary file.`;
  const patch = createTwoFilesPatch(path, path, before ?? '', after, undefined, undefined, { context: 2 });
  // Without the line of equals signs that the package begins with.
  return patch.slice(patch.indexOf('---'));
}

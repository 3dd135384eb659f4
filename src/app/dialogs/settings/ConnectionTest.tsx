import { useEffect, useRef, useState } from 'react';
import type { ConnectionReport } from '../../../model/connection.ts';
import { messageOf } from '../../page.ts';
import type { Settings } from '../../settings.ts';

type State =
  | { readonly kind: 'idle' | 'testing' }
  | { readonly kind: 'done'; readonly model: string; readonly report: ConnectionReport };

/** Says what is wrong with what is filled in, before it is saved. Give it a `key`: of another server it knows nothing. */
export function ConnectionTest({ draft }: { draft: Settings }) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const test = async () => {
    const controller = new AbortController();
    abort.current = controller;
    setState({ kind: 'testing' });
    const { baseUrl, key, modelName: model } = draft;
    const report = await import('../../../model/connection.ts')
      .then(({ testConnection }) => testConnection({ baseUrl, key, model, pageUrl: location.href }, controller.signal))
      .catch((error): ConnectionReport => ({ problem: 'other', message: messageOf(error), models: [], tools: null }));
    if (!controller.signal.aborted) setState({ kind: 'done', model, report });
  };
  const isTesting = state.kind === 'testing';
  const report = state.kind === 'done' && state.model === draft.modelName ? state.report : null;
  return (
    <div className="connection-test">
      <button
        type="button"
        className="button"
        onClick={() => {
          if (!isTesting) return void test();
          abort.current?.abort();
          setState({ kind: 'idle' });
        }}
      >
        {isTesting ? 'Stop the test' : 'Test the connection'}
      </button>
      <p role="status" className={report ? (report.problem === null ? 'good' : 'bad') : ''}>
        {isTesting && 'Asking the server…'}
        {report?.message}
      </p>
      <datalist id="listed-models">
        {state.kind === 'done' && state.report.models.map((name) => <option key={name} value={name} />)}
      </datalist>
    </div>
  );
}

import { useView, useWorkbench } from '../context.tsx';
import { Icon } from '../icons.tsx';
import { isBusy } from '../view.ts';

/** What failed and what to do, or what was done; below it, what holds as long as this session is in view. */
export function NoticeBar() {
  const workbench = useWorkbench();
  const access = useView((view) => view.access);
  const notice = useView((view) => view.notice);
  const sandbox = useView((view) => view.sandbox);
  const unsaved = useView((view) => view.unsaved);
  return (
    <>
      {notice && (
        <div className={`notice notice-${notice.tone}`} role={notice.tone === 'bad' ? 'alert' : 'status'}>
          <span>{notice.text}</span>
          <button
            type="button"
            className="button quiet icon-only"
            aria-label="Dismiss"
            onClick={() => workbench.dismissNotice()}
          >
            <Icon name="cross" />
          </button>
        </div>
      )}
      <ServersBar />
      {access === 'shared' && <SharedBar />}
      {access === 'elsewhere' && <ElsewhereBar />}
      {access === 'own' && unsaved !== null && <Standing text={unsaved} />}
      {sandbox.state === 'failed' && <Standing text={sandbox.message} />}
    </>
  );
}

function Standing({ text }: { text: string }) {
  return (
    <div className="notice notice-warn" role="status">
      <span>{text}</span>
    </div>
  );
}

/** Servers that programs of the sandbox run, each to be opened in a tab of its own. */
function ServersBar() {
  const servers = useView((view) => view.servers);
  if (servers.length === 0) return null;
  return (
    <div className="notice notice-info" role="status">
      <span>{servers.length === 1 ? 'A server listens' : 'Servers listen'} in the sandbox.</span>
      <span className="notice-verbs">
        {servers.map(({ port, url }) =>
          // A host of files alone gives a sandbox no address of its own.
          url === `http://localhost:${port}` ? (
            <span key={port}>Port {port}</span>
          ) : (
            <a key={port} className="button" href={url} target="_blank" rel="noreferrer">
              Open port {port}
            </a>
          ),
        )}
      </span>
    </div>
  );
}

function SharedBar() {
  const { opening, running } = useWorkbench();
  const busy = useView((view) => isBusy(view.activity));
  return (
    <div className="notice notice-info" role="status">
      <span>This session came with a link or a file: it is shown as it was recorded, and nothing runs.</span>
      <span className="notice-verbs">
        <button type="button" className="button" disabled={busy} onClick={() => void running.rerun()}>
          <Icon name="repair" /> Re-run
        </button>
        <button type="button" className="button" disabled={busy} onClick={() => void opening.adopt()}>
          Continue from here
        </button>
        <button type="button" className="button quiet" disabled={busy} onClick={() => void opening.closeShared()}>
          Close
        </button>
      </span>
    </div>
  );
}

function ElsewhereBar() {
  const { opening } = useWorkbench();
  const busy = useView((view) => isBusy(view.activity));
  return (
    <div className="notice notice-info" role="status">
      <span>This session is open in another tab: here it is read-only, and follows along.</span>
      <span className="notice-verbs">
        <button type="button" className="button" disabled={busy} onClick={() => void opening.takeOver()}>
          Take over
        </button>
        <button type="button" className="button" disabled={busy} onClick={() => void opening.beginAgain()}>
          New session
        </button>
      </span>
    </div>
  );
}

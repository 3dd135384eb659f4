import { useView, useWorkbench } from '../context.tsx';
import { Icon } from '../icons.tsx';

/** One message at a time: what failed and what to do, or what was done. */
export function NoticeBar() {
  const workbench = useWorkbench();
  const access = useView((view) => view.access);
  const notice = useView((view) => view.notice);
  const sandbox = useView((view) => view.sandbox);
  const shown = notice ?? (sandbox.state === 'failed' ? ({ tone: 'bad', text: sandbox.message } as const) : null);
  if (access === 'shared' && !notice) return <SharedBar />;
  if (!shown) return null;
  return (
    <div className={`notice notice-${shown.tone}`} role={shown.tone === 'bad' ? 'alert' : 'status'}>
      <span>{shown.text}</span>
      {notice && (
        <button
          type="button"
          className="button quiet icon-only"
          aria-label="Dismiss"
          onClick={() => workbench.dismissNotice()}
        >
          <Icon name="cross" />
        </button>
      )}
    </div>
  );
}

function SharedBar() {
  const workbench = useWorkbench();
  return (
    <div className="notice notice-info" role="status">
      <span>This session came with a link: it is shown as it was recorded, and nothing runs.</span>
      <button type="button" className="button" onClick={() => void workbench.continueShared()}>
        Continue from here
      </button>
    </div>
  );
}
